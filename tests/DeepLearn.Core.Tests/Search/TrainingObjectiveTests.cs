using System.Collections.Concurrent;
using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Regularizers;
using DeepLearn.Schedules;
using DeepLearn.Search;
using DeepLearn.Search.Executors;
using DeepLearn.Search.Pruners;
using DeepLearn.Search.Spaces;
using DeepLearn.Search.Stores;
using DeepLearn.Search.Trials;
using DeepLearn.Tensors;
using DeepLearn.Tests.Support;
using DeepLearn.Training;
using DeepLearn.Training.Callbacks;
using Xunit;

namespace DeepLearn.Tests.Search;

public class TrainingObjectiveTests
{
    private static readonly ByteDataset Examples = Noise(90);
    private static readonly SearchSpace Space = new(new LogUniformDimension("lambda", 1e-5, 1e-1), new IntegerDimension("hidden", 3, 9));

    private static readonly TrialObjective Objective = TrainingObjective.Create<float>(
        Examples.Take(60),
        Examples,
        trial => new Sequential(new Dense(trial.Integer("hidden")), new Relu(), new Dense(3))
            .Build<float>(Examples.ExampleShape, trial.Seed),
        Plan);

    [Fact]
    public void TrainingObjective_search_over_networks_is_the_same_on_any_number_of_threads()
    {
        var search = new CoarseToFineSearch(Space, new SearchStage(5, 1), new SearchStage(4, 2)) { Seed = 2 };
        SearchResult one = search.Run(Objective, new() { Executor = new ThreadExecutor(1) });
        SearchResult three = search.Run(Objective, new() { Executor = new ThreadExecutor(3) });
        Assert.Equal(one.Timeless(), three.Timeless());
        Assert.All(one.Ranked, result =>
        {
            Assert.Equal(TrialState.Completed, result.State);
            Assert.Equal(10 * result.Trial.Budget, result.Metric("steps"));
            Assert.Equal(result.Score, result.Metric("validationAccuracy"));
            Assert.Equal((2 * result.Trial.Budget) - 1, result.Reports.Count);
            Assert.True(result.Metric("trainingCost") > result.Metric("trainingLoss"));
        });
        Assert.True(one.Ranked.Select(result => result.Score).Distinct().Count() > 2);
    }

    [Fact]
    public void TrainingObjective_pruned_trial_stops_training()
    {
        var search = new SingleStageSearch(Space, 12, budget: 3) { Pruner = new MedianPruner { MinimumTrials = 3 }, Window = 4 };
        SearchResult result = search.Run(Objective);
        TrialResult[] pruned = [.. result.Ranked.Where(r => r.State == TrialState.Pruned)];
        Assert.NotEmpty(pruned);
        Assert.All(pruned, r => Assert.True(r.Metric("steps") < 30));
        Assert.Equal(result.Timeless(), search.Run(Objective, new() { Executor = new InlineExecutor() }).Timeless());
    }

    [Fact]
    public void TrainingObjective_callbacks_are_made_for_each_trial_and_told_of_its_training()
    {
        var steps = new ConcurrentDictionary<int, long>();
        TrialObjective watched = TrainingObjective.Create<float>(
            Examples,
            Examples,
            trial => new Dense(3).Build<float>(Examples.ExampleShape, 1),
            Plan,
            callbacks: trial => [new LastStep(step => steps[trial.Number] = step)]);
        SearchResult result = new SingleStageSearch(Space, 3).Run(watched);
        Assert.All(result.Ranked, trial => Assert.Equal(trial.Metric("steps"), steps[trial.Trial.Number]));
    }

    [Fact]
    public void TrainingObjective_cancellation_reaches_the_trainer()
    {
        using var cancellation = new CancellationTokenSource();
        TrialObjective endless = TrainingObjective.Create<float>(
            Examples, Examples, trial => new Dense(3).Build<float>(Examples.ExampleShape, 1), trial =>
            {
                cancellation.CancelAfter(20);
                return Plan(trial) with { Length = TrainingLength.Steps(long.MaxValue / 2), Evaluation = new() };
            });
        Assert.Throws<SearchCanceledException>(() => new SingleStageSearch(Space, 3).Run(endless, null, cancellation.Token));
    }

