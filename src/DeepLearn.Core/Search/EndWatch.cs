using System.Diagnostics;
using DeepLearn.Search.Trials;

namespace DeepLearn.Search;

/// <summary>
/// Checks the results of a search, in order, for an end that its options ask for. The order is that of trial numbers and not of time: a
/// target or a lack of improvement ends the search after the same trial, however it is run.
/// </summary>
/// <param name="ranking">The search's ranking.</param>
/// <param name="options">The ends.</param>
internal sealed class EndWatch(TrialRanking ranking, SearchRunOptions options)
{
    private readonly long _begin = Stopwatch.GetTimestamp();
    private TrialResult? _best;
    private int _budget;
    private int _without;

    /// <summary>The end that was met; null so far.</summary>
    public SearchEnd? End { get; private set; }

    /// <summary>Takes the next result.</summary>
    /// <returns>Whether the search ends with it.</returns>
    public bool EndsWith(TrialResult result)
    {
        // Scores on another budget say nothing about improvement.
        if (result.Trial.Budget != _budget)
            (_budget, _best, _without) = (result.Trial.Budget, null, 0);
        bool improves = ranking.IsValid(result) && (_best is null || ranking.IsBetter(result.Score, _best.Score));
        _best = improves ? result : _best;
        _without = improves ? 0 : _without + 1;
        if (options.Target is { } target && ranking.IsValid(result) && !ranking.IsBetter(target, result.Score))
            End ??= SearchEnd.TargetReached;
        else if (_without >= options.TrialsWithoutImprovement)
            End ??= SearchEnd.NoImprovement;
        return End is not null;
    }

    /// <summary>Whether the time is over, so that no trial begins any more.</summary>
    public bool IsTimeOver()
    {
        if (options.TimeLimit != Timeout.InfiniteTimeSpan && Stopwatch.GetElapsedTime(_begin) >= options.TimeLimit)
            End ??= SearchEnd.TimeLimit;
        return End is not null;
    }
}
