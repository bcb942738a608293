using DeepLearn.Foundation;
using DeepLearn.Search.Trials;

namespace DeepLearn.Search.Stores;

/// <summary>A journal that one process has open, and has alone.</summary>
internal sealed class JournalLog : TrialLog
{
    private readonly JournalFile _file;
    private readonly IReadOnlyDictionary<(int Stage, int Number), int> _starts;

    private JournalLog(JournalFile file, JournalContent content)
    {
        _file = file;
        _starts = content.Starts();
        Recorded = content.Trials;
    }

    public override IReadOnlyList<TrialResult> Recorded { get; }

    public static JournalLog Open(string path, RunIdentity identity)
    {
        JournalFile file = JournalFile.TryOpen(path, isShared: false) ?? throw new TrialStoreException(
            $"The journal \"{path}\" is in use by another search; expected one at a time. "
            + "Wait for that one, or give this one another file.");
        var content = new JournalContent(path);
        try
        {
            Prepare(file, content, identity);
            return new JournalLog(file, content);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads a journal, holds it to its search, and mends its end. The caller has it alone.</summary>
    public static void Prepare(JournalFile file, JournalContent content, RunIdentity identity)
    {
        byte[] header = JournalLine.Header(identity);
        try
        {
            file.Read(content, header);
            if (content.Identity is { } found)
            {
                string hint = content.Trials.Count == 0 ? ", which holds no trial so far and may be deleted," : "";
                identity.RequireSame(found, $"The journal \"{file.Path}\"{hint}");
            }
            // Only now, when the journal is known to be this search's, is it touched.
            if (content.Identity is null)
                file.Begin(header);
            file.ReadOn(content, header);
        }
        catch (Exception exception)
            when (exception is not (TrialStoreException or IdentityMismatchException) && JournalFile.IsFileError(exception))
        {
            throw new TrialStoreException($"The journal \"{file.Path}\" cannot be opened: {exception.Message}", exception);
        }
    }

    public override int StartsOf(Trial trial)
    {
        ArgumentNullException.ThrowIfNull(trial);
        return _starts.GetValueOrDefault((trial.Stage, trial.Number));
    }

    public override void Start(Trial trial)
    {
        ArgumentNullException.ThrowIfNull(trial);
        _file.Append(JournalLine.Started(trial), flush: false);
    }

    public override void Abandon(Trial trial)
    {
        ArgumentNullException.ThrowIfNull(trial);
        _file.Append(JournalLine.Abandoned(trial), flush: false);
    }

    public override void Append(TrialResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        _file.Append(JournalLine.Encode(result), flush: true);
    }

    public override void Dispose() => _file.Dispose();
}
