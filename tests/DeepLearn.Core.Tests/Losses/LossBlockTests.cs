using DeepLearn.Losses;
using DeepLearn.Tensors;
using Xunit;

namespace DeepLearn.Tests.Losses;

/// <summary>Losses that go through large batches and long rows a block at a time are the mean of those of single examples.</summary>
public class LossBlockTests
{
    public static TheoryData<int, int> Shapes => new()
    {
        { 300, 3 }, { 130, 2 }, { 103, 10 }, { 5, 256 }, { 3, 511 }, { 3, 512 }, { 3, 513 }, { 2, 1024 }, { 3, 1100 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Loss_of_a_batch_is_the_mean_of_its_examples(int batch, int outputs)
    {
        var random = new Random((batch * 7) + outputs);
        Matrix<double> scores = new(batch, outputs), shares = new(batch, outputs);
        foreach (ref double score in scores.AsSpan())
            score = (random.NextDouble() * 8) - 4;
        for (int row = 0; row < batch; row++)
        {
            foreach (ref double share in shares.Row(row))
                share = random.NextDouble();
            double sum = shares.Row(row).ToArray().Sum();
            foreach (ref double share in shares.Row(row))
                share /= sum;
        }
        int[] labels = [.. Enumerable.Range(0, batch).Select(_ => random.Next(outputs))];
        double[] classWeights = [.. Enumerable.Range(0, outputs).Select(_ => random.NextDouble() + 0.5)];
        foreach (Loss loss in (Loss[])
        [
            new SoftmaxCrossEntropy(), new SoftmaxCrossEntropy { ClassWeights = [.. classWeights] },
            new SoftmaxCrossEntropy { LabelSmoothing = 0.1 }, new SigmoidBinaryCrossEntropy(),
            new SigmoidBinaryCrossEntropy { Reduction = OutputReduction.Sum },
        ])
        {
            Check(loss, scores, labels, default);
            Check(loss, scores, default, shares);
        }
    }

    [Fact]
    public void SigmoidBinaryCrossEntropy_of_a_long_row_equals_its_definition()
    {
        const int Outputs = 1100;
        int[] labels = [0, 511, 512, 1023, 1024, Outputs - 1];
        var random = new Random(1);
        Matrix<double> scores = new(labels.Length, Outputs), gradient = new(labels.Length, Outputs);
        foreach (ref double score in scores.AsSpan())
            score = (random.NextDouble() * 8) - 4;
        Loss loss = new SigmoidBinaryCrossEntropy { Reduction = OutputReduction.Sum };
        double found = loss.Compute(scores, Targets<double>.FromLabels(labels), gradient), expected = 0;
        for (int row = 0; row < labels.Length; row++)
        {
            for (int j = 0; j < Outputs; j++)
            {
                double score = scores[row, j], yes = j == labels[row] ? 1 : 0;
                expected += (Math.Log(1 + Math.Exp(score)) - (yes * score)) / labels.Length;
                Assert.Equal(((1 / (1 + Math.Exp(-score))) - yes) / labels.Length, gradient[row, j], 1e-14);
            }
        }
        Assert.Equal(expected, found, 1e-12 * expected);
    }

    private static void Check(Loss loss, Matrix<double> scores, ReadOnlySpan<int> labels, Matrix<double>? shares)
    {
        Matrix<double> gradient = new(scores.Rows, scores.Columns), ofOne = new(1, scores.Columns);
        Targets<double> targets = shares is null ? Targets<double>.FromLabels(labels) : Targets<double>.FromValues(shares);
        double found = loss.Compute(scores, targets, gradient), without = loss.Compute(scores, targets, default), expected = 0;
        for (int row = 0; row < scores.Rows; row++)
        {
            expected += loss.Compute(scores.View.SliceRows(row, 1), targets.Slice(row, 1), ofOne.View) / scores.Rows;
            for (int j = 0; j < scores.Columns; j++)
                Assert.Equal(ofOne[0, j] / scores.Rows, gradient[row, j], 1e-12);
        }
        Assert.Equal(expected, found, 1e-12 * Math.Max(1, expected));
        Assert.Equal(expected, without, 1e-12 * Math.Max(1, expected));
    }
}
