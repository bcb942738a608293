using DeepLearn.Search.Trials;

namespace DeepLearn.Search;

/// <summary>Counts failed trials in a row, in the order of the trials: so many stop a search, however it is run.</summary>
/// <param name="limit">How many.</param>
internal sealed class FailureWatch(int limit)
{
    private int _inARow;

    private const string RunAgain =
        $"Mend the cause and run the search again, from its store with {nameof(SearchRunOptions.RunFailedAgain)}";

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
            $"{_inARow} trials in a row failed, the last, {result.Trial}, with: {Sentence(result.Error)} {RunAgain}; or raise "
            + $"{nameof(SearchRunOptions.FailuresInARow)}.";
        return true;
    }

    /// <summary>Why a search that has come to its end has found nothing: trials failed, and none was completed; null otherwise.</summary>
    /// <param name="result">What it found.</param>
    public static string? ReasonOf(SearchResult result)
    {
        TrialResult[] failed = [.. result.Ranked.Where(trial => trial.State == TrialState.Failed)];
        if (failed.Length == 0 || result.Ranked.Any(trial => trial.State == TrialState.Completed))
            return null;
        string others = failed.Length < result.Ranked.Count ? $" and {result.Ranked.Count - failed.Length} were pruned" : "";
        return $"No trial was completed: {failed.Length} failed{others}. The first that failed, {failed[0].Trial}, did so with: "
            + $"{Sentence(failed[0].Error)} {RunAgain}.";
    }

    // An error may be pages long: the trial has all of it.
    private static string Sentence(string? error)
    {
        const int Longest = 500;
        string text = error ?? "no message";
        return text.Length > Longest ? text[..Longest] + "..." : text.EndsWith('.') ? text : text + ".";
    }
}
