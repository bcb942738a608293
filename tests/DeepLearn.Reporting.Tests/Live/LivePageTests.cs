using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using DeepLearn.Reporting.Html;
using DeepLearn.Reporting.Live;
using Xunit;

namespace DeepLearn.Reporting.Tests.Live;

/// <summary>The file of a page that is written anew while work is under way.</summary>
[Collection("Pages that hear signals")]
public sealed class LivePageTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("deeplearn-live-").FullName;

    private string FilePath => Path.Combine(_folder, "new", "page.html");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Write_file_is_whole_at_every_moment()
    {
        int made = 0;
        using var page = new LivePage(FilePath, isUnderWay => Page($"{++made}{new string('x', 200_000)}")) { Interval = Shortest };
        page.Change();
        Assert.True(SpinWait.SpinUntil(() => File.Exists(FilePath), 60_000));

        for (int read = 0; read < 300 || made < 20; read++)
        {
            page.Change();
            string html = File.ReadAllText(FilePath);
            Assert.StartsWith("<!DOCTYPE html>", html, StringComparison.Ordinal);
            Assert.EndsWith("</html>\n", html, StringComparison.Ordinal);
        }
        page.Dispose();
        Assert.Equal([FilePath], Directory.GetFiles(Path.GetDirectoryName(FilePath)!));
    }

    [Fact]
    public void Change_page_is_loaded_again_until_the_work_is_over()
    {
        using var page = new LivePage(FilePath, isUnderWay => Page(isUnderWay ? "under way" : "over"))
        {
            Interval = TimeSpan.FromMilliseconds(20),
        };
        page.Change();
        WaitFor("under way");
        Assert.Contains("http-equiv=\"refresh\" content=\"1\"", Read(), StringComparison.Ordinal);

        page.Change(isOver: true);

        WaitFor("over");
        Assert.DoesNotContain("http-equiv", Read(), StringComparison.Ordinal);
    }

    [Fact]
    public void Dispose_without_a_change_leaves_the_file_that_was_there()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(FilePath)!);
        File.WriteAllText(FilePath, "of an earlier run");

        new LivePage(FilePath, _ => Page("")) { Interval = Shortest }.Dispose();

        Assert.Equal("of an earlier run", Read());
        Assert.Equal([FilePath], Directory.GetFiles(Path.GetDirectoryName(FilePath)!));
    }

    [Fact]
    public void Path_that_cannot_be_written_is_refused_before_any_work()
    {
        string file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "");
        foreach (string path in (string[])[Path.Combine(file, "page.html"), _folder])
        {
            IOException exception = Assert.Throws<IOException>(() => new LivePage(path, _ => Page("")) { Interval = Shortest });
            Assert.Contains($"Expected a file that can be written; found \"{path}\"", exception.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Write_that_fails_later_says_why_and_the_next_one_that_succeeds_takes_it_back()
    {
        using var page = new LivePage(FilePath, _ => Page("page")) { Interval = Shortest };
        Directory.CreateDirectory(FilePath);
        page.Change();
        Assert.True(SpinWait.SpinUntil(() => page.Error is not null, 60_000));
        Assert.Contains(FilePath, page.Error, StringComparison.Ordinal);

        Directory.Delete(FilePath);
        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                page.Change();
                return page.Error is null;
            },
            60_000));
        WaitFor("page");
    }

    [Fact]
    public void Making_that_fails_stops_nothing()
    {
        using var page = new LivePage(FilePath, _ => throw new DllNotFoundException("no library to draw with")) { Interval = Shortest };
        page.Change();
        Assert.True(SpinWait.SpinUntil(() => page.Error == "no library to draw with", 60_000));
    }

    [Fact]
    public void Signal_that_ends_the_process_writes_a_last_page_that_is_not_loaded_again()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no SIGTERM that a process can send itself.");

        // The test program wants to live on: it takes the signal, as a program with an orderly end of its own does.
        using PosixSignalRegistration lives = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => context.Cancel = true);
        string state = "over";
        HtmlReport Make(bool isUnderWay) => Page(isUnderWay ? "under way" : Volatile.Read(ref state));
        using var page = new LivePage(FilePath, Make) { Interval = Shortest };
        page.Change();
        WaitFor("under way");
        string process = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);

        Process.Start("/bin/kill", ["-TERM", process]).WaitForExit();

        WaitFor("over");
        Volatile.Write(ref state, "gone on");
        page.Change();
        WaitFor("gone on");
        Assert.DoesNotContain("http-equiv", Read(), StringComparison.Ordinal);
    }

    private static TimeSpan Shortest => TimeSpan.FromMilliseconds(1);

    private static HtmlReport Page(string text) => new HtmlReport("Page").Lead(text);

    private string Read() => File.Exists(FilePath) ? File.ReadAllText(FilePath) : "";

    private void WaitFor(string text) =>
        Assert.True(SpinWait.SpinUntil(() => Read().Contains($">{text}<", StringComparison.Ordinal), 60_000), Read());
}
