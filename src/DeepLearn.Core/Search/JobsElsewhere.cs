using DeepLearn.Search.Trials;

namespace DeepLearn.Search;

/// <summary>
/// The trials of a stage that other processes have, and those of them that are free again. <see cref="Hear"/> is to be called without the
/// owner's lock, from any thread; all else within it.
/// </summary>
/// <param name="trials">What is heard of them.</param>
/// <param name="turn">The owner's lock.</param>
/// <param name="finish">Takes the result of one that has ended, within the lock.</param>
internal sealed class JobsElsewhere(IStageTrials trials, object turn, Action<int, TrialResult> finish)
{
    private readonly SortedDictionary<int, StageJob> _held = [];
    private readonly Queue<StageJob> _freed = [];
    private readonly Lock _hearing = new();

    /// <summary>Whether other processes have any.</summary>
    public bool HasHeld => _held.Count > 0;

    /// <summary>Whether any is free again, and is to be tried.</summary>
    public bool HasFreed => _freed.Count > 0;

    /// <summary>The place of the first that has not ended; null where there is none.</summary>
    public int? First => _held.Keys.Concat(_freed.Select(job => job.Index)).Cast<int?>().Min();

    /// <summary>Leaves a trial to another process.</summary>
    public void Leave(StageJob job) => _held[job.Index] = job;

    /// <summary>The next one that is free again; null where there is none.</summary>
    public StageJob? TakeFreed() => _freed.TryDequeue(out StageJob? job) ? job : null;

    /// <summary>Hears of what other processes did, and keeps their results.</summary>
    /// <returns>Whether there was anything that concerns this stage.</returns>
    public bool Hear()
    {
        lock (turn)
        {
            if (!HasHeld)
                return false;
        }

        // One at a time, so that each result is told once.
        if (!_hearing.TryEnter())
            return false;
        try
        {
            return HearAlone();
        }
        finally
        {
            _hearing.Exit();
        }
    }

    private bool HearAlone()
    {
        StageJob[] elsewhere;
        trials.Listen();
        lock (turn)
            elsewhere = [.. _held.Values];
        bool isNews = false;
        foreach (StageJob job in elsewhere)
        {
            TrialResult? result = trials.Resume(job.Index, job.History);
            if (result is null && trials.IsElsewhere(job.Index))
                continue;
            lock (turn)
            {
                if (!_held.Remove(job.Index))
                    continue;
                if (result is null)
                    _freed.Enqueue(job);
                else
                    finish(job.Index, result);
                Monitor.PulseAll(turn);
            }
            isNews = true;
        }
        return isNews;
    }
}
