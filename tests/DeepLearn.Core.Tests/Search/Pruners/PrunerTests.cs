using DeepLearn.Search;
using DeepLearn.Search.Executors;
using DeepLearn.Search.Pruners;
using DeepLearn.Search.Spaces;
using DeepLearn.Search.Stores;
using DeepLearn.Search.Trials;
using DeepLearn.Testing;
using DeepLearn.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
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
        ["percentile"] = new PercentilePruner(25) { MinimumTrials = 2 },
        ["threshold"] = new ThresholdPruner(lowest: -1.5) { FirstStep = 2 },
        ["patience"] = new PatiencePruner(2, 0.2),
        ["successive halving"] = new SuccessiveHalvingPruner(1, 2),
        ["Hyperband"] = new HyperbandPruner(1, 8, 2),
        ["Wilcoxon"] = new WilcoxonPruner(0.4),
        ["a stranger's"] = new Counting(),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void Pruner_keeps_the_contract(string name) => PrunerContract.Check(All[name]).ThrowIfFailed();

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

    [Theory]
    [InlineData(10, true, 1.0, 2.0, 3.0)]
    [InlineData(10, false, 11.0, 12.0, 3.0)]
    [InlineData(5, false, 1.0, 2.0, 3.0)]
    [InlineData(20, true, 9.0, 8.0, 3.0)]
    [InlineData(15, false, 1.0, 2.0, 3.0)]
    public void SuccessiveHalvingPruner_goes_on_with_the_best_part_at_its_steps_alone(long step, bool stops, params double[] others)
    {
        // With a factor of 2 from step 10: decisions at 10, 20, 40; the larger of its trial's score and the others' goes on.
        TrialResult[] earlier = [.. others.Select((score, i) => Earlier(i, (5, -score), (10, -score), (20, -score)))];
        TrialReport[] reports = step > 5 ? [new(step - 5, -100), new(step, -10)] : [new(step, -10)];
        Assert.Equal(stops, new SuccessiveHalvingPruner(10, 2).ShouldStop(
            new(Earlier(9).Trial, reports, new TrialHistory(earlier), SearchDirection.Maximize)));
    }

    [Fact]
    public void SuccessiveHalvingPruner_spends_few_steps_on_most_trials()
    {
        SearchResult result = new SingleStageSearch(Searches.Space, 40)
        { Pruner = new SuccessiveHalvingPruner(1, 2), Seed = 5 }.Run(Learning);
        Assert.InRange(result.Ranked.Sum(trial => trial.Reports.Count), 40, 160);
        Assert.InRange(result.Ranked.Count(trial => trial.State == TrialState.Completed), 1, 20);
    }

    [Theory]
    [InlineData(SearchDirection.Maximize, true, 1.0, 3.0, 3.05, 2.0)]
    [InlineData(SearchDirection.Maximize, false, 1.0, 3.0, 3.05, 4.0)]
    [InlineData(SearchDirection.Minimize, true, 1.0, 3.0, 3.05)]
    [InlineData(SearchDirection.Minimize, false, 3.0, 2.0, 1.0)]
    [InlineData(SearchDirection.Minimize, true, 3.0, double.NaN, double.NaN)]
    public void PatiencePruner_stops_after_reports_without_improvement(SearchDirection direction, bool stops, params double[] scores)
    {
        TrialReport[] reports = [.. scores.Select((score, step) => new TrialReport(step, score))];
        Assert.Equal(stops, new PatiencePruner(2, 0.1).ShouldStop(new(Earlier(0).Trial, reports, TrialHistory.Empty, direction)));
    }

    [Theory]
    [InlineData(0.5, false)]
    [InlineData(-1, false)]
    [InlineData(-1.1, true)]
    [InlineData(2.1, true)]
    [InlineData(double.NaN, true)]
    [InlineData(double.PositiveInfinity, true)]
    public void ThresholdPruner_stops_outside_its_range(double score, bool stops)
    {
        var pruner = new ThresholdPruner(-1, 2) { FirstStep = 3 };
        Assert.Equal(stops, pruner.ShouldStop(new(Earlier(0).Trial, [new(3, score)], TrialHistory.Empty, SearchDirection.Maximize)));
        Assert.False(pruner.ShouldStop(new(Earlier(0).Trial, [new(2, score)], TrialHistory.Empty, SearchDirection.Maximize)));
    }

    [Property(MaxTest = 200)]
    public Property PercentilePruner_stops_as_a_sort_of_all_scores_says() => Prop.ForAll(
        (from scores in Gen.Choose(-5, 5).NonEmptyListOf()
         from percent in Gen.Choose(1, 99)
         from own in Gen.Choose(-6, 6)
         select (scores.ToArray(), percent, own)).ToArbitrary(),
        test =>
        {
            (int[] scores, int percent, int own) = test;
            var history = new TrialHistory(scores.Select((score, i) => Earlier(i, (1, score))));
            double[] sorted = [.. scores.Select(score => (double)score).Order()];
            double place = percent / 100.0 * (sorted.Length - 1);
            double low = sorted[(int)place], high = sorted[Math.Min(sorted.Length - 1, (int)place + 1)];
            double limit = low + ((place - (int)place) * (high - low));
            bool stops = new PercentilePruner(percent) { MinimumTrials = 1 }.ShouldStop(
                new(Earlier(99).Trial, [new(1, own)], history, SearchDirection.Minimize));
            if (Math.Abs(own - limit) > 1e-9)
                Assert.Equal(own > limit, stops);
        });

    [Fact]
    public void Pruner_impossible_options_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>("percent", () => new PercentilePruner(100));
        Assert.Throws<ArgumentOutOfRangeException>("highest", () => new ThresholdPruner(1, 0));
        Assert.Throws<ArgumentOutOfRangeException>("lowest", () => new ThresholdPruner(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>("patience", () => new PatiencePruner(0));
        Assert.Throws<ArgumentOutOfRangeException>("improvement", () => new PatiencePruner(1, -1));
        Assert.Throws<ArgumentOutOfRangeException>("firstStep", () => new SuccessiveHalvingPruner(0));
        Assert.Throws<ArgumentOutOfRangeException>("factor", () => new SuccessiveHalvingPruner(1, 1));
    }

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
