namespace DeepLearn.Foundation;

/// <summary>Writes files whole or not at all: into a temporary file beside the place, flushed to disk, then renamed.</summary>
internal static class WholeFile
{
    private const string Suffix = ".partial";

    /// <summary>
    /// Writes a file. What stood there before stays until the new one is complete, also where the process is killed; what such a process
    /// leaves beside it, the next one writes over.
    /// </summary>
    /// <param name="path">Where to; folders that are missing are made.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="IOException">It cannot be written, or another process is writing it.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        string place = Path.GetFullPath(path);
        if (Path.GetDirectoryName(place) is { Length: > 0 } folder)
            Directory.CreateDirectory(folder);
        string temporary = place + Suffix;

        // FileShare.None is a lock that other processes see too; the file is emptied only once it is ours.
        using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            try
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            catch
            {
                stream.Dispose();
                File.Delete(temporary);
                throw;
            }
        }
        File.Move(temporary, place, overwrite: true);
    }
}
