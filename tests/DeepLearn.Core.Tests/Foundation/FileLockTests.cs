using DeepLearn.Foundation;
using Xunit;

namespace DeepLearn.Tests.Foundation;

public sealed class FileLockTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("deeplearn-lock-").FullName;

    private string File => Path.Combine(_folder, "deep", "run.lock");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void FileLock_is_held_by_one_and_leaves_nothing()
    {
        using (FileLock? first = FileLock.TryTake(File))
        {
            Assert.NotNull(first);
            Assert.Null(FileLock.TryTake(File));
        }
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(File)!));
        using FileLock? second = FileLock.TryTake(File);
        Assert.NotNull(second);
    }

    [Fact]
    public void FileLock_that_a_killed_process_left_holds_nobody_up()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        System.IO.File.WriteAllText(File, "");
        using FileLock? held = FileLock.TryTake(File);
        Assert.NotNull(held);
    }

    [Fact]
    public void FileLock_taken_by_many_threads_is_never_held_by_two()
    {
        const int Rounds = 300;
        int holders = 0, most = 0, taken = 0;
        Thread[] threads = [.. Enumerable.Range(0, 4).Select(_ => new Thread(Hammer))];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
        Assert.Equal(1, most);
        Assert.True(taken > 0);

        void Hammer()
        {
            for (int round = 0; round < Rounds; round++)
            {
                using FileLock? held = FileLock.TryTake(File);
                if (held is null)
                    continue;
                Interlocked.Increment(ref taken);
                int now = Interlocked.Increment(ref holders);
                for (int before = Volatile.Read(ref most); now > before; before = Volatile.Read(ref most))
                    Interlocked.CompareExchange(ref most, now, before);
                Interlocked.Decrement(ref holders);
            }
        }
    }
}
