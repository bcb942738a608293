using DeepLearn.Foundation;
using DeepLearn.Losses;
using DeepLearn.Tensors;
using Xunit;

namespace DeepLearn.Tests.Losses;

/// <summary>
/// Losses in float against the same formula in double or better: scores near the end of the range, and sums over many classes.
/// </summary>
public class LossAccuracyTests
{
    public static TheoryData<LossCase, double> Extremes
    {
        get
        {
            var rows = new TheoryData<LossCase, double>();
            foreach (LossCase row in LossCase.All)
            {
                foreach (double size in new[] { 1e4, 1e20, 3e38 })
                    rows.Add(row, size);
            }
            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Extremes))]
    public void Loss_of_finite_float_scores_is_finite_and_agrees_with_double(LossCase row, double size)
    {
        var example = new LossExample(row, 40, 30, 1, 3);
        foreach (ref double score in example.Scores.AsSpan())
            score = (float)(score > 0 ? size : score < -0.5 ? -size : score * size);
        foreach (ref double value in example.Values.AsSpan())
            value = (float)value;
        var gradient = new Matrix<float>(40, 30);
        var exact = new Matrix<double>(40, 30);
        double loss = example.Loss.Compute<float>(LossExample.ToSingle(example.Scores), example.SingleTargets(), gradient);
        double expected = example.Loss.Compute<double>(example.Scores, example.Targets, exact);
        Assert.True(double.IsFinite(loss), $"{loss}");
        Assert.Equal(expected, loss, 1e-6 * expected);
        for (int i = 0; i < gradient.Count; i++)
            Assert.Equal(exact.AsSpan()[i], gradient.AsSpan()[i], 1e-6 * (Math.Abs(exact.AsSpan()[i]) + (1.0 / 40)));
    }

    [Fact]
    public void MeanSquaredError_of_float_errors_of_1e20_is_1e40()
    {
        Matrix<float> outputs = new(1, 1), targets = new(1, 1), gradient = new(1, 1);
        outputs[0, 0] = 1e20f;
        double error = 1e20f;
        Assert.Equal(error * error, new MeanSquaredError().Compute<float>(outputs, Targets<float>.FromValues(targets), gradient));
        Assert.Equal(2e20f, gradient[0, 0]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.1)]
    public void SoftmaxCrossEntropy_of_opposite_ends_of_the_float_range_is_their_distance(double smoothing)
    {
        Matrix<float> outputs = Matrix<float>.FromArray(new[,] { { 3e38f, -3e38f } });
        double distance = 2.0 * 3e38f;
        Assert.Equal(
            distance * (1 - (smoothing / 2)),
            new SoftmaxCrossEntropy { LabelSmoothing = smoothing }.Compute<float>(outputs, Targets<float>.FromLabels([1]), default),
            1e-12 * distance);
    }

    /// <summary>Against sums of the formula in double of the scores as they are in float.</summary>
    [Theory]
    [InlineData(10_000, 0.1, 5, 0)]
    [InlineData(10_000, 0.5, 20, 0)]
    [InlineData(1_000, 0.9, 1, 1e6)]
    public void SoftmaxCrossEntropy_with_smoothing_over_many_classes_is_exact_in_float(
        int classes, double smoothing, double scale, double offset)
    {
        var scores = new Matrix<float>(3, classes);
        RandomStream random = RandomKey.FromSeed(7).Open();
        foreach (ref float score in scores.AsSpan())
            score = (float)(offset + (scale * ((2 * random.NextUniform()) - 1)));
        int[] labels = [0, classes / 2, classes - 1];
        var gradient = new Matrix<float>(3, classes);
        double loss = new SoftmaxCrossEntropy { LabelSmoothing = smoothing }.Compute<float>(
            scores, Targets<float>.FromLabels(labels), gradient);
        double expected = 0;
        for (int i = 0; i < 3; i++)
        {
            double[] row = [.. scores.Row(i).ToArray().Select(score => (double)score)];
            double greatest = row.Max(), sum = row.Sum(score => Math.Exp(score - greatest));
            double gradientSum = 0;
            for (int j = 0; j < classes; j++)
            {
                double share = (smoothing / classes) + (j == labels[i] ? 1 - smoothing : 0),
                probability = Math.Exp(row[j] - greatest) / sum;
                expected += share * (greatest - row[j] + Math.Log(sum)) / 3;
                Assert.Equal((probability - share) / 3, gradient[i, j], 3e-7 * (probability + share));
                gradientSum += gradient[i, j];
            }
            Assert.Equal(0, gradientSum, 1e-7);
        }
        Assert.Equal(expected, loss, 2e-7 * expected);
    }

    [Fact]
    public void MulticlassHinge_over_ten_thousand_classes_is_exact_in_float()
    {
        var scores = new Matrix<float>(1, 10_000);
        for (int j = 0; j < scores.Columns; j++)
            scores[0, j] = (float)Math.Sin(j);
        double right = scores[0, 3];
        double expected = Enumerable.Range(0, scores.Columns).Where(j => j != 3).Sum(j => Math.Max(0, 1 + (scores[0, j] - right)));
        Assert.Equal(expected, new MulticlassHinge().Compute<float>(scores, Targets<float>.FromLabels([3]), default), 1e-12 * expected);
    }
}
