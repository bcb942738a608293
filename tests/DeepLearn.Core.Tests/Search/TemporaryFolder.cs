namespace DeepLearn.Tests.Search;

/// <summary>
/// A folder that lasts as long as a test; in memory where the system offers that, since flushing to a disk thousands of times takes
/// minutes.
/// </summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = MakeFolder();

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private static string MakeFolder()
    {
        const string Memory = "/dev/shm";
        string name = $"deeplearn-search-{Guid.NewGuid():n}";
        string parent = Directory.Exists(Memory) ? Memory : System.IO.Path.GetTempPath();
        return Directory.CreateDirectory(System.IO.Path.Combine(parent, name)).FullName;
    }
}
