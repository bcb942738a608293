namespace DeepLearn.Foundation;

/// <summary>
/// A lock that one process at a time holds, and not beyond its end: a file beside what it protects. The file is locked, and not only there,
/// so that what a killed process leaves behind holds no other process up.
/// </summary>
public sealed class FileLock : IDisposable
{
    private readonly FileStream _file;

    private FileLock(FileStream file) => _file = file;

    /// <summary>Takes the lock.</summary>
    /// <param name="path">The lock's file; missing folders are made. It is deleted when the lock is let go.</param>
    /// <returns>The lock; null if another process, or another lock of this one, holds it. The caller lets it go.</returns>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    /// <exception cref="IOException">The file cannot be written, or its file system honors no locks.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static FileLock? TryTake(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { Length: > 0 } folder)
            Directory.CreateDirectory(folder);

        // A holder deletes the file as it lets go: whoever had opened it by then holds the lock of a file without a name, and tries again.
        const int Attempts = 20;
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            FileStream file;
            try
            {
                file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 0, FileOptions.DeleteOnClose);
            }
            catch (IOException exception) when (IsHeld(exception))
            {
                return null;
            }
            if (IsHeldAt(path))
                return new(file);
            file.Dispose();
        }
        throw new IOException(
            $"\"{path}\" cannot be locked: expected a file system that honors locks. Put it on a local disk, and do not switch file "
            + "locking off (DOTNET_SYSTEM_IO_DISABLEFILELOCKING).");
    }

    /// <summary>
    /// Tells the error of a file that somebody else holds, as by <see cref="FileShare.None"/>, from other errors of files.
    /// </summary>
    /// <param name="exception">What opening the file threw.</param>
    public static bool IsHeld(IOException exception)
    {
        ArgumentNullException.ThrowIfNull(exception);

        // On Windows ERROR_SHARING_VIOLATION; elsewhere the errno of flock, EAGAIN, which is 11 on Linux, and 35 on macOS and BSD.
        const int Windows = unchecked((int)0x80070020), Linux = 11, Bsd = 35;
        return exception.HResult is Windows or Linux or Bsd;
    }

    /// <summary>Lets go of the lock.</summary>
    public void Dispose() => _file.Dispose();

    private static bool IsHeldAt(string path)
    {
        try
        {
            using var second = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, 0);
            return false;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (IOException exception) when (IsHeld(exception))
        {
            return true;
        }
    }
}
