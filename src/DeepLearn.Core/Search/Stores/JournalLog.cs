using DeepLearn.Foundation;
using DeepLearn.Search.Trials;

namespace DeepLearn.Search.Stores;

/// <summary>A journal that is open and locked.</summary>
internal sealed class JournalLog : TrialLog
{
    private readonly FileStream _file;
    private readonly string _path;
    private bool _broken;

    private JournalLog(FileStream file, string path, IReadOnlyList<TrialResult> recorded)
    {
        _file = file;
        _path = path;
        Recorded = recorded;
    }

    public override IReadOnlyList<TrialResult> Recorded { get; }

    public static JournalLog Open(string path, RunIdentity identity)
    {
        FileStream file = Lock(path);
        try
        {
            JournalContent content = JournalContent.Parse(ReadAll(file, path), path, JournalLine.Header(identity));
            if (content.Identity is { } found)
                identity.RequireSame(found, $"The journal \"{path}\"");
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
            return new JournalLog(file, path, content.Trials);
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

    public override void Append(TrialResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        if (_broken)
            throw new TrialStoreException($"The journal \"{_path}\" could not be written before and takes no more trials.");
        try
        {
            Write(_file, JournalLine.Encode(result));
        }
        catch (Exception exception) when (IsFileError(exception))
        {
            // What was written of the line is cut off when the journal is opened again.
            _broken = true;
            throw new TrialStoreException(
                $"The journal \"{_path}\" cannot be written at offset {_file.Length}: {exception.Message}", exception);
        }
    }

    public override void Dispose() => _file.Dispose();

    private static FileStream Lock(string path)
    {
        try
        {
            if (Path.GetDirectoryName(path) is { Length: > 0 } folder)
                Directory.CreateDirectory(folder);
            // No buffer of ours: each line is one write. FileShare.None is a lock that other processes see too.
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
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

    private static byte[] ReadAll(FileStream file, string path)
    {
        if (file.Length > Array.MaxLength)
            throw new TrialStoreException($"The journal \"{path}\" is {file.Length} bytes long; expected at most {Array.MaxLength}.");
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
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
