using DeepLearn.Search;
using DeepLearn.Search.Executors;
using DeepLearn.Search.Spaces;
using DeepLearn.Search.Trials;
using DeepLearn.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace DeepLearn.Tests.Search;

public class CoarseToFineTests
{
    private static readonly SearchSpace Lambda = new(new LogUniformDimension("lambda", 1e-5, 1e-1));

    [Fact]
    public void Narrowing_next_range_is_what_the_best_span_widened_by_the_margin()
    {
        double[] lambdas = [2e-2, 1e-3, 4e-5, 1e-2, 3e-3];
        double[] scores = [0.1, 0.5, 0.2, 0.4, 0.3];
        SearchSpace next = new Narrowing { Best = 3, Margin = 0.05 }.Apply(Lambda, Lambda, Rank(lambdas, scores));
        var range = (LogUniformDimension)next["lambda"];
        // The best three lie in 1e-3..1e-2; four decades times 0.05 on each side.
        Assert.Equal(-3.2, Math.Log10(range.Minimum), 1e-9);
        Assert.Equal(-1.8, Math.Log10(range.Maximum), 1e-9);
    }

    [Fact]
    public void Narrowing_next_range_stays_within_the_first_but_may_leave_the_one_before()
    {
        var narrow = Lambda.With(new LogUniformDimension("lambda", 1e-3, 1e-1));
        IReadOnlyList<TrialResult> ranked = Rank([1e-3, 2e-2], [2, 1]);
        var range = (LogUniformDimension)new Narrowing { Best = 1, Margin = 0.5 }.Apply(Lambda, narrow, ranked)["lambda"];
        Assert.Equal((-4, -2), (Math.Round(Math.Log10(range.Minimum), 9), Math.Round(Math.Log10(range.Maximum), 9)));
        range = (LogUniformDimension)new Narrowing { Best = 2, Margin = 1 }.Apply(Lambda, narrow, ranked)["lambda"];
        Assert.Equal((1e-5, 1e-1), (range.Minimum, range.Maximum));
    }

    [Property(MaxTest = 30)]
    public Property CoarseToFineSearch_each_stage_stays_within_its_range_and_holds_the_best_of_the_one_before() => Prop.ForAll(
        (from seed in Gen.Choose(0, 9999)
         from best in Gen.Choose(1, 6)
         from margin in Gen.Choose(0, 100)
         select (seed, best, margin)).ToArbitrary(),
        test =>
        {
            var narrowing = new Narrowing { Best = test.best, Margin = test.margin / 100.0 };
            var later = new SearchStage(6, 2) { Narrowing = narrowing };
            var search = new CoarseToFineSearch(Searches.Space, new SearchStage(8), later, later) { Seed = (ulong)test.seed };
            SearchResult result = search.Run(Searches.Objective, new() { Executor = new InlineExecutor() });
            Assert.Equal(3, result.Stages.Count);
            for (int i = 0; i < 3; i++)
            {
                StageResult stage = result.Stages[i];
                Assert.Equal(i, stage.Number);
                Assert.Equal(search.Stages[i].Trials, stage.Results.Count);
                Assert.All(stage.Results, r => Assert.True(stage.Space.Contains(r.Trial.Point) && Searches.Space.Contains(r.Trial.Point)));
                Assert.All(stage.Results, r => Assert.Equal((i, search.Stages[i].Budget), (r.Trial.Stage, r.Trial.Budget)));
                if (i > 0)
                    Assert.All(BestBefore(result, i).Take(test.best), r => Assert.True(AlmostContains(stage.Space, r.Trial.Point)));
            }
            Assert.Equal(BestBefore(result, 3).First(), result.Best);
        });

    [Fact]
    public void SearchResult_best_is_the_best_of_all_stages_on_the_largest_budget()
    {
        var search = new CoarseToFineSearch(Lambda, new SearchStage(2, 3), new SearchStage(2, 1), new SearchStage(2, 3));
        double[][] scores = [[5, 1], [9, 9], [4, 2]];
        SearchResult result = search.Run((trial, _, _) => new(scores[trial.Stage][trial.Number]));
        Assert.Equal((5, 0), (result.Best!.Score, result.Best.Trial.Stage));
    }

    [Fact]
    public void CoarseToFineSearch_grid_that_narrowing_shrinks_ends_with_its_last_point()
    {
        var space = new SearchSpace(new CategoricalDimension("a", "p", "q", "r"), new CategoricalDimension("b", "x", "y"));
        var search = new CoarseToFineSearch(space, new SearchStage(6), new SearchStage(6, 2) { Narrowing = new() { Best = 1 } })
        {
            Sampler = new DeepLearn.Search.Samplers.GridSampler(3),
        };
        Assert.Equal([6, 1], search.Run((trial, _, _) => new(trial.Number)).Stages.Select(stage => stage.Results.Count));
    }

    [Fact]
    public void CoarseToFineSearch_later_stage_beyond_the_grid_is_refused_before_the_first_is_run()
    {
        var space = new SearchSpace(new CategoricalDimension("a", "p", "q", "r"));
        var search = new CoarseToFineSearch(space, new SearchStage(3), new SearchStage(4, 2))
        {
            Sampler = new DeepLearn.Search.Samplers.GridSampler(3),
        };
        int runs = 0;
        Assert.Throws<ArgumentOutOfRangeException>("trials", () => search.Run((_, _, _) => new(++runs)));
        Assert.Equal(0, runs);
    }

