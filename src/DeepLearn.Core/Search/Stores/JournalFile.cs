using DeepLearn.Foundation;

namespace DeepLearn.Search.Stores;

/// <summary>The file of a journal while it is open: locked, and written line by line.</summary>
internal sealed class JournalFile : IDisposable
{
    private readonly FileStream _file;
    private bool _isBroken;
    private string _reason = "";
    private bool _isClosed;

    private JournalFile(FileStream file, string path)
    {
        _file = file;
        Path = path;
    }

    /// <summary>The file's path.</summary>
    public string Path { get; }

    /// <summary>Opens a file, or makes it with its folder.</summary>
    /// <param name="path">The path.</param>
    /// <param name="isShared">Whether other processes may have it open too, all of them shared.</param>
    /// <returns>The file; null where others have it and it is not to be shared with them.</returns>
    /// <exception cref="TrialStoreException">It cannot be opened, or its file system honors no locks.</exception>
    public static JournalFile? TryOpen(string path, bool isShared)
    {
        try
        {
            if (System.IO.Path.GetDirectoryName(path) is { Length: > 0 } folder)
                Directory.CreateDirectory(folder);
            // No buffer of ours: each line is one write. FileShare is a lock that other processes see too.
            FileStream file = new(
                path, FileMode.OpenOrCreate, FileAccess.ReadWrite, isShared ? FileShare.ReadWrite : FileShare.None, bufferSize: 0);
            if (isShared || IsLocked(path))
                return new(file, path);
            file.Dispose();
            throw new TrialStoreException(
                $"The journal \"{path}\" cannot be locked: expected a file system that honors locks, found that the file could be opened "
                + "twice. Put it on a local disk, and do not switch file locking off (DOTNET_SYSTEM_IO_DISABLEFILELOCKING).");
        }
        catch (TrialStoreException)
        {
            throw;
        }
        catch (IOException exception) when (FileLock.IsHeld(exception))
        {
            return null;
        }
        catch (Exception exception) when (IsFileError(exception))
        {
            throw new TrialStoreException(
                $"The journal \"{path}\" cannot be opened for reading and writing: {exception.Message}", exception);
        }
    }

    /// <summary>Whether an exception is of the file and not of the program.</summary>
    public static bool IsFileError(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or NotSupportedException or System.Security.SecurityException;

    /// <summary>
    /// Reads what is new. A torn line at the end is cut off, and a lost end of the last one is written again: for whoever has the turn to
    /// write.
    /// </summary>
    public void ReadOn(JournalContent content, byte[] newHeader)
    {
        content.ReadOn(_file, newHeader);
        if (content.Identity is null || (content.Length == _file.Length && content.EndsLine))
            return;
        _file.SetLength(content.Length);
        if (!content.EndsLine)
        {
            _file.Position = content.Length;
            _file.Write("\n"u8);
            _file.Flush(flushToDisk: true);
        }
        content.IsMended(_file.Length);
    }

    /// <summary>Reads a journal for the first time, without touching it.</summary>
    public void Read(JournalContent content, byte[] newHeader) => content.ReadOn(_file, newHeader);

    /// <summary>Makes a new journal of a file without a whole header.</summary>
    public void Begin(byte[] header)
    {
        if (_file.Length > 0)
            _file.SetLength(0);
        _file.Position = 0;
        _file.Write(header);
        _file.Flush(flushToDisk: true);
    }

    /// <summary>Writes a line at the end.</summary>
    /// <param name="line">The line with its end.</param>
    /// <param name="flush">Whether it is on the disk when the call returns.</param>
    public void Append(byte[] line, bool flush)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        if (_isBroken)
            throw new TrialStoreException($"The journal \"{Path}\" could not be written before and takes no more trials: {_reason}");
        try
        {
            _file.Position = _file.Length;
            _file.Write(line);
            if (flush)
                _file.Flush(flushToDisk: true);
            RequireStillThere();
        }
        catch (Exception exception) when (IsFileError(exception))
        {
            // What was written of the line is cut off by whoever reads the journal next.
            _isBroken = true;
            _reason = $"The journal \"{Path}\" cannot be written at offset {_file.Length}: {exception.Message}";
            throw new TrialStoreException(_reason, exception);
        }
    }

    /// <summary>Waits until all that was written is on the disk.</summary>
    public void Flush()
    {
        try
        {
            _file.Flush(flushToDisk: true);
        }
        catch (Exception exception) when (IsFileError(exception))
        {
            _isBroken = true;
            _reason = $"The journal \"{Path}\" cannot be written: {exception.Message}";
            throw new TrialStoreException(_reason, exception);
        }
    }

    /// <summary>Throws unless the file is still the one of its path.</summary>
    public void RequireStillThere()
    {
        // On Unix a file that is deleted or replaced while it is open still accepts writes, which nothing can read later.
        var file = new FileInfo(Path);
        if (file.LinkTarget is not null)
            file = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
        if (file.Exists && file.Length == _file.Length)
            return;
        _isBroken = true;
        _reason = $"The journal \"{Path}\" was deleted or replaced while a search was using it; expected the file that the search has "
            + "written.";
        throw new TrialStoreException(_reason);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _isClosed = true;
        _file.Dispose();
    }

    // Some file systems take a lock and do not hold it, such as network ones, and say nothing of it.
    private static bool IsLocked(string path)
    {
        try
        {
            using var second = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            return false;
        }
        catch (IOException exception) when (FileLock.IsHeld(exception))
        {
            return true;
        }
    }
}
