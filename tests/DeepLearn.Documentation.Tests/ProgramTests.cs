using System.Globalization;
using System.Reflection;
using Xunit;

namespace DeepLearn.Documentation.Tests;

/// <summary>Every program of the README and of docs/ compiles, runs in an empty folder, and prints what the page says.</summary>
// One program at a time has the console and the current folder.
[Collection("programs")]
public class ProgramTests
{
    public static TheoryData<string> PagesWithPrograms =>
    [
        .. Repository.Pages
            .Where(path => path == "README.md" || path.StartsWith("docs/", StringComparison.Ordinal))
            .Where(path => new Page(path).Programs().Any()),
    ];

    [Theory]
    [MemberData(nameof(PagesWithPrograms))]
    public async Task Page_program_compiles_and_prints_what_the_page_says(string path)
    {
        foreach (PageProgram program in new Page(path).Programs())
        {
            string output = await Run(program);
            string[] printed = output.ReplaceLineEndings("\n").Split('\n');
            foreach (string line in program.Printed)
                Assert.True(printed.Contains(line), $"{program.Name}: expected to print \"{line}\"; found:\n{output}");
        }
    }

    [Fact]
    public void Program_with_a_wrong_line_is_refused_with_its_page_and_line()
    {
        var program = new PageProgram("docs/page.md", 7);
        program.Add(8, "Console.WriteLine(1);\nvar network = new Sequental(new Dense(3));");
        InvalidDataException found = Assert.Throws<InvalidDataException>(() => Compiler.Compile(program));
        Assert.Contains("docs/page.md: (8,", found.Message, StringComparison.Ordinal);
    }

    internal static async Task<string> Run(PageProgram program)
    {
        MethodInfo entry = Compiler.Compile(program);
        string before = Directory.GetCurrentDirectory();
        TextWriter console = Console.Out;
        CultureInfo culture = CultureInfo.CurrentCulture;
        DirectoryInfo folder = Directory.CreateTempSubdirectory();
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        try
        {
            Directory.SetCurrentDirectory(folder.FullName);
            CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
            Console.SetOut(output);
            object? result = entry.Invoke(null, entry.GetParameters().Length == 0 ? null : [Array.Empty<string>()]);
            if (result is Task task)
                await task;
        }
        catch (TargetInvocationException exception)
        {
            throw new InvalidOperationException($"{program.Name}: {exception.InnerException}", exception.InnerException);
        }
        finally
        {
            Console.SetOut(console);
            CultureInfo.CurrentCulture = culture;
            Directory.SetCurrentDirectory(before);
            folder.Delete(recursive: true);
        }
        return output.ToString();
    }
}
