using DeepLearn.Foundation;
using DeepLearn.Search.Stores;
using DeepLearn.Search.Trials;

namespace DeepLearn.Search;

/// <summary>
/// The trials that a store holds and that are not run again: those that it held when it was opened, and those that other processes add.
/// To be used from any thread.
/// </summary>
internal sealed class StoredTrials
{
    private readonly Dictionary<(int Stage, int Number), TrialResult> _recorded = [];
    private readonly Lock _lock = new();
    private readonly bool _replaces;

    /// <summary>The trials of a log.</summary>
    /// <param name="recorded">What the store held when it was opened.</param>
    /// <param name="runFailedAgain">Whether failed trials are run again, and with them those that follow from their results.</param>
    /// <param name="isShared">Whether other processes may have begun to run failed trials again.</param>
    public StoredTrials(IEnumerable<TrialResult> recorded, bool runFailedAgain, bool isShared = false)
    {
        _replaces = runFailedAgain && isShared;
        foreach (TrialResult result in recorded)
        {
            if (runFailedAgain && result.State == TrialState.Failed)
                _replaces = true;
            else
                _recorded[(result.Trial.Stage, result.Trial.Number)] = result;
        }
    }

    /// <summary>How many trials of a stage there are.</summary>
    public int CountOf(int stage)
    {
        lock (_lock)
            return _recorded.Keys.Count(key => key.Stage == stage);
    }

    /// <summary>Takes a trial that another process has run since.</summary>
    public void Add(TrialResult result)
    {
        lock (_lock)
            _recorded[(result.Trial.Stage, result.Trial.Number)] = result;
    }

    /// <summary>The result of a trial; null if it is to be run.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="number">The trial's number.</param>
    /// <param name="index">Its place in the stage.</param>
    /// <param name="isCheap">Whether making a trial is cheap: then each recorded trial is compared with the one that it should be.</param>
    /// <param name="make">Makes the trial that it should be.</param>
    /// <exception cref="IdentityMismatchException">It is another.</exception>
    public TrialResult? Find(int stage, int number, int index, bool isCheap, Func<Trial> make)
    {
        TrialResult? result;
        lock (_lock)
        {
            if (!_recorded.TryGetValue((stage, number), out result))
                return null;
        }

        // Asking a sampler that learns about every trial of a long search takes long: samples are enough to notice a different search.
        if (!isCheap && !_replaces && index >= 16 && !int.IsPow2(index))
            return result;
        Trial trial = make();
        if (result.Trial == trial)
            return result;
        return _replaces
            ? null
            : throw new IdentityMismatchException(
                "The store", $"trial {number} of stage {stage}", Describe(trial), Describe(result.Trial));

        static string Describe(Trial trial) => $"{trial.Point}, budget {trial.Budget}, seed {trial.Seed}";
    }
}
