using System.Diagnostics;

namespace DeepLearn.Foundation;

/// <summary>Writes files whole or not at all, and reads files that others may replace meanwhile.</summary>
internal static class WholeFile
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Writes a file: to a temporary one beside the place, flushed to disk, then renamed. What stood there before stays until then, also
    /// where the process is killed. What a killed process leaves beside the place, the next writer removes once it is a minute old. Of
    /// several writers at once each writes its file whole, and the last one's stays.
    /// </summary>
    /// <param name="path">The file; missing folders are made, and a symbolic link is followed.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        using PendingFile file = PendingFile.Begin(path);
        write(file.Stream);
        file.Commit();
    }

    /// <summary>Writes a file of bytes, whole or not at all, as the other overload does.</summary>
    /// <param name="path">The file; missing folders are made, and a symbolic link is followed.</param>
    /// <param name="content">The content.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        using PendingFile file = PendingFile.Begin(path);
        file.Stream.Write(content);
        file.Commit();
    }

    /// <summary>Opens a file to be read; others may read it, and replace it, meanwhile.</summary>
    /// <remarks>
    /// On Windows a writer has the file to itself for a moment after it has its name, and so may other programs anywhere: they are waited
    /// for, up to two seconds, since on a busy machine a thread may have to wait for its turn before it lets go.
    /// </remarks>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static FileStream OpenRead(string path)
    {
        for (long begun = Stopwatch.GetTimestamp(); ;)
        {
            try
            {
                return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            }
            catch (IOException exception) when (
                exception is not (FileNotFoundException or DirectoryNotFoundException) && Stopwatch.GetElapsedTime(begun) < Patience)
            {
                Thread.Sleep(1);
            }
        }
    }
}
