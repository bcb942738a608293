using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Text;
using Xunit;

namespace DeepLearn.Documentation.Tests;

/// <summary>Every program of every page compiles, runs in an empty folder, and prints what the page says; fragments compile.</summary>
// One program at a time has the console and the current folder.
[Collection("programs")]
public class ProgramTests
{
    public static TheoryData<string> PagesWithPrograms => [.. Repository.Pages.Where(path => new Page(path).Programs().Any())];

    [Theory]
    [MemberData(nameof(PagesWithPrograms))]
    public async Task Page_program_compiles_and_prints_what_the_page_says(string path)
    {
        // A reader makes one project for a page: what a program leaves there is what the next one finds.
        using var folder = new ProgramFolder();
        foreach (PageProgram program in new Page(path).Programs())
        {
            if (program.IsFragment)
            {
                Compiler.Compile(program);
                continue;
            }
            if (program.IsServer)
            {
                await Ask(program, folder);
                continue;
            }
            string output = await ProgramRun.Of(program.Name, Compiler.Compile(program), folder);
            ProgramRun.RequireLines(program.Name, program.Printed, output);
        }
    }

    /// <summary>A reader who pastes a page's blocks one below the other is told where that is not enough.</summary>
    [Fact]
    public void Page_whose_blocks_cannot_stand_one_below_the_other_says_so()
    {
        const string Sentence = "`using` lines go to the top of `Program.cs`, types to its end.";
        string[] silent = [.. Repository.Pages.Where(path => new Page(path).Programs().Any(program => program.MustBeArranged))
            .Where(path => !File.ReadAllText(Path.Combine(Repository.Root, path)).Contains(Sentence, StringComparison.Ordinal))];
        Assert.True(silent.Length == 0, $"These pages do not say '{Sentence}': {string.Join(", ", silent)}");
    }

    [Fact]
    public void Program_with_a_wrong_line_is_refused_with_its_page_and_line()
    {
        var program = new PageProgram("docs/page.md", 7);
        program.Add(8, "Console.WriteLine(1);\nvar network = new Sequental(new Dense(3));");
        InvalidDataException found = Assert.Throws<InvalidDataException>(() => Compiler.Compile(program));
        Assert.Contains("docs/page.md: (8,", found.Message, StringComparison.Ordinal);
    }

    // The server has no end: it is left behind on its thread, with a folder and a port that nobody else uses.
    private static async Task Ask(PageProgram program, ProgramFolder folder)
    {
        MethodInfo entry = Compiler.Compile(program);
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        string address = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}";
        free.Stop();
        string[] arguments = ["--urls", address, "--Logging:LogLevel:Default", "None"];
        using var client = new HttpClient { BaseAddress = new(address) };
        folder.Enter();
        try
        {
            Task server = Task.Factory.StartNew(
                () => entry.Invoke(null, [arguments]), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            foreach ((string path, string body, string answer) in program.Answered)
            {
                string found = await Post(client, path, body, server);
                Assert.True(found == answer, $"{program.Name}: expected to answer {answer}\nto {body}; found:\n{found}");
            }
        }
        finally
        {
            folder.Leave();
        }
    }

    private static async Task<string> Post(HttpClient client, string path, string body, Task server)
    {
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                using var content = new StringContent(body, Encoding.UTF8, "application/json");
                using HttpResponseMessage response = await client.PostAsync(path, content, TestContext.Current.CancellationToken);
                return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            }
            catch (HttpRequestException) when (attempt < 600 && !server.IsCompleted)
            {
                await Task.Delay(100, TestContext.Current.CancellationToken);
            }
        }
    }
}
