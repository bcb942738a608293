using System.Text;

namespace DeepLearn.Samples.CommandLine.Files;

/// <summary>Writes files whole or not at all: into a temporary file beside the place, flushed to disk, then renamed.</summary>
public static class AtomicFile
{
    private static readonly Lock Gate = new();

    /// <summary>Waits for the file that is being written, and lets no other be begun: for a process that is about to end.</summary>
    public static void WriteNoMore() => Gate.Enter();

    /// <summary>Writes text as UTF-8.</summary>
    public static void WriteText(string path, string text) => WriteBytes(path, Encoding.UTF8.GetBytes(text));

    /// <summary>Writes bytes. What stood there before stays until the new file is complete.</summary>
    public static void WriteBytes(string path, ReadOnlySpan<byte> bytes)
    {
        using Lock.Scope scope = Gate.EnterScope();
        // A name that no other process has: those of containers that share a folder may have the same number.
        string temporary = $"{path}.{Guid.NewGuid():N}.partial";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                stream.Write(bytes);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
