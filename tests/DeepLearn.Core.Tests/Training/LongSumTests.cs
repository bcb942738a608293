using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Regularizers;
using DeepLearn.Tensors;
using DeepLearn.Training;
using DeepLearn.Training.Metrics;
using Xunit;

namespace DeepLearn.Tests.Training;

/// <summary>Means over many examples in float against double: of losses, of evaluations, of metrics.</summary>
public class LongSumTests
{
    private const int Count = 300_000;

    public static TheoryData<Loss> Losses { get; } =
        [new MeanSquaredError(), new MeanAbsoluteError(), new Huber(0.5), new SigmoidBinaryCrossEntropy(), new SoftmaxCrossEntropy()];

    /// <summary>
    /// Each term is off by the rounding of its own formula; that of the mean is no more, since it is summed in double or in short blocks.
    /// </summary>
    [Theory]
    [MemberData(nameof(Losses))]
    public void Loss_of_a_long_batch_in_float_is_that_of_double(Loss loss)
    {
        Matrix<float> scores = new(Count, 3), values = new(Count, 3);
        for (int i = 0; i < scores.Count; i++)
            (scores.AsSpan()[i], values.AsSpan()[i]) = (1.1f + MathF.Sin(i), i % 4 == 0 ? 0.9f : 0.05f);
        Matrix<double> wideScores = new(Count, 3), wideValues = new(Count, 3);
        for (int i = 0; i < scores.Count; i++)
            (wideScores.AsSpan()[i], wideValues.AsSpan()[i]) = (scores.AsSpan()[i], values.AsSpan()[i]);
        double expected = loss.Compute<double>(wideScores, Targets<double>.FromValues(wideValues), default);
        Assert.Equal(expected, loss.Compute<float>(scores, Targets<float>.FromValues(values), default), 5e-7 * expected);
    }

    [Fact]
    public void Evaluation_of_many_examples_has_the_loss_and_the_metrics_of_double()
    {
        var rows = new Matrix<float>(Count, 1);
        var targets = new Matrix<float>(Count, 1);
        for (int i = 0; i < Count; i++)
            (rows[i, 0], targets[i, 0]) = (MathF.Sin(i), 1e6f + MathF.Cos(i * 0.7f));
        var data = new DenseDataset<float>(rows, null, targets, new DatasetDescription(1) { TargetWidth = 1 });
        Model<float> model = new Dense(1).Build<float>(1, 1);
        model.Parameters[0].Value[0, 0] = 1;
        model.Parameters[1].Value[0, 0] = 1e6f;
        var evaluator = new Evaluator<float>(model, new MeanSquaredError(), Regularizer.None, data.Description);
        Evaluation found = evaluator.Evaluate(data, [new Mae(), new Rmse(), new RSquared()]);
        double squares = 0, magnitudes = 0, mean = 0, spread = 0;
        for (int i = 0; i < Count; i++)
        {
            double error = (rows[i, 0] + 1e6f) - targets[i, 0];
            (squares, magnitudes, mean) = (squares + (error * error), magnitudes + Math.Abs(error), mean + (targets[i, 0] - 1e6));
        }
        mean /= Count;
        for (int i = 0; i < Count; i++)
            spread += Math.Pow(targets[i, 0] - 1e6 - mean, 2);
        Assert.Equal(squares / Count, found.Loss, 1e-9);
        Assert.Equal(magnitudes / Count, found["mean absolute error"], 1e-9);
        Assert.Equal(Math.Sqrt(squares / Count), found["root mean squared error"], 1e-9);
        Assert.Equal(1 - (squares / spread), found["R²"], 1e-9);
    }

    [Fact]
    public void SoftmaxCrossEntropy_of_ten_thousand_classes_with_a_large_offset_is_that_of_double()
    {
        var scores = new Matrix<float>(4, 10_000);
        RandomStream random = RandomKey.FromSeed(2).Open();
        foreach (ref float score in scores.AsSpan())
            score = (float)(1e6 + (8 * random.NextUniform()));
        var wide = new Matrix<double>(4, 10_000);
        for (int i = 0; i < scores.Count; i++)
            wide.AsSpan()[i] = scores.AsSpan()[i];
        Matrix<float> gradient = new(4, 10_000);
        Matrix<double> exact = new(4, 10_000);
        int[] labels = [0, 5000, 9999, 1];
        double found = new SoftmaxCrossEntropy().Compute<float>(scores, Targets<float>.FromLabels(labels), gradient);
        double expected = new SoftmaxCrossEntropy().Compute<double>(wide, Targets<double>.FromLabels(labels), exact);
        Assert.Equal(expected, found, 1e-6 * expected);
        for (int i = 0; i < gradient.Count; i++)
            Assert.Equal(exact.AsSpan()[i], gradient.AsSpan()[i], 2e-6 * Math.Abs(exact.AsSpan()[i]));
    }
}
