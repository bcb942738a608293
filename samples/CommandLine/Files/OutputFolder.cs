using DeepLearn.Samples.CommandLine;

namespace DeepLearn.Samples.CommandLine.Files;

/// <summary>
/// The folder that <c>--out</c> names: made where it is missing, and known to be writable before any work is done for it.
/// </summary>
public sealed class OutputFolder
{
    private OutputFolder(string path) => Path = path;

    /// <summary>The full path.</summary>
    public string Path { get; }

    /// <summary>Opens the folder.</summary>
    /// <exception cref="SampleException">It cannot be made or written in; the message says why.</exception>
    public static OutputFolder Open(string path)
    {
        try
        {
            string full = System.IO.Path.GetFullPath(path);
            Directory.CreateDirectory(full);
            string probe = System.IO.Path.Combine(full, $".probe.{Guid.NewGuid():N}");
            File.WriteAllBytes(probe, [0]);
            File.Delete(probe);
            return new(full);
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new SampleException($"--out {path} must name a folder that can be written: {exception.Message}", exception);
        }
    }

    /// <summary>A folder inside this one, made where it is missing.</summary>
    public OutputFolder Inner(string name) => Open(PathOf(name));

    /// <summary>The path of a file in this folder.</summary>
    public string PathOf(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a text file whole or not at all.</summary>
    public void Write(string name, string text) => AtomicFile.WriteText(PathOf(name), text);

    /// <summary>Writes a file whole or not at all.</summary>
    public void Write(string name, ReadOnlySpan<byte> bytes) => AtomicFile.WriteBytes(PathOf(name), bytes);

    /// <summary>The text of a file, or null where there is none.</summary>
    public string? Read(string name) => File.Exists(PathOf(name)) ? File.ReadAllText(PathOf(name)) : null;
}
