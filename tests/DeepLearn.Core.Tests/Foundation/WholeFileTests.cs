using DeepLearn.Foundation;
using Xunit;

namespace DeepLearn.Tests.Foundation;

public sealed class WholeFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("deeplearn-files-").FullName;

    private string File => Path.Combine(_folder, "model");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void WholeFile_written_by_two_writers_at_once_is_always_whole()
    {
        const int Rounds = 500;
        using var start = new Barrier(2);
        string? broken = null;
        int written = 0;
        Thread[] writers = [.. new[] { (byte)1, (byte)2 }.Select(content => new Thread(() => Hammer(content)))];
        foreach (Thread writer in writers)
            writer.Start();
        foreach (Thread writer in writers)
            writer.Join();
        Assert.Null(broken);
        Assert.True(written > 0);
        Assert.Equal([File], Directory.GetFiles(_folder));

        void Hammer(byte content)
        {
            start.SignalAndWait();
            for (int round = 0; round < Rounds && broken is null; round++)
            {
                try
                {
                    WholeFile.Write(File, stream =>
                    {
                        for (int i = 0; i < content; i++)
                            stream.Write(Enumerable.Repeat(content, 5000).ToArray());
                    });
                    Interlocked.Increment(ref written);
                }
                catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
                {
                    // The other one is writing.
                }
                if (!System.IO.File.Exists(File))
                    continue;
                using var copy = new MemoryStream();
                using (FileStream stream = WholeFile.OpenRead(File))
                    stream.CopyTo(copy);
                byte[] found = copy.ToArray();
                if (found.Length == 0 || found.Length != 5000 * found[0] || found.Any(x => x != found[0]))
                    broken = $"{found.Length} bytes in round {round}";
            }
        }
    }

    [Fact]
    public void WholeFile_reader_waits_for_a_writer_that_a_busy_machine_keeps_waiting()
    {
        WholeFile.Write(File, stream => stream.WriteByte(7));
        var writer = new FileStream(File, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        var release = new Thread(() =>
        {
            Thread.Sleep(300);
            writer.Dispose();
        });
        release.Start();

        using (FileStream reader = WholeFile.OpenRead(File))
            Assert.Equal(7, reader.ReadByte());
        release.Join();
    }

    [Fact]
    public void WholeFile_is_locked_until_it_has_its_name()
    {
        // Another writer that could take the finished temporary file in this moment would empty it, and the empty file would get the name.
        const int Rounds = 400, Length = 5000;
        int current = 0, taken = 0;
        var intruder = new Thread(() =>
        {
            while (Volatile.Read(ref current) is var round && round < Rounds)
            {
                string temporary = Path.Combine(_folder, $"{round}.partial");
                try
                {
                    using var stream = new FileStream(temporary, FileMode.Open, FileAccess.Write, FileShare.None, 0);
                    if (System.IO.File.Exists(temporary) && stream.Length == Length)
                        taken++;
                }
                catch (IOException)
                {
                    // Locked, or not there.
                }
            }
        })
        { IsBackground = true };
        intruder.Start();
        for (; current < Rounds; Interlocked.Increment(ref current))
        {
            try
            {
                WholeFile.Write(Path.Combine(_folder, $"{current}"), stream => stream.Write(new byte[Length]));
            }
            catch (IOException)
            {
                // The intruder had it before it was locked.
            }
        }
        intruder.Join();
        Assert.Equal(0, taken);
    }

    [Fact]
    public void WholeFile_that_another_writer_has_open_is_refused_and_stays()
    {
        using var other = new FileStream(File + ".partial", FileMode.Create, FileAccess.Write, FileShare.None);
        other.WriteByte(7);
        other.Flush();
        Assert.Throws<IOException>(() => WholeFile.Write(File, stream => stream.WriteByte(1)));
        Assert.Equal(1, new FileInfo(File + ".partial").Length);
        Assert.False(System.IO.File.Exists(File));
    }

    [Fact]
    public void WholeFile_writes_over_what_a_killed_writer_left()
    {
        System.IO.File.WriteAllBytes(File + ".partial", new byte[100]);
        WholeFile.Write(File, stream => stream.WriteByte(1));
        Assert.Equal([1], System.IO.File.ReadAllBytes(File));
        Assert.Equal([File], Directory.GetFiles(_folder));
    }

    [Fact]
    public void WholeFile_whose_rename_fails_leaves_no_partial_file()
    {
        Directory.CreateDirectory(File);
        Assert.ThrowsAny<Exception>(() => WholeFile.Write(File, stream => stream.WriteByte(1)));
        Assert.Empty(Directory.GetFiles(_folder));
        Assert.True(Directory.Exists(File));
    }

    [Fact]
    public void WholeFile_keeps_the_mode_of_the_file_that_it_replaces()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no such modes.");
            return;
        }
        System.IO.File.WriteAllBytes(File, [0]);
        foreach (UnixFileMode mode in new[] { UnixFileMode.UserRead | UnixFileMode.UserWrite, (UnixFileMode)0b110_110_100 })
        {
            System.IO.File.SetUnixFileMode(File, mode);
            WholeFile.Write(File, stream => stream.WriteByte(1));
            Assert.Equal(mode, System.IO.File.GetUnixFileMode(File));
        }
    }

    [Fact]
    public void WholeFile_written_through_a_symbolic_link_replaces_the_target_and_keeps_the_link()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege on Windows.");
        string target = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, "far")).FullName, "target");
        string second = Path.Combine(_folder, "second");
        System.IO.File.CreateSymbolicLink(second, Path.Combine("far", "target"));
        System.IO.File.CreateSymbolicLink(File, second);
        for (byte i = 0; i < 2; i++)
        {
            // The first time the target is yet to be made.
            WholeFile.Write(File, stream => stream.WriteByte(i));
            Assert.Equal([i], System.IO.File.ReadAllBytes(target));
            Assert.Equal(second, new FileInfo(File).LinkTarget);
            Assert.Equal([target], Directory.GetFiles(Path.GetDirectoryName(target)!));
        }
    }
}
