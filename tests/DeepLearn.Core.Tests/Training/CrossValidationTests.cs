using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Models;
using DeepLearn.Training;
using DeepLearn.Training.Callbacks;
using Xunit;

namespace DeepLearn.Tests.Training;

public class CrossValidationTests
{
    private static readonly ByteDataset Data = TrainingData.Striped(60);

    private static readonly IReadOnlyList<(Dataset Training, Dataset Validation)> Folds =
        Splits.StratifiedFolds(Data, 4, RandomKey.FromSeed(1));

    [Fact]
    public void CrossValidation_trains_and_measures_each_fold_by_itself()
    {
        CrossValidationResult result = CrossValidation.Run<float>(Folds, TrainingData.Network, Plan, seed: 1);
        Assert.Equal(4, result.Folds.Count);
        for (int fold = 0; fold < 4; fold++)
        {
            (Dataset training, Dataset validation) = Folds[fold];
            Model<float> model = TrainingData.Network.Build<float>(Data.ExampleShape, 1);
            using var trainer = new Trainer<float>(model, Plan(training), training, validation);
            Evaluation expected = trainer.Run().Curve[^1].Validation!;
            Assert.Equal(expected, result.Folds[fold].Validation with { Metrics = [] });
            Assert.Equal(expected.Accuracy, result.Folds[fold].Validation["accuracy"]);
        }
        double[] accuracies = [.. result.ValuesOf("accuracy")];
        Assert.Equal(accuracies.Average(), result.Mean("accuracy"));
        double mean = accuracies.Average();
        Assert.Equal(Math.Sqrt(accuracies.Sum(a => (a - mean) * (a - mean)) / 3), result.StandardDeviation("accuracy"), 1e-15);
        Assert.Equal(["loss", "accuracy", "macro precision", "macro recall", "macro F1", "log loss"], result.Names);
        Assert.Contains(FormattableString.Invariant($"accuracy {mean:f4}, standard deviation"), result.ToString());
        Assert.Throws<KeyNotFoundException>(() => result.Mean("R²"));
    }

    [Fact]
    public void CrossValidation_is_the_same_on_any_number_of_threads_and_tells_of_folds_as_they_end()
    {
        var seen = new List<int>();
        using var workers = new WorkerPool(3);
        CrossValidationResult one = CrossValidation.Run<float>(Folds, TrainingData.Network, Plan);
        CrossValidationResult three = CrossValidation.Run<float>(
            Folds, TrainingData.Network, Plan, workers: workers, progress: new Told(fold => seen.Add(fold.Fold)));
        Assert.Equal(one.Folds.Select(fold => fold.Validation), three.Folds.Select(fold => fold.Validation));
        Assert.Equal([0, 1, 2, 3], seen);
    }

    [Fact]
    public void CrossValidation_with_early_stopping_measures_the_weights_that_were_restored()
    {
        CrossValidationResult result = CrossValidation.Run<float>(
            Folds,
            TrainingData.Network,
            training => Plan(training) with { Evaluation = new() { EveryEpochs = 1 }, Length = TrainingLength.Epochs(30) },
            callbacks: (_, _) => [new EarlyStopping<float>(2, restoresBest: true)]);
        Assert.All(result.Folds, fold => Assert.Equal(
            fold.Training.Curve.Min(point => point.Validation!.Loss), fold.Validation.Loss));
    }

    [Fact]
    public void CrossValidation_without_folds_or_canceled_ends_with_an_exception()
    {
        Assert.Throws<ArgumentException>(() => CrossValidation.Run<float>([], TrainingData.Network, Plan));
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(
            () => CrossValidation.Run<float>(Folds, TrainingData.Network, Plan, cancellationToken: source.Token));
    }

    private static TrainingPlan Plan(Dataset training) => TrainingData.Plan with
    {
        Schedule = 0.02,
        Length = TrainingLength.Epochs(5),
        Evaluation = new(),
        Normalization = Normalization.PerFeature(training),
    };

    private sealed class Told(Action<FoldResult> tell) : IProgress<FoldResult>
    {
        public void Report(FoldResult value) => tell(value);
    }
}
