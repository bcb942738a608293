using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Search;
using DeepLearn.Search.Executors;
using DeepLearn.Search.Pruners;
using DeepLearn.Search.Spaces;
using DeepLearn.Search.Trials;
using DeepLearn.Tests.Training;
using DeepLearn.Training;
using Xunit;

namespace DeepLearn.Tests.Search;

public class CrossValidationObjectiveTests
{
    private static readonly ByteDataset Data = TrainingData.Striped(60);

    private static readonly IReadOnlyList<(Dataset Training, Dataset Validation)> Folds =
        Splits.StratifiedFolds(Data, 4, RandomKey.FromSeed(1));

    private static readonly SearchSpace Space = new(new LogUniformDimension("rate", 1e-4, 1e-1));

    private static readonly TrialObjective Objective = CrossValidationObjective.Create<float>(Folds, Model, Plan);

    [Fact]
    public void CrossValidationObjective_score_is_the_mean_of_the_folds_of_a_cross_validation()
    {
        SearchResult result = new SingleStageSearch(Space, 3, budget: 1) { Seed = 3 }.Run(Objective);
        Assert.All(result.Ranked, trial =>
        {
            CrossValidationResult expected = CrossValidation.Run<float>(
                Folds, Network, training => Plan(trial.Trial, training), trial.Trial.Seed);
            Assert.Equal(TrialState.Completed, trial.State);
            Assert.Equal(expected.Mean("accuracy"), trial.Score);
            Assert.Equal(4, trial.Metric("folds"));
            Assert.Equal(expected.StandardDeviation("accuracy"), trial.Metric("scoreStandardDeviation"));
            Assert.Equal(expected.Mean("loss"), trial.Metric("loss"));
            Assert.Equal([1, 2, 3], trial.Reports.Select(report => report.Step));
            Assert.Equal(expected.ValuesOf("accuracy").Take(2).Average(), trial.Reports[1].Score);
        });
    }

    [Fact]
    public void CrossValidationObjective_trial_is_pruned_between_two_folds_and_the_same_on_any_number_of_threads()
    {
        var search = new SingleStageSearch(Space, 12, budget: 1) { Pruner = new MedianPruner { MinimumTrials = 3 }, Window = 4 };
        SearchResult one = search.Run(Objective, new() { Executor = new InlineExecutor() });
        SearchResult three = search.Run(Objective, new() { Executor = new ThreadExecutor(3) });
        Assert.Equal(one.Timeless(), three.Timeless());
        TrialResult[] pruned = [.. one.Ranked.Where(result => result.State == TrialState.Pruned)];
        Assert.NotEmpty(pruned);
        Assert.All(pruned, result => Assert.InRange(result.Metric("folds")!.Value, 1, 3));
    }

    [Fact]
    public void CrossValidationObjective_pruner_over_one_fold_and_numbers_without_a_score_stop_the_search()
    {
        var numbers = DenseDataset<float>.FromArray(new float[,] { { 1 }, { 2 }, { 3 } }, new float[,] { { 2 }, { 4 }, { 6 } });
        TrialObjective scoreless = CrossValidationObjective.Create<float>(
            Splits.Folds(numbers, 3, RandomKey.FromSeed(1)),
            trial => new Dense(1).Build<float>(1, trial.Seed),
            (trial, training) => new() { Schedule = 0.1, Length = TrainingLength.Steps(1), Loss = new MeanSquaredError() });
        var search = new SingleStageSearch(Space, 2);
        Assert.Contains(
            "give the objective a score", Assert.ThrowsAny<InvalidOperationException>(() => search.Run(scoreless)).Message);
        var pruned = search with { Pruner = new MedianPruner() };
        TrialObjective one = CrossValidationObjective.Create<float>([Folds[0]], Model, Plan);
        Assert.Contains("at least two folds", Assert.ThrowsAny<InvalidOperationException>(() => pruned.Run(one)).Message);
        Assert.NotNull(search.Run(one).Best);
    }

    private static readonly Sequential Network = TrainingData.Network;

    private static DeepLearn.Models.Model<float> Model(Trial trial) =>
        DeepLearn.Models.ModelBuilding.Build<float>(TrainingData.Network, Data.ExampleShape, trial.Seed);

    private static TrainingPlan Plan(Trial trial, Dataset training) => TrainingData.Plan with
    {
        Schedule = trial.Value("rate"),
        Length = TrainingLength.Epochs(3),
        Evaluation = new(),
        Normalization = Normalization.PerFeature(training),
    };
}
