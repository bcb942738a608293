using System.Diagnostics;
using DeepLearn.Foundation;

namespace DeepLearn.Tools.Fuzz;

/// <summary>Gives a reader one damaged file after another.</summary>
public static class FuzzRun
{
    /// <summary>The bytes that a reader may allocate for a file of any size, for its buffers.</summary>
    public const long FixedAllocation = 8 << 20;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <summary>Gives a reader a number of files. File i depends only on the reader, the seed and i.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="count">The number of files.</param>
    /// <param name="seed">The seed.</param>
    public static FuzzResult Of(Reader reader, int count, ulong seed)
    {
        string folder = Directory.CreateTempSubdirectory("deeplearn-fuzz-").FullName;
        try
        {
            string path = Path.Combine(folder, reader.FileName);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            reader.Surroundings?.Invoke(folder);
            return Of(reader, count, seed, path);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static FuzzResult Of(Reader reader, int count, ulong seed, string path)
    {
        var faults = new List<string>();
        foreach (byte[] good in reader.Seeds)
        {
            File.WriteAllBytes(path, good);
            reader.Read(path);
        }
        int read = 0;
        long most = 0;
        TimeSpan slowest = default;
        using var watch = new Watchdog(reader.Name, path);
        for (int i = 0; i < count; i++)
        {
            RandomStream random = RandomKey.FromSeed(seed).Derive(reader.Name).Derive(i).Open();
            byte[] damaged = Mutation.Of(reader.Seeds, ref random);
            File.WriteAllBytes(path, damaged);
            watch.Begin(i);
            long before = GC.GetAllocatedBytesForCurrentThread(), start = Stopwatch.GetTimestamp();
            string? fault = null;
            try
            {
                reader.Read(path);
                read++;
            }
            catch (Exception exception)
            {
                if (!reader.IsOwn(exception))
                    fault = $"{exception.GetType().Name}: {exception.Message} {exception.StackTrace?.Split('\n')[0]}";
                else if (reader.NamesFile && !exception.Message.Contains(path, StringComparison.Ordinal))
                    fault = $"a message without the file: {exception.Message}";
            }
            TimeSpan took = Stopwatch.GetElapsedTime(start);
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            if (allocated > FixedAllocation + (reader.AllocationFactor * damaged.Length))
                fault = $"{allocated} bytes allocated for a file of {damaged.Length}";
            if (took > Longest)
                fault = $"{took.TotalSeconds:0.0} s";
            slowest = took > slowest ? took : slowest;
            most = Math.Max(most, allocated);
            if (fault is not null)
                faults.Add($"file {i}: {fault}");
        }
        return new(reader.Name, count, read, slowest, most, faults);
    }

    /// <summary>Ends the process if one file takes a minute, and names the file.</summary>
    private sealed class Watchdog : IDisposable
    {
        private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
        private readonly Timer _timer;

        private int _file;

        public Watchdog(string reader, string path) => _timer = new(
            _ => Environment.FailFast($"{reader}: file {_file}, {path}, takes more than {Patience.TotalSeconds} s"), null, Patience,
            Timeout.InfiniteTimeSpan);

        public void Begin(int file)
        {
            _file = file;
            _timer.Change(Patience, Timeout.InfiniteTimeSpan);
        }

        public void Dispose() => _timer.Dispose();
    }
}