    [Fact]
    public void SuccessiveHalvingSearch_more_stages_than_trials_can_be_halved_is_refused()
    {
        Assert.Contains("8 trials", Assert.Throws<ArgumentOutOfRangeException>(
            "stages", () => new SuccessiveHalvingSearch(Searches.Space, trials: 8, stages: 5)).Message);
        Assert.Equal(15, new SuccessiveHalvingSearch(Searches.Space, trials: 8, stages: 4).TotalTrials);
    }

    [Fact]
    public void CoarseToFineSearch_given_range_of_a_stage_is_used()
    {
        SearchSpace given = Lambda.With(new LogUniformDimension("lambda", 1e-4, 1e-2));
        var search = new CoarseToFineSearch(Lambda, new SearchStage(10, 2), new SearchStage(10, 3) { Space = given });
        SearchResult result = search.Run((trial, _, _) => new(trial.Value("lambda")));
        Assert.Equal([Lambda, given], result.Stages.Select(stage => stage.Space));
        Assert.All(result.Stages[1].Results, r => Assert.InRange(r.Trial.Value("lambda"), 1e-4, 1e-2));
    }

    [Fact]
    public void CoarseToFineSearch_same_range_twice_gives_other_trials()
    {
        var search = new CoarseToFineSearch(Lambda, new SearchStage(10), new SearchStage(10) { Space = Lambda });
        SearchResult result = search.Run((trial, _, _) => new(trial.Value("lambda")));
        Assert.Equal(20, result.Ranked.Select(r => r.Trial.Point).Distinct().Count());
        Assert.Equal(20, result.Ranked.Select(r => r.Trial.Seed).Distinct().Count());
    }

    [Fact]
    public void Narrowing_failed_trials_do_not_count_as_the_best()
    {
        IReadOnlyList<TrialResult> ranked = Rank([1e-2, 1e-4, 1e-3], [double.NaN, 1, double.NaN]);
        var range = (LogUniformDimension)new Narrowing { Best = 3, Margin = 0 }.Apply(Lambda, Lambda, ranked)["lambda"];
        Assert.Equal(1e-4, range.Minimum, 1e-12);
        Assert.Equal(1e-4, range.Maximum, 1e-12);
        Assert.Equal(Lambda, new Narrowing().Apply(Lambda, Lambda, Rank([1e-2], [double.NaN])));
    }

    [Fact]
    public void CoarseToFineSearch_impossible_stages_are_refused()
    {
        Assert.Throws<ArgumentException>("stages", () => new CoarseToFineSearch(Lambda));
        Assert.Throws<ArgumentOutOfRangeException>("trials", () => new SearchStage(0));
        Assert.Throws<ArgumentOutOfRangeException>("budget", () => new SearchStage(1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Narrowing { Best = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new Narrowing { Margin = double.NaN });
        var other = new SearchSpace(new LogUniformDimension("rate", 1e-5, 1e-1));
        Assert.Contains("\"rate\"", Assert.Throws<ArgumentException>(
            "stages", () => new CoarseToFineSearch(Lambda, new SearchStage(1), new SearchStage(1) { Space = other })).Message);
        var text = new SearchSpace(new CategoricalDimension("lambda", "small", "large"));
        Assert.Throws<ArgumentException>(() => new CoarseToFineSearch(Lambda, new SearchStage(1), new SearchStage(1) { Space = text }));
    }

    [Fact]
    public void SuccessiveHalvingSearch_keeps_the_better_half_on_twice_the_budget()
    {
        var search = new SuccessiveHalvingSearch(Searches.Space, trials: 9, stages: 4, budget: 3) { Seed = 4 };
        SearchResult result = search.Run(Searches.Restless, new() { Executor = new ThreadExecutor(3) });
        Assert.Equal([9, 4, 2, 1], result.Stages.Select(stage => stage.Results.Count));
        Assert.Equal([3, 6, 12, 24], result.Stages.Select(stage => stage.Budget));
        Assert.Equal(16, search.TotalTrials);
        for (int i = 1; i < 4; i++)
        {
            IEnumerable<(int, ulong, SearchPoint)> kept = result.Stages[i - 1].Ranked.Take(result.Stages[i].Results.Count)
                .OrderBy(r => r.Trial.Number).Select(r => (r.Trial.Number, r.Trial.Seed, r.Trial.Point));
            Assert.Equal(kept, result.Stages[i].Results.Select(r => (r.Trial.Number, r.Trial.Seed, r.Trial.Point)));
        }
        Assert.Equal(result.Timeless(), search.Run(Searches.Restless, new() { Executor = new InlineExecutor() }).Timeless());
        Assert.Throws<ArgumentOutOfRangeException>("stages", () => new SuccessiveHalvingSearch(Searches.Space, 9, 33));
    }

    private static IEnumerable<TrialResult> BestBefore(SearchResult result, int stage) => result.Ranked.Where(
        r => r.Trial.Stage < stage && r.Trial.Budget == result.Stages[stage - 1].Budget);

    private static IReadOnlyList<TrialResult> Rank(double[] lambdas, double[] scores) =>
        new TrialRanking(SearchDirection.Maximize).Rank(lambdas.Zip(scores).Select((pair, i) => new TrialResult(
            new Trial(0, i, 1, 0, new SearchPoint(new NamedValue("lambda", new(pair.First)))),
            double.IsNaN(pair.Second) ? TrialState.Failed : TrialState.Completed,
            pair.Second)));

    // The ends of a range go through the logarithm and back, which may cost the last bits.
    private static bool AlmostContains(SearchSpace space, SearchPoint point) =>
        space.Dimensions.All(d => d.Contains(point[d.Name]) || (point[d.Name].IsNumber
            && (Math.Abs(d.At(0).Number - point.Number(d.Name)) < 1e-12 || Math.Abs(d.At(1).Number - point.Number(d.Name)) < 1e-12)));
}
