using DeepLearn.Foundation;
using DeepLearn.Tests.Support;
using Xunit;

namespace DeepLearn.Tests.Foundation;

public sealed class WholeFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("deeplearn-files-").FullName;

    private string File => Path.Combine(_folder, "model");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void WholeFile_written_by_several_writers_at_once_is_always_whole_and_none_is_refused()
    {
        const int Writers = 4, Rounds = 300, Unit = 5000;
        using var start = new Barrier(Writers);
        string? broken = null;
        Thread[] writers = [.. Enumerable.Range(1, Writers).Select(content => new Thread(() => Hammer((byte)content)))];
        foreach (Thread writer in writers)
            writer.Start();
        foreach (Thread writer in writers)
            writer.Join();
        Assert.Null(broken);
        Assert.Equal([File], Directory.GetFiles(_folder));

        void Hammer(byte content)
        {
            byte[] unit = [.. Enumerable.Repeat(content, Unit)];
            start.SignalAndWait();
            for (int round = 0; round < Rounds && broken is null; round++)
            {
                try
                {
                    WholeFile.Write(File, stream =>
                    {
                        for (int i = 0; i < content; i++)
                            stream.Write(unit);
                    });

                    // As any program would read it, in whatever moment.
                    byte[] found = System.IO.File.ReadAllBytes(File);
                    if (found.Length == 0 || found.Length != Unit * found[0] || found.Any(x => x != found[0]))
                        broken = $"{found.Length} bytes in round {round}";
                }
                catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
                {
                    broken = exception.ToString();
                }
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
    public void WholeFile_is_locked_while_it_is_written_and_may_be_read()
    {
        WholeFile.Write(File, stream =>
        {
            stream.Write("begun"u8);
            stream.Flush();
            string temporary = Assert.Single(Directory.GetFiles(_folder));
            Assert.Equal("begun", System.IO.File.ReadAllText(temporary));
            Assert.Throws<IOException>(() => System.IO.File.OpenWrite(temporary).Dispose());
        });
        Assert.Equal([File], Directory.GetFiles(_folder));
    }

    [Fact]
    public void WholeFile_removes_what_killed_writers_of_its_place_left_and_nothing_else()
    {
        string[] remains = [$"{File}.0123abcd.partial", $"{File}.ffffffff.partial"];
        string[] others =
        [
            $"{File}.partial", $"{File}.0123abcd", $"{File}s.0123abcd.partial", Path.Combine(_folder, "odel.0123abcd.partial"),
            $"{File}.00123abcd.partial", Path.Combine(_folder, "0123abcd.partial"),
        ];
        string young = $"{File}.01234567.partial", open = $"{File}.89abcdef.partial";
        foreach (string path in (string[])[.. remains, .. others, young, open])
            System.IO.File.WriteAllBytes(path, new byte[100]);
        using (PendingFile pending = PendingFile.Begin(File))
        {
            string own = Assert.Single(Directory.GetFiles(_folder).Except((string[])[.. remains, .. others, young, open]));
            foreach (string path in (string[])[.. remains, .. others, open, own])
                Remains.MakeFileOld(path);
            using (new FileStream(open, FileMode.Open, FileAccess.Write, FileShare.Read))
                WholeFile.Write(File, stream => stream.WriteByte(1));
            Assert.Equal([.. ((string[])[.. others, young, open, own, File]).Order()], Directory.GetFiles(_folder).Order());
            pending.Commit();
        }
        Assert.Empty(System.IO.File.ReadAllBytes(File));
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
