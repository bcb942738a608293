using DeepLearn.Foundation;
using DeepLearn.Search.Trials;

namespace DeepLearn.Search.Stores;

/// <summary>A journal that is open and locked.</summary>
internal sealed class JournalLog : TrialLog
{
    private readonly FileStream _file;
    private readonly string _path;
    private readonly JournalContent _content;
    private bool _broken;
    private bool _isClosed;

    private JournalLog(FileStream file, string path, JournalContent content)
    {
        _file = file;
        _path = path;
        _content = content;
        Recorded = content.Trials;
    }

    public override IReadOnlyList<TrialResult> Recorded { get; }

    public static JournalLog Open(string path, RunIdentity identity)
    {
        FileStream file = Lock(path);
        try
        {
            JournalContent content = JournalContent.Read(file, path, JournalLine.Header(identity));
            if (content.Identity is { } found)
            {
                string hint = content.Trials.Count == 0 ? ", which holds no trial so far and may be deleted," : "";
                identity.RequireSame(found, $"The journal \"{path}\"{hint}");
            }
            // Only now, when the journal is known to be this search's, is it touched.
            if (content.Identity is null)
            {
                if (file.Length > 0)
                    file.SetLength(0);
                file.Position = 0;
                Write(file, JournalLine.Header(identity));
            }
            else if (content.Length != file.Length || !content.EndsLine)
            {
                file.SetLength(content.Length);
                file.Position = content.Length;
                if (!content.EndsLine)
                    Write(file, "\n"u8);
            }
            file.Position = file.Length;
            return new JournalLog(file, path, content);
        }
        catch (Exception exception) when (exception is not (TrialStoreException or IdentityMismatchException) && IsFileError(exception))
        {
            file.Dispose();
            throw new TrialStoreException($"The journal \"{path}\" cannot be opened: {exception.Message}", exception);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public override int StartsOf(Trial trial)
    {
        ArgumentNullException.ThrowIfNull(trial);
        return _content.Starts.GetValueOrDefault((trial.Stage, trial.Number));
    }

    public override void Start(Trial trial)
    {
        ArgumentNullException.ThrowIfNull(trial);
        Append(JournalLine.Started(trial), flush: false);
    }

    public override void Abandon(Trial trial)
    {
        ArgumentNullException.ThrowIfNull(trial);
        Append(JournalLine.Abandoned(trial), flush: false);
    }

    public override void Append(TrialResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        Append(JournalLine.Encode(result), flush: true);
    }

    public override void Dispose()
    {
        _isClosed = true;
        _file.Dispose();
    }

    private void Append(byte[] line, bool flush)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        if (_broken)
            throw new TrialStoreException($"The journal \"{_path}\" could not be written before and takes no more trials.");
        try
        {
            _file.Write(line);
            if (flush)
                _file.Flush(flushToDisk: true);
            RequireStillThere();
        }
        catch (Exception exception) when (IsFileError(exception))
        {
            // What was written of the line is cut off when the journal is opened again.
            _broken = true;
            throw new TrialStoreException(
                $"The journal \"{_path}\" cannot be written at offset {_file.Length}: {exception.Message}", exception);
        }
    }

    // On Unix a file that is deleted or replaced while it is open still accepts writes, which nothing can read later.
    private void RequireStillThere()
    {
        var file = new FileInfo(_path);
        if (file.Exists && file.Length == _file.Length)
            return;
        _broken = true;
        throw new TrialStoreException(
            $"The journal \"{_path}\" was deleted or replaced while a search was using it; expected the file that the search has written.");
    }

    private static FileStream Lock(string path)
    {
        try
        {
            if (Path.GetDirectoryName(path) is { Length: > 0 } folder)
                Directory.CreateDirectory(folder);
            // No buffer of ours: each line is one write. FileShare.None is a lock that other processes see too.
            FileStream file = new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            if (IsLocked(path))
                return file;
            file.Dispose();
            throw new TrialStoreException(
                $"The journal \"{path}\" cannot be locked: expected a file system that honors locks, found that the file could be opened "
                + "twice. Put it on a local disk, and do not switch file locking off (DOTNET_SYSTEM_IO_DISABLEFILELOCKING).");
        }
        catch (TrialStoreException)
        {
            throw;
        }
        catch (IOException exception) when (IsLock(exception))
        {
            throw new TrialStoreException(
                $"The journal \"{path}\" is in use by another search; expected one at a time. "
                + "Wait for that one, or give this one another file.",
                exception);
        }
        catch (Exception exception) when (IsFileError(exception))
        {
            throw new TrialStoreException(
                $"The journal \"{path}\" cannot be opened for reading and writing: {exception.Message}", exception);
        }
    }

    // Some file systems take a lock and do not hold it, such as network ones, and say nothing of it.
    private static bool IsLocked(string path)
    {
        try
        {
            using var second = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            return false;
        }
        catch (IOException exception) when (IsLock(exception))
        {
            return true;
        }
    }

    private static void Write(FileStream file, ReadOnlySpan<byte> bytes)
    {
        file.Write(bytes);
        file.Flush(flushToDisk: true);
    }

    // A sharing violation: ERROR_SHARING_VIOLATION on Windows; elsewhere the errno of flock, EAGAIN, 11 on Linux and 35 on macOS and BSD.
    private static bool IsLock(IOException exception) => exception.HResult is unchecked((int)0x80070020) or 11 or 35;

    private static bool IsFileError(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or NotSupportedException or System.Security.SecurityException;
}
