using DeepLearn.Losses;
using DeepLearn.Tensors;
using Xunit;

namespace DeepLearn.Tests.Losses;

/// <summary>A weight is a factor on an example's loss, in every loss: a whole one is as many examples.</summary>
public class WeightedLossTests
{
    private static readonly double[] Weights = [2, 0, 1, 1, 3];
    private static readonly SoftmaxCrossEntropy Softmax = new();

    public static TheoryData<LossCase> Cases => [.. LossCase.All];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Loss_with_whole_weights_is_that_of_repeated_examples(LossCase row)
    {
        const int Outputs = 4;
        var example = new LossExample(row, Weights.Length, Outputs, 3, 17);
        int[] repeated = [.. Enumerable.Range(0, Weights.Length).SelectMany(i => Enumerable.Repeat(i, (int)Weights[i]))];
        Matrix<double> weightedGradient = new(Weights.Length, Outputs), gradient = new(repeated.Length, Outputs);
        double weighted = example.Loss.Compute<double>(
            example.Scores, example.Targets.WithWeights(Weights), weightedGradient.View);
        double plain = example.Loss.Compute<double>(Rows(example.Scores, repeated), Repeated(example, repeated), gradient.View);
        Assert.Equal(plain * repeated.Length, weighted * Weights.Length, 1e-12 * (1 + plain));
        Assert.Equal(
            weighted, example.Loss.Compute<double>(example.Scores, example.Targets.WithWeights(Weights), default), 1e-14);
        for (int i = 0; i < Weights.Length; i++)
        {
            for (int j = 0; j < Outputs; j++)
            {
                double sum = 0;
                for (int copy = 0; copy < repeated.Length; copy++)
                    sum += repeated[copy] == i ? gradient[copy, j] : 0;
                Assert.Equal(sum * repeated.Length, weightedGradient[i, j] * Weights.Length, 1e-12);
            }
        }
    }

    private static Targets<double> Repeated(LossExample example, int[] examples) => example.HasLabels
        ? Targets<double>.FromLabels(examples.Select(i => example.Labels[i]).ToArray())
        : Targets<double>.FromValues(Rows(example.Values, examples));

    private static Matrix<double> Rows(Matrix<double> matrix, int[] rows)
    {
        var some = new Matrix<double>(rows.Length, matrix.Columns);
        for (int i = 0; i < rows.Length; i++)
            matrix.Row(rows[i]).CopyTo(some.Row(i));
        return some;
    }

    [Fact]
    public void Loss_of_an_example_without_weight_does_not_matter_whatever_it_is()
    {
        var scores = Matrix<double>.FromArray(new[,] { { 0, double.NegativeInfinity }, { 1, 3 } });
        var gradient = new Matrix<double>(2, 2);
        gradient.AsSpan().Fill(7);
        double loss = new SoftmaxCrossEntropy().Compute<double>(
            scores, Targets<double>.FromLabels([1, 1]).WithWeights([0, 4]), gradient.View);
        Assert.Equal(2 * Math.Log(1 + Math.Exp(-2)), loss, 1e-14);
        Assert.Equal([0, 0], gradient.Row(0).ToArray());
    }

    [Theory]
    [InlineData(new double[] { 1 }, "as many weights")]
    [InlineData(new double[] { 1, -1 }, "found -1 at example 1")]
    [InlineData(new double[] { double.NaN, 1 }, "at example 0")]
    public void Weights_that_cannot_be_are_refused_before_anything_is_written(double[] weights, string expected)
    {
        var gradient = new Matrix<double>(2, 2);
        gradient.AsSpan().Fill(7);
        var exception = Assert.Throws<ArgumentException>(() => new SoftmaxCrossEntropy().Compute<double>(
            new Matrix<double>(2, 2), Targets<double>.FromLabels([1, 0]).WithWeights(weights), gradient.View));
        Assert.Contains(expected, exception.Message);
        Assert.All(gradient.AsSpan().ToArray(), value => Assert.Equal(7, value));
    }

    [Fact]
    public void Targets_of_some_examples_keep_their_weights() =>
        Assert.Equal([1, 3], Targets<double>.FromLabels([0, 1, 2, 3]).WithWeights([2, 1, 3, 0]).Slice(1, 2).Weights.ToArray());

    [Fact]
    public void Weighted_loss_allocates_nothing()
    {
        Matrix<float> scores = new(5, 3), gradient = new(5, 3);
        Assert.Equal(0, Allocation.Of(() =>
        {
            Softmax.Compute<float>(
                scores, Targets<float>.FromLabels([0, 1, 2, 1, 0]).WithWeights([1, 1, 2, 0, 3]), gradient.View);
        }));
    }
}
