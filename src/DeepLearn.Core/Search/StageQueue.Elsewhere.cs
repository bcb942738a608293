using DeepLearn.Search.Trials;

namespace DeepLearn.Search;

internal sealed partial class StageQueue
{
    // The trials that other processes have.

    /// <summary>Hears of what other processes did, and keeps their results.</summary>
    /// <returns>Whether there was anything that concerns this stage.</returns>
    public bool Hear()
    {
        lock (_lock)
        {
            if (_elsewhere.Count == 0)
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

    /// <summary>Leaves a trial to another process, which has taken it over.</summary>
    public void Leave(int index, TrialHistory history) => Leave(new Job(index, history));

    private bool HearAlone()
    {
        Job[] elsewhere;
        _trials.Listen();
        lock (_lock)
            elsewhere = [.. _elsewhere.Values];
        bool isNews = false;
        foreach (Job job in elsewhere)
        {
            TrialResult? result = _trials.Resume(job.Index, job.History);
            if (result is null && _trials.IsElsewhere(job.Index))
                continue;
            lock (_lock)
            {
                if (!_elsewhere.Remove(job.Index))
                    continue;
                if (result is null)
                    _freed.Enqueue(job);
                else
                    Finish(job.Index, result);
                Monitor.PulseAll(_lock);
            }
            isNews = true;
        }
        return isNews;
    }

    private void Leave(Job job)
    {
        lock (_lock)
        {
            _elsewhere[job.Index] = job;
            Monitor.PulseAll(_lock);
        }
    }
}
