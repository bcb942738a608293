using DeepLearn.Search;
using DeepLearn.Search.Executors;
using DeepLearn.Search.Pruners;
using DeepLearn.Search.Spaces;
using DeepLearn.Search.Stores;
using DeepLearn.Search.Trials;
using Xunit;

namespace DeepLearn.Tests.Search.Pruners;

/// <summary>The contract of pruners. A new one joins by a row of <see cref="All"/>.</summary>
public class PrunerTests
{
    public static TheoryData<string> Names => [.. All.Keys];

    private static Dictionary<string, Pruner> All { get; } = new()
    {
        ["none"] = new NoPruner(),
        ["median"] = new MedianPruner { MinimumTrials = 2, FirstStep = 1 },
        ["a stranger's"] = new Counting(),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void Pruner_results_do_not_depend_on_order_threads_or_interruption(string name)
    {
        var search = new SingleStageSearch(Searches.Space, 19) { Pruner = All[name], Seed = 5, Window = 4 };
        SearchResult expected = search.Run(Learning, new() { Executor = new InlineExecutor() }).Timeless();
        Assert.Equal(expected, search.Run(Learning, new() { Executor = new InlineExecutor(4) }).Timeless());
        Assert.Equal(expected, search.Run(Learning, new() { Executor = new ThreadExecutor(3) }).Timeless());

        // Interrupted after any number of trials, it goes on to the same results.
        for (int stop = 0; stop < 19; stop += 3)
        {
            var store = new MemoryTrialStore();
            using var cancellation = new CancellationTokenSource();
            IProgress<SearchProgress> progress = Searches.Progress<SearchProgress>(p =>
            {
                if (p.Kind == SearchProgressKind.Started && p.FinishedTrials >= stop)
                    cancellation.Cancel();
            });
            var options = new SearchRunOptions { Store = store, Progress = progress, Executor = new InlineExecutor(4) };
            Assert.Throws<SearchCanceledException>(() => search.Run(Learning, options, cancellation.Token));
            Assert.Equal(stop, store.Trials.Count);
            Assert.Equal(expected, search.Run(Learning, new() { Store = store, Executor = new InlineExecutor() }).Timeless());
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Pruner_is_a_value_with_a_description_of_its_own(string name)
    {
        Assert.Equal(All[name], All[name] with { });
        Assert.Single(All.Values, other => other.Description == All[name].Description);
    }

    [Fact]
    public void MedianPruner_stops_some_trials_and_they_rank_behind_the_others()
    {
        SearchResult result = new SingleStageSearch(Searches.Space, 19) { Pruner = All["median"], Seed = 5, Window = 4 }.Run(Learning);
        int pruned = result.Ranked.Count(r => r.State == TrialState.Pruned);
        Assert.InRange(pruned, 4, 14);
        Assert.All(result.Ranked.Take(19 - pruned), r => Assert.Equal((TrialState.Completed, 6), (r.State, r.Reports.Count)));
        Assert.All(result.Ranked.Skip(19 - pruned), r => Assert.True(r.State == TrialState.Pruned && r.Reports.Count < 6));
        Assert.All(result.Stages[0].Results.Take(4), r => Assert.Equal(TrialState.Completed, r.State));
    }

    [Theory]
    [InlineData(0.39, SearchDirection.Maximize, true)]
    [InlineData(0.4, SearchDirection.Maximize, false)]
    [InlineData(0.4, SearchDirection.Minimize, false)]
    [InlineData(0.41, SearchDirection.Minimize, true)]
    [InlineData(double.NaN, SearchDirection.Maximize, true)]
    [InlineData(double.NaN, SearchDirection.Minimize, true)]
    public void MedianPruner_median_is_of_the_scores_at_the_step(double score, SearchDirection direction, bool stops)
    {
        // At step 10 the earlier trials have 0.1, 0.4 (the last report before it) and 0.6; the last one did not come so far.
        TrialResult[] earlier =
        [
            Earlier(0, (10, 0.1), (20, 0.9)), Earlier(1, (7, 0.4), (13, 0)), Earlier(2, (10, 0.6)), Earlier(3, (9, 0)), Earlier(4),
        ];
        var request = new PruneRequest(Earlier(9).Trial, [new(10, score)], new TrialHistory(earlier), direction);
        Assert.Equal(stops, new MedianPruner { MinimumTrials = 3 }.ShouldStop(request));
        Assert.False(new MedianPruner { FirstStep = 11 }.ShouldStop(request));
        if (!double.IsNaN(score))
            Assert.False(new MedianPruner { MinimumTrials = 4 }.ShouldStop(request));
    }

    [Fact]
    public void Pruner_that_throws_stops_the_search() =>
        Assert.Throws<InvalidTimeZoneException>(
            () => new SingleStageSearch(Searches.Space, 3) { Pruner = new Broken() }.Run(Learning));

    [Fact]
    public void MedianPruner_impossible_options_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new MedianPruner { MinimumTrials = 0 });
    }

    // A learning curve that rises to the trial's score.
    private static TrialOutcome Learning(Trial trial, TrialContext context, CancellationToken cancellationToken)
    {
        double score = 0;
        for (int step = 0; step < 6; step++)
        {
            score = Searches.Score(trial) - (1.0 / (1 + step));
            if (!context.Report(step, score))
                break;
        }
        return new(score);
    }

    private static TrialResult Earlier(int number, params (long Step, double Score)[] reports) =>
        new(new Trial(0, number, 1, 0, new SearchPoint()), TrialState.Completed, 1)
        {
            Reports = [.. reports.Select(report => new TrialReport(report.Step, report.Score))],
        };

    /// <summary>Stops earlier or later for every single trial that it is shown, so that one too many is noticed.</summary>
    private sealed record Counting : Pruner
    {
        public override string Description => "counting";

        public override bool ShouldStop(PruneRequest request) => request.Reports[^1].Step == 1 + (request.History.Count % 4);
    }

    private sealed record Broken : Pruner
    {
        public override string Description => "broken";

        public override bool ShouldStop(PruneRequest request) => throw new InvalidTimeZoneException("broken");
    }
}
