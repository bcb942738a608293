using DeepLearn.Search.Stores;
using DeepLearn.Search.Trials;

namespace DeepLearn.Search;

/// <summary>
/// What a process has heard of the trials that it shares with others: who has them, and how they ended. Locked by its owner.
/// </summary>
/// <param name="differed">Told of two results of one trial that differ; it must not call back.</param>
internal sealed class HeardTrials(Action<TrialDifference> differed)
{
    private readonly Dictionary<(int Stage, int Number), Known> _known = [];
    private readonly Dictionary<(int Stage, int Number), TrialResult> _late = [];

    /// <summary>The results that count.</summary>
    public IEnumerable<TrialResult> Results => _known.Values.Select(known => known.Result).OfType<TrialResult>();

    /// <summary>Whether a process has a trial.</summary>
    public bool IsHeld(int stage, int number) => _known.TryGetValue((stage, number), out Known? known) && known.IsHeld;

    /// <summary>The claim of the latest result of a trial; 0 for none.</summary>
    public long ResultEpochOf(int stage, int number) => _known.TryGetValue((stage, number), out Known? known) ? known.ResultEpoch : 0;

    /// <summary>Takes a change.</summary>
    /// <returns>The result that counts from now on; null where the change brings none.</returns>
    public TrialResult? Take(TrialChange change)
    {
        (int, int) key = (change.Stage, change.Number);
        if (!_known.TryGetValue(key, out Known? known))
            _known[key] = known = new Known();
        if (change.Kind == TrialChangeKind.Ended)
        {
            if (change.Epoch <= known.ResultEpoch)
                return null;
            (known.ResultEpoch, known.Result) = (change.Epoch, change.Result);
            known.IsHeld &= change.Epoch < known.Epoch;
            if (_late.Remove(key, out TrialResult? late))
                Compare(change.Result!, late);
            return change.Result;
        }
        if (change.Epoch >= known.Epoch)
            (known.Epoch, known.IsHeld) = (change.Epoch, change.Kind == TrialChangeKind.Claimed);
        return null;
    }

    /// <summary>
    /// Takes a result of this process that came too late: it is compared with the one that counts, now or when that is heard.
    /// </summary>
    /// <param name="lease">The lease that was lost.</param>
    /// <param name="result">The result.</param>
    /// <returns>The result that counts; null where it has not been heard.</returns>
    public TrialResult? TakeLate(TrialLease lease, TrialResult result)
    {
        (int, int) key = (lease.Stage, lease.Number);
        if (_known.GetValueOrDefault(key) is { Result: { } counts } known && known.ResultEpoch > lease.Epoch)
        {
            Compare(counts, result);
            return counts;
        }
        _late[key] = result;
        return null;
    }

    private void Compare(TrialResult counts, TrialResult late)
    {
        if (TrialDifference.Between(counts, late) is { } difference)
            differed(difference);
    }

    /// <summary>What was heard of a trial.</summary>
    private sealed class Known
    {
        public long Epoch { get; set; }

        public bool IsHeld { get; set; }

        public long ResultEpoch { get; set; }

        public TrialResult? Result { get; set; }
    }
}
