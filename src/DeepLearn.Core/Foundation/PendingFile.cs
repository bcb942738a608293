namespace DeepLearn.Foundation;

/// <summary>A file that is being written under a temporary name beside its place, and gets its own name only when it is complete.</summary>
/// <remarks>
/// The temporary file is locked from before its first byte until it has its name, so that no other writer of the same place can come
/// between. A symbolic link is followed: its target is replaced, and the link stays. The file keeps the mode of the one that it replaces.
/// </remarks>
internal sealed class PendingFile : IDisposable
{
    private const string Suffix = ".partial";

    private readonly string _place;
    private readonly string _temporary;
    private bool _isCommitted;

    private PendingFile(string place, string temporary, FileStream stream)
    {
        _place = place;
        _temporary = temporary;
        Stream = stream;
    }

    /// <summary>The content; empty at first.</summary>
    public FileStream Stream { get; }

    /// <summary>Begins a file.</summary>
    /// <param name="path">Its place; missing folders are made.</param>
    /// <param name="options">How the temporary file is opened.</param>
    /// <exception cref="IOException">The file cannot be written, or another process is writing it.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static PendingFile Begin(string path, FileOptions options = FileOptions.None)
    {
        string place = TargetOf(Path.GetFullPath(path));
        if (Path.GetDirectoryName(place) is { Length: > 0 } folder)
            Directory.CreateDirectory(folder);
        string temporary = place + Suffix;
        FileStream stream;
        try
        {
            stream = Open(temporary, FileMode.CreateNew, options);
        }
        catch (IOException) when (File.Exists(temporary))
        {
            // A killed writer left it, or another one has it open. It is never written over, since by now it may have been given its name.
            using (Open(temporary, FileMode.Open, FileOptions.None))
                File.Delete(temporary);
            stream = Open(temporary, FileMode.CreateNew, options);
        }
        return new(place, temporary, stream);
    }

    /// <summary>Flushes the content to disk and gives the file its name, in place of what was there.</summary>
    /// <exception cref="IOException">The file cannot be written or renamed.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be renamed.</exception>
    public void Commit()
    {
        if (!OperatingSystem.IsWindows() && File.Exists(_place))
            File.SetUnixFileMode(Stream.SafeFileHandle, File.GetUnixFileMode(_place));
        Stream.Flush(flushToDisk: true);
        File.Move(_temporary, _place, overwrite: true);
        _isCommitted = true;
    }

    /// <summary>Lets go of the file; without <see cref="Commit"/> nothing of it is left.</summary>
    public void Dispose()
    {
        try
        {
            if (!_isCommitted)
                File.Delete(_temporary);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Why it was given up says more than that its remains could not be removed.
        }
        Stream.Dispose();
    }

    // On Unix only FileShare.None is an exclusive lock. On Windows an open file is renamed only where its opener shares deletion, and
    // nobody else can write it all the same.
    private static FileStream Open(string path, FileMode mode, FileOptions options) =>
        new(path, mode, FileAccess.Write, OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None, 1 << 16, options);

    private static string TargetOf(string path) =>
        new FileInfo(path).LinkTarget is null ? path : File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName;
}
