namespace DeepLearn.Foundation;

/// <summary>A file that is being written under a temporary name beside its place, and gets its own name only when it is complete.</summary>
/// <remarks>
/// The temporary name is the writer's own, as <c>model.safetensors.0f3a91c2.partial</c>, and never used again: of several writers of one
/// place each completes its file, and the last one's stays. A name that they shared could not be given up without the chance that the file
/// is another's by then. The file is locked until it has its place, and readers may read it: so the next writer can tell what a killed one
/// left, and removes it, and nobody who opens the file in the moment of its renaming is turned away. A symbolic link is followed: its
/// target is replaced, and the link stays. The file keeps the mode of the one that it replaces.
/// </remarks>
internal sealed class PendingFile : IDisposable
{
    private const string Suffix = ".partial";

    private const int DigitsOfName = 8;

    // What is younger is left alone even where it is not locked: it may be about to be, and network file systems may honor no such lock.
    private static readonly TimeSpan Youth = TimeSpan.FromMinutes(1);

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
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static PendingFile Begin(string path, FileOptions options = FileOptions.None)
    {
        string place = TargetOf(Path.GetFullPath(path));
        string folder = Path.GetDirectoryName(place) ?? "";
        if (folder.Length > 0)
            Directory.CreateDirectory(folder);
        RemoveRemains(folder, Path.GetFileName(place));

        string temporary = $"{place}.{Guid.NewGuid().ToString("N")[..DigitsOfName]}{Suffix}";

        // On Windows an open file is renamed only where its opener shares deletion.
        FileShare share = OperatingSystem.IsWindows() ? FileShare.Read | FileShare.Delete : FileShare.Read;
        return new(place, temporary, new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, share, 1 << 16, options));
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

    // What killed writers of the same place left: files that nobody has locked.
    private static void RemoveRemains(string folder, string name)
    {
        try
        {
            foreach (string path in Directory.EnumerateFiles(folder, "*" + Suffix))
            {
                if (IsTemporaryOf(name, Path.GetFileName(path.AsSpan())) && DateTime.UtcNow - File.GetLastWriteTimeUtc(path) > Youth)
                    RemoveUnlocked(path);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A folder that may be written and not be read: remains are no reason to write nothing.
        }
    }

    private static bool IsTemporaryOf(string name, ReadOnlySpan<char> file) =>
        file.Length == name.Length + 1 + DigitsOfName + Suffix.Length && file.StartsWith(name) && file[name.Length] == '.';

    private static void RemoveUnlocked(string path)
    {
        try
        {
            // Of nobody else's: on Unix only FileShare.None is an exclusive lock.
            FileShare share = OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None;
            using (new FileStream(path, FileMode.Open, FileAccess.Write, share, 0))
                File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Another writer is at it, or has just given it its place.
        }
    }

    private static string TargetOf(string path) =>
        new FileInfo(path).LinkTarget is null ? path : File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName;
}
