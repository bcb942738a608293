using System.Runtime.CompilerServices;
using DeepLearn.Search.Trials;

namespace DeepLearn.Search.Stores;

/// <summary>What the lines of a journal say, taken together, about one trial.</summary>
internal sealed class JournalTrial
{
    /// <summary>The newest claim; 0 before the first.</summary>
    public long Epoch { get; private set; }

    /// <summary>When its lease ends, in milliseconds since 1970; 0 where nobody has the trial.</summary>
    public long Until { get; private set; }

    /// <summary>How often the trial began and its process was lost, since it ended or was abandoned.</summary>
    public int Lost { get; private set; }

    /// <summary>The claim that the result belongs to; 0 where there is no result.</summary>
    public long ResultEpoch { get; private set; }

    /// <summary>How the trial ended; null if it did not.</summary>
    public TrialResult? Result { get; private set; }

    /// <summary>Where its result stands among those that were read; below 0 where there is none.</summary>
    public int Place { get; set; } = -1;

    /// <summary>How often the trial began without an end so far: claims that were lost, and the one under way.</summary>
    public int Starts => Lost + (Until > 0 ? 1 : 0);

    /// <summary>Takes the next line. What a claim says that is not the newest one does not count.</summary>
    /// <returns>What changed for other processes; null if nothing did.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public TrialChangeKind? Take(JournalEntry entry)
    {
        bool isAlone = entry.Epoch == 0;
        switch (entry.Kind)
        {
            case JournalEntryKind.Started:
                Lost = Starts + 1;
                (Epoch, Until) = (Epoch + 1, 0);
                return TrialChangeKind.Freed;
            case JournalEntryKind.Claimed when entry.Epoch == Epoch + 1:
                Lost = Starts;
                (Epoch, Until) = (entry.Epoch, entry.Until);
                return TrialChangeKind.Claimed;
            case JournalEntryKind.Renewed when entry.Epoch == Epoch && Until > 0:
                Until = entry.Until;
                return null;
            case JournalEntryKind.Lost when entry.Epoch == Epoch && Until > 0:
                (Lost, Until) = (Starts, 0);
                return TrialChangeKind.Freed;
            case JournalEntryKind.Abandoned when isAlone || (entry.Epoch == Epoch && Until > 0):
                (Lost, Until) = (0, 0);
                return TrialChangeKind.Freed;
            case JournalEntryKind.Ended when isAlone || (entry.Epoch == Epoch && Until > 0):
                Epoch = isAlone ? Epoch + 1 : Epoch;
                (Lost, Until, ResultEpoch, Result) = (0, 0, Epoch, entry.Result);
                return TrialChangeKind.Ended;
            default:
                return null;
        }
    }
}