    [Fact]
    public void TrainingObjective_training_that_diverges_fails_its_trial_alone()
    {
        TrialObjective steep = TrainingObjective.Create<float>(
            Examples,
            Examples,
            trial => new Dense(3).Build<float>(Examples.ExampleShape, 1),
            trial => Plan(trial) with
            {
                Schedule = new ConstantSchedule(trial.Number == 1 ? 1e38 : 1e-3),
                Length = TrainingLength.Steps(20),
            },
            point => -point.Validation!.Loss);
        SearchResult result = new SingleStageSearch(Space, 3).Run(steep);
        Assert.Contains("diverged at step", result.Ranked[2].Error);
        Assert.Equal(1, result.Ranked[2].Trial.Number);
        Assert.Equal(-result.Ranked[0].Metric("validationLoss"), result.Ranked[0].Score);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TrainingObjective_batches_are_made_ahead_only_where_other_trials_leave_a_processor(bool leaves)
    {
        var data = new Watched(Examples);
        TrialObjective ahead = TrainingObjective.Create<float>(
            data, Examples, trial => new Dense(3).Build<float>(Examples.ExampleShape, 1), trial => Plan(trial) with { Prefetch = 2 });
        var context = new TrialContext { Processors = new ProcessorShare(leaves ? 2 : 1) };
        ahead(new Trial(0, 0, 1, 3, new SearchPoint(new NamedValue("lambda", new(1e-3)))), context, default);
        Assert.Equal(leaves ? 2 : 1, data.Threads.Count);
    }

    [Fact]
    public void TrialContext_share_of_the_processors_follows_from_the_trials_beside_it()
    {
        int all = Environment.ProcessorCount;
        Assert.All(Shares(new ThreadExecutor(), 3 * all), share => Assert.Equal(1, share));
        Assert.All(Shares(new ThreadExecutor(2 * all), 2 * all), share => Assert.Equal(1, share));
        Assert.All(Shares(new ThreadExecutor(1), 3), share => Assert.Equal(all, share));
        Assert.All(Shares(new ThreadExecutor(), 1), share => Assert.Equal(all, share));

        // Nothing is known of a stranger's executor.
        Assert.All(Shares(new InlineExecutor(), all), share => Assert.Equal(1, share));

        static IReadOnlyCollection<int> Shares(TrialExecutor executor, int trials)
        {
            var shares = new ConcurrentBag<int>();
            new SingleStageSearch(Space, trials).Run(
                (_, context, _) =>
                {
                    shares.Add(context.Processors.Processors);
                    return new TrialOutcome(1);
                },
                new() { Executor = executor });
            Assert.Equal(trials, shares.Count);
            return shares;
        }
    }

    [Fact]
    public void TrainingObjective_plan_without_evaluation_is_refused()
    {
        TrialObjective blind = TrainingObjective.Create<float>(
            Examples,
            Examples,
            trial => new Dense(3).Build<float>(Examples.ExampleShape, 1),
            trial => Plan(trial) with { Evaluation = new() { AtEnd = false } });
        Assert.Contains("at least one, found none", Refusal(blind));
    }

    [Fact]
    public void TrainingObjective_pruner_that_would_never_be_asked_stops_the_search_before_anything_is_trained()
    {
        var store = new MemoryTrialStore();
        long steps = 0;
        TrialObjective Evaluated(EvaluationPlan evaluation) => TrainingObjective.Create<float>(
            Examples,
            Examples,
            trial => new Dense(3).Build<float>(Examples.ExampleShape, 1),
            trial => Plan(trial) with { Evaluation = evaluation },
            callbacks: _ => [new LastStep(_ => Interlocked.Increment(ref steps))]);
        var search = new SingleStageSearch(Space, 4) { Pruner = new MedianPruner() };

        // As often as it is run: a refusal is no end of the process in a trial.
        for (int run = 0; run < 4; run++)
        {
            string message = Refusal(Evaluated(new()), search, new() { Store = store });
            Assert.Contains("pruner (median of at least", message);
            Assert.Contains("Evaluation = new() { EveryEpochs = 1 }", message);
        }
        Assert.Equal(0, steps);
        Assert.Empty(store.Trials);
        Assert.NotNull(search.Run(Evaluated(new() { EveryEpochs = 1 }), new() { Store = store }).Best);

        // A trial on a small budget may end before its first evaluation, where others go further; and without a pruner nobody asks.
        Assert.NotNull(search.Run(Evaluated(new() { Every = 1000 })).Best);
        Assert.NotNull((search with { Pruner = new NoPruner() }).Run(Evaluated(new())).Best);
    }

    [Fact]
    public void TrainingObjective_numbers_without_a_score_stop_the_search_before_anything_is_trained()
    {
        var numbers = DenseDataset<float>.FromArray(new float[,] { { 1 }, { 2 }, { 3 } }, new float[,] { { 2 }, { 4 }, { 6 } });
        TrialObjective Scored(Func<TrainingPoint, double>? score) => TrainingObjective.Create<float>(
            numbers,
            numbers,
            trial => new Dense(1).Build<float>(1, 1),
            trial => Plan(trial) with { Normalization = null, Loss = new MeanSquaredError() },
            score);
        Assert.Contains("give the objective a score", Refusal(Scored(null)));
        Assert.NotNull(new SingleStageSearch(Space, 1).Run(Scored(point => -point.Validation!.Loss)).Best);
    }

    [Fact]
    public void TrainingObjective_scores_the_weights_that_a_callback_leaves_in_the_model()
    {
        using var folder = new TemporaryFolder();
        var models = new List<Model<float>>();
        TrialObjective Of(TrainingRungs? rungs, EvaluationPlan evaluation) => TrainingObjective.Create<float>(
            Examples.Take(60),
            Examples,
            trial =>
            {
                models.Add(new Dense(3).Build<float>(Examples.ExampleShape, trial.Seed));
                return models[^1];
            },
            trial => Plan(trial) with { Length = TrainingLength.Steps(20), Evaluation = evaluation },
            point => -point.Validation!.Loss,
            callbacks: _ => [new EarlyStopping<float>(50, point => point.Step, higherIsBetter: false, restoresBest: true)],
            rungs: rungs);

        // By the measure the first point is the best.
        var search = new SingleStageSearch(Space, 1);
        TrialResult found = search.Run(Of(null, new() { Every = 5 })).Best!;
        double Loss(Model<float> model) =>
            Evaluator<float>.Of(model, new SoftmaxCrossEntropy(), Examples.Description).Evaluate(Examples).Loss;
        Assert.Equal(-Loss(models[^1]), found.Score);
        Assert.NotEqual(found.Reports[^1].Score, found.Score);
        Assert.Equal(20, found.Metric("steps"));

        // The same from a checkpoint of the whole training; a rung before the end has its last point.
        TrainingRungs Rung(long steps) => new(folder.Path, _ => TrainingLength.Steps(steps));
        Assert.Equal(found.Reports[2].Score, search.Run(Of(Rung(15), new() { Every = 5 })).Best!.Score);
        Assert.Equal(found.Score, search.Run(Of(Rung(20), new() { Every = 5 })).Best!.Score);
        Assert.Equal(found.Score, search.Run(Of(Rung(20), new() { Every = 5 })).Best!.Score);
        Assert.Contains(
            "AtEnd with",
            Assert.Throws<SearchFailedException>(() => search.Run(Of(null, new() { Every = 5, AtEnd = false }))).Message);
    }

    [Fact]
    public void TrainingObjective_trial_that_goes_on_from_its_rung_is_the_same_as_one_that_trains_anew()
    {
        using var folder = new TemporaryFolder();
        var search = new SuccessiveHalvingSearch(Space, 6, stages: 3) { Seed = 4, Pruner = new ThresholdPruner(lowest: 0.05) };
        long steps = 0;
        int fresh = 0;
        SearchResult on = search.Run(OnRungs(_ => folder.File("on")));
        long made = Interlocked.Exchange(ref steps, 0);
        SearchResult anew = search.Run(OnRungs(_ => folder.File($"anew {Interlocked.Increment(ref fresh)}")));
        Assert.Equal(anew.Timeless(), on.Timeless());
        Assert.Equal([10, 20, 40], on.Stages.Select(stage => stage.Results[0].Metric("steps")!.Value));
        Assert.Equal([1, 3, 7], on.Stages.Select(stage => stage.Results[0].Reports.Count));

        // 6 trials of 10 steps, of which 3 go on by 10, and 1 by 20; or 6 of 10, 3 of 20 and 1 of 40.
        Assert.Equal((110, 160), (made, steps));
        steps = 0;
        Assert.Equal(on.Timeless(), search.Run(OnRungs(_ => folder.File("on"))).Timeless());
        Assert.Equal(0, steps);

        TrialObjective OnRungs(Func<Trial, string> where) => (trial, context, token) => TrainingObjective.Create<float>(
            Examples.Take(60),
            Examples,
            trial => new Dense(3).Build<float>(Examples.ExampleShape, trial.Seed),
            trial => Plan(trial) with { Length = TrainingLength.Cycles(4) },
            callbacks: _ => [new LastStep(_ => Interlocked.Increment(ref steps))],
            rungs: new TrainingRungs(where(trial), trial => TrainingLength.Cycles(trial.Budget)))(trial, context, token);
    }

    [Fact]
    public void TrainingObjective_rung_ends_where_an_evaluation_by_epochs_is()
    {
        using var folder = new TemporaryFolder();
        TrialObjective objective = TrainingObjective.Create<float>(
            Examples,
            Examples,
            trial => new Dense(3).Build<float>(Examples.ExampleShape, trial.Seed),
            trial => Plan(trial) with { Length = TrainingLength.Epochs(4), Evaluation = new() { EveryEpochs = 1 } },
            rungs: new TrainingRungs(folder.Path, trial => TrainingLength.Epochs(trial.Budget)));
        SearchResult found = new SuccessiveHalvingSearch(Space, 4, stages: 2).Run(objective);
        Assert.All(found.Ranked, trial => Assert.Null(trial.Error));
        Assert.Equal([0, 1], found.Stages.Select(stage => stage.Results[0].Reports.Count));
    }

    [Fact]
    public void TrainingObjective_rung_that_is_canceled_or_is_not_there_is_told_apart_from_its_end()
    {
        using var folder = new TemporaryFolder();
        TrialObjective Of(TrainingLength rung, long every) => TrainingObjective.Create<float>(
            Examples,
            Examples,
            trial => new Dense(3).Build<float>(Examples.ExampleShape, trial.Seed),
            trial => Plan(trial) with { Length = TrainingLength.Steps(40), Evaluation = new() { Every = every } },
            rungs: new TrainingRungs(folder.Path, _ => rung));
        var search = new SingleStageSearch(Space, 1);
        Assert.Contains("at most the whole plan, 40 steps", Failure(Of(TrainingLength.Steps(41), 5)));
        Assert.Contains("after 12 steps, found one every 5", Failure(Of(TrainingLength.Steps(12), 5)));
        Assert.Equal(20, search.Run(Of(TrainingLength.Steps(20), 5)).Best!.Metric("steps"));

        Assert.Contains("after 12 steps, found none before", Failure(Of(TrainingLength.Steps(12), 0)));

        // A shorter rung than the checkpoint's has the score of its own end.
        Assert.Equal(15, search.Run(Of(TrainingLength.Steps(15), 5)).Best!.Metric("steps"));
        Assert.Throws<SearchCanceledException>(() => search.Run(Of(TrainingLength.Steps(40), 5), null, new(canceled: true)));
        Assert.Throws<ArgumentException>("folder", () => new TrainingRungs(" ", _ => TrainingLength.Steps(1)));

        string Failure(TrialObjective objective) => Assert.Throws<SearchFailedException>(() => search.Run(objective)).Message;
    }

    [Fact]
    public void TrainingObjective_rungs_in_epochs_are_the_same_as_in_steps()
    {
        using var folder = new TemporaryFolder();
        SearchResult Of(string where, EvaluationPlan evaluation) => new SuccessiveHalvingSearch(Space, 4, stages: 2).Run(
            TrainingObjective.Create<float>(
                Examples.Take(59),
                Examples,
                trial => new Dense(3).Build<float>(Examples.ExampleShape, trial.Seed),
                trial => Plan(trial) with { Length = TrainingLength.Epochs(2), Evaluation = evaluation },
                rungs: new TrainingRungs(folder.File(where), trial => TrainingLength.Epochs(trial.Budget))));
        SearchResult epochs = Of("epochs", new() { EveryEpochs = 1 });
        Assert.All(epochs.Ranked, trial => Assert.Equal(TrialState.Completed, trial.State));
        Assert.Equal(Of("steps", new() { Every = 5 }).Timeless(), epochs.Timeless());
    }

    private static string Refusal(TrialObjective objective, HyperparameterSearch? search = null, SearchRunOptions? options = null) =>
        Assert.ThrowsAny<InvalidOperationException>(() => (search ?? new SingleStageSearch(Space, 1)).Run(objective, options)).Message;

    private static TrainingPlan Plan(Trial trial) => new()
    {
        Schedule = new TriangularSchedule(1e-4, 1e-2, 5),
        Length = TrainingLength.Cycles(trial.Budget),
        BatchSize = 12,
        Seed = trial.Seed,
        Regularizer = new L2(trial.Value("lambda")),
        Normalization = Normalization.PerFeature(Examples),
        Evaluation = new() { Every = 5 },
    };

    private static ByteDataset Noise(int count)
    {
        RandomStream random = RandomKey.FromSeed(5).Open();
        byte[] bytes = new byte[count * 12];
        for (int i = 0; i < bytes.Length; i++)
            bytes[i] = (byte)(random.NextIndex(150) + (i % 12 / 4 == i / 12 % 3 ? 50 : 0));
        return new(bytes, [.. Enumerable.Range(0, count).Select(i => i % 3)], new DatasetDescription(12) { Classes = 3 });
    }

    private sealed class LastStep(Action<long> tell) : TrainingCallback<float>
    {
        public override TrainingDecision OnStep(in StepReport<float> report)
        {
            tell(report.Step);
            return TrainingDecision.Continue;
        }
    }

    /// <summary>Examples that know which threads have asked for them.</summary>
    private sealed class Watched(Dataset examples) : Dataset(examples.Count, examples.Description, examples.Labels.ToArray())
    {
        public ConcurrentDictionary<int, bool> Threads { get; } = new();

        protected override void GatherCore<T>(ReadOnlySpan<int> indices, FeatureTransform<T>? transform, MatrixView<T> destination)
        {
            Threads[Environment.CurrentManagedThreadId] = true;
            examples.Gather(indices, transform, destination);
        }
    }
}
