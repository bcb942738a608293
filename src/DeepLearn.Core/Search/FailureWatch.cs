using DeepLearn.Search.Trials;

namespace DeepLearn.Search;

/// <summary>Counts failed trials in a row, in the order of the trials: so many stop a search, however it is run.</summary>
/// <param name="limit">How many.</param>
internal sealed class FailureWatch(int limit)
{
    private int _inARow;

    /// <summary>Why the search was stopped; null if it was not.</summary>
    public string? Reason { get; private set; }

    /// <summary>Takes the next result.</summary>
    /// <returns>Whether the search is to be stopped with it.</returns>
    public bool StopsWith(TrialResult result)
    {
        _inARow = result.State == TrialState.Failed ? _inARow + 1 : 0;
        if (_inARow < limit || Reason is not null)
            return false;
        Reason =
            $"{_inARow} trials in a row failed, the last, {result.Trial}, with: {result.Error} Mend the cause and run the search "
            + $"again, from its store with {nameof(SearchRunOptions.RunFailedAgain)}; or raise {nameof(SearchRunOptions.FailuresInARow)}.";
        return true;
    }
}
