namespace DeepLearn.Reporting;

/// <summary>Writes a file whole or not at all: to a temporary file in the same folder, which is then renamed.</summary>
internal static class WholeFile
{
    /// <summary>Requires that a file can be written, before there is anything to write; what is there stays as it is.</summary>
    /// <param name="path">The full path; missing folders are made.</param>
    /// <exception cref="IOException">It cannot; the message names the file.</exception>
    public static void RequireWritable(string path)
    {
        string reason = "it is a folder";
        try
        {
            if (!Directory.Exists(path))
            {
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                string probe = TemporaryOf(path);
                File.WriteAllBytes(probe, [0]);
                File.Delete(probe);
                return;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            reason = exception.Message;
        }
        throw new IOException($"Expected a file that can be written; found \"{path}\": {reason}");
    }

    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        string full = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        string temporary = TemporaryOf(full);
        try
        {
            using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                stream.Write(content);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, full, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    private static string TemporaryOf(string path) => $"{path}.{Environment.ProcessId}.{Environment.CurrentManagedThreadId}.partial";
}
