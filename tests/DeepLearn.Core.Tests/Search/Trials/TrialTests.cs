using DeepLearn.Foundation;
using DeepLearn.Search;
using DeepLearn.Search.Trials;
using Xunit;

namespace DeepLearn.Tests.Search.Trials;

public class TrialTests
{
    [Fact]
    public void TrialContext_report_at_an_earlier_step_is_refused()
    {
        var context = new TrialContext();
        Assert.True(context.Report(3, 0.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => context.Report(3, 0.2));
        Assert.Single(context.Reports);
    }

    [Fact]
    public void TrialOutcome_metric_given_twice_is_refused() =>
        Assert.Throws<ArgumentException>(() => new TrialOutcome(1) { Metrics = [new("a", 1), new("a", 2)] });

    [Fact]
    public void TrialRanking_ties_go_to_the_earlier_trial_in_both_directions()
    {
        var search = new SingleStageSearch(Searches.Space, 5) { Direction = SearchDirection.Minimize };
        SearchResult result = search.Run((trial, _, _) => new(trial.Number % 2));
        Assert.Equal([0, 2, 4, 1, 3], result.Ranked.Select(r => r.Trial.Number));
        Assert.Equal(0, result.Best!.Trial.Number);
        Assert.Equal([1, 3, 0, 2, 4], (search with { Direction = SearchDirection.Maximize })
            .Run((trial, _, _) => new(trial.Number % 2)).Ranked.Select(r => r.Trial.Number));
    }

    [Fact]
    public void TrialHistory_takes_its_results_from_what_gives_them_once()
    {
        var once = new Queue<TrialResult>(Enumerable.Range(0, 3).Select(
            number => new TrialResult(new(0, number, 1, 0, new()), TrialState.Completed, number)));
        Assert.Equal([0, 1, 2], new TrialHistory(Taken()).Select(result => result.Trial.Number));

        IEnumerable<TrialResult> Taken()
        {
            while (once.TryDequeue(out TrialResult? result))
                yield return result;
        }
    }

    [Fact]
    public void TrialHistory_after_other_results_has_those_first_and_its_own_in_order()
    {
        TrialResult[] results = [.. Enumerable.Range(0, 9).Select(
            number => new TrialResult(new(0, number, 1, 0, new()), TrialState.Completed, number))];
        ValueList<TrialResult> earlier = [.. results[6..]];
        var history = new TrialHistory(results[..5]);
        Assert.Equal([.. earlier, .. results[..5]], history.After(earlier));
        Assert.Equal(8, history.After(earlier).Count);
        Assert.Equal(results[..5], history);
    }
}
