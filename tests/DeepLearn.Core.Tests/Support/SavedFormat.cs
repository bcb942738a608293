using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Xunit;

namespace DeepLearn.Tests.Support;

/// <summary>
/// A format of files that is saved whole or not at all: by processes that are killed, beside another writer, on a full disk.
/// </summary>
/// <param name="Extension">The end of a file's name.</param>
/// <param name="Save">Saves one of two contents, 0 or 1, each a few hundred kilobytes.</param>
/// <param name="Load">Tells which of the two a file holds; throws where it holds neither.</param>
internal sealed record SavedFormat(string Extension, Action<string, int> Save, Func<string, int> Load)
{
    /// <summary>Tells the other process what to write: the content and the path.</summary>
    private const string Variable = "DEEPLEARN_TEST_WRITER";

    /// <summary>What another process runs: it saves until it is killed. Where there is no other process, it does nothing.</summary>
    /// <param name="formats">The formats.</param>
    public static void SaveInChild(IEnumerable<SavedFormat> formats)
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 2 } job)
            return;
        int content = job[0] - '0';
        string path = job[2..];
        SavedFormat format = formats.Single(format => path.EndsWith(format.Extension, StringComparison.Ordinal));
        for (var since = Stopwatch.StartNew(); since.Elapsed < TimeSpan.FromMinutes(2);)
        {
            format.Save(path, content);

            // A breath, in which the other writer has its turn.
            Thread.Sleep(1);
        }
    }

    /// <summary>A process that saves is killed at instants of chance: the file holds one content or the other, whole.</summary>
    /// <param name="folder">An empty folder.</param>
    /// <param name="child">The test that calls <see cref="SaveInChild"/>.</param>
    public void CheckKilled(string folder, MethodInfo child)
    {
        string path = Path.Combine(folder, "killed" + Extension);
        Save(path, 0);
        var random = new Random(1);
        for (int kill = 0; kill < 6; kill++)
        {
            int content = 1 - (kill % 2);
            using (Process process = Start(child, path, content))
            {
                // Once it has saved, at any instant.
                Until(() => Load(path) == content, process);
                Thread.Sleep(TimeSpan.FromMilliseconds(20 * random.NextDouble()));
                process.Kill();
                process.WaitForExit();
            }
            Assert.Equal(content, Load(path));
        }

        // What they left half written, the next writer removes.
        Remains.MakeOld(folder);
        Save(path, 0);
        Assert.Equal(0, Load(path));
        Assert.Equal([path], Directory.GetFiles(folder));
    }

    /// <summary>Two processes save to one place at once: whoever reads meanwhile reads one content or the other, whole.</summary>
    public void CheckTwoWriters(string folder, MethodInfo child)
    {
        string path = Path.Combine(folder, "shared" + Extension);
        using Process zero = Start(child, path, 0), one = Start(child, path, 1);
        try
        {
            Until(() => File.Exists(path), zero);
            var read = new int[2];
            var since = Stopwatch.StartNew();
            while ((read[0] < 20 || read[1] < 20) && since.Elapsed < TimeSpan.FromSeconds(60))
            {
                foreach (Process process in (Process[])[zero, one])
                    Assert.False(process.HasExited, "A writer ended by itself.");
                read[Load(path)]++;
            }
            Assert.All(read, count => Assert.True(count >= 20, $"{read[0]} and {read[1]} of the two contents were read."));
        }
        finally
        {
            foreach (Process process in new[] { zero, one })
            {
                process.Kill();
                process.WaitForExit();
            }
        }
    }

    /// <summary>A disk that is full: the error is the system's, and the file stays what it was.</summary>
    public void CheckFullDisk(string folder)
    {
        if (!OperatingSystem.IsLinux() || !Run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder))
            Assert.Skip("No small disk can be made here: mount -t tmpfs needs Linux and its administrator.");
        try
        {
            string path = Path.Combine(folder, "full" + Extension);
            File.WriteAllText(path, "what was there");
            IOException exception = Assert.ThrowsAny<IOException>(() => Save(path, 1));
            Assert.Contains("No space left", exception.Message);
            Assert.Equal("what was there", File.ReadAllText(path));
            Assert.Equal([path], Directory.GetFiles(folder));
        }
        finally
        {
            Run("umount", folder);
        }
    }

    private static Process Start(MethodInfo child, string path, int content)
    {
        string program = child.DeclaringType!.Assembly.GetName().Name + (OperatingSystem.IsWindows() ? ".exe" : "");
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, program))
        {
            ArgumentList = { "-method", $"{child.DeclaringType.FullName}.{child.Name}" },
            Environment = { [Variable] = string.Create(CultureInfo.InvariantCulture, $"{content}|{path}") },
            RedirectStandardOutput = true,
        };
        return Process.Start(start)!;
    }

    private static bool Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    private static void Until(Func<bool> condition, Process process)
    {
        for (var since = Stopwatch.StartNew(); !condition(); Thread.Sleep(1))
        {
            if (process.HasExited)
                Assert.Fail($"The other process ended by itself: {process.StandardOutput.ReadToEnd()}");
            Assert.True(since.Elapsed < TimeSpan.FromMinutes(2), "The other process saved nothing.");
        }
    }
}
