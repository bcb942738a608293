using DeepLearn.Foundation;
using DeepLearn.Losses;
using DeepLearn.Tensors;
using DeepLearn.Tests.Support;
using Xunit;

namespace DeepLearn.Tests.Losses;

/// <summary>Every loss with every number of outputs and every kind of target: it fits and can be learned from, or is refused.</summary>
public class LossFitMatrixTests
{
    private static readonly Loss[] Losses =
    [
        new SoftmaxCrossEntropy(), new SigmoidBinaryCrossEntropy(), new MulticlassHinge(), new MeanSquaredError(), new MeanAbsoluteError(),
        new Huber(),
    ];

    [Fact]
    public void Losses_of_the_library_are_all_in_the_matrix() =>
        Assert.Empty(LibraryTypes.Of<Loss>().Except(Losses.Select(loss => loss.GetType())));

    [Fact]
    public void Loss_fits_exactly_the_outputs_and_targets_that_it_is_for()
    {
        foreach (Loss loss in Losses)
        {
            foreach (int outputs in (int[])[1, 2, 3, 7])
            {
                foreach (int classes in (int[])[0, 2, 3, 4, 8])
                {
                    foreach (int width in (int[])[0, 1, 2, 3, 8])
                        Assert.True(Fits(loss, outputs, classes, width) == Accepts(loss, outputs, classes, width), Name());

                    string Name() => $"{loss} of {outputs} outputs, {classes} classes";
                }
            }
        }
    }

    /// <summary>What is accepted can be computed, and says in which direction every output is wrong or how far.</summary>
    [Fact]
    public void Loss_that_fits_has_a_gradient_for_an_example_that_is_wrong()
    {
        RandomStream random = RandomKey.FromSeed(1).Open();
        foreach (Loss loss in Losses)
        {
            foreach (int outputs in (int[])[1, 2, 3, 7])
            {
                var scores = new Matrix<float>(4, outputs);
                foreach (ref float score in scores.AsSpan())
                    score = (float)random.NextUniform();
                if (Accepts(loss, outputs, Math.Max(2, outputs), 0))
                    Learns(loss, scores, Targets<float>.FromLabels([0, 1, 1, 0]));
                if (!Accepts(loss, outputs, 0, outputs))
                    continue;
                var values = new Matrix<float>(4, outputs);
                for (int i = 0; i < 4; i++)
                    values[i, i % outputs] = 1;
                Learns(loss, scores, Targets<float>.FromValues(values));
            }
        }

        static void Learns(Loss loss, Matrix<float> scores, Targets<float> targets)
        {
            var gradient = new Matrix<float>(scores.Rows, scores.Columns);
            double before = loss.Compute<float>(scores, targets, gradient);
            Assert.True(before > 0, $"{loss}");
            for (int row = 0; row < gradient.Rows; row++)
                Assert.Contains(gradient.Row(row).ToArray(), derivative => derivative != 0);
            var moved = new Matrix<float>(scores.Rows, scores.Columns);
            for (int i = 0; i < moved.Count; i++)
                moved.AsSpan()[i] = scores.AsSpan()[i] - (0.01f * gradient.AsSpan()[i]);
            Assert.True(loss.Compute<float>(moved, targets, default) < before, $"{loss}");
        }
    }

    /// <summary>
    /// A regression of two targets that is given a loss of classes: as many outputs as targets, so that nothing else says that it is wrong.
    /// </summary>
    [Theory]
    [InlineData(1.5f)]
    [InlineData(-0.01f)]
    [InlineData(21_000f)]
    [InlineData(float.NaN)]
    public void Loss_of_probabilities_refuses_other_numbers_before_anything_is_written(float found)
    {
        Matrix<float> scores = new(3, 2), values = Matrix<float>.FromArray(new[,] { { 0, 1f }, { 0.5f, 0.5f }, { 1, found } });
        var gradient = new Matrix<float>(3, 2);
        gradient.View.Fill(7);
        foreach (Loss loss in (Loss[])[new SoftmaxCrossEntropy(), new SigmoidBinaryCrossEntropy()])
        {
            string message = Assert.Throws<ArgumentException>(
                () => loss.Compute<float>(scores, Targets<float>.FromValues(values), gradient)).Message;
            Assert.Contains("probabilities, from 0 to 1", message);
            Assert.Contains("at example 2", message);
            Assert.Contains(nameof(MeanSquaredError), message);
        }
        Assert.All(gradient.AsSpan().ToArray(), value => Assert.Equal(7, value));
    }

    [Fact]
    public void Loss_of_probabilities_takes_shares_that_were_rounded()
    {
        Matrix<float> scores = new(1, 2), values = Matrix<float>.FromArray(new[,] { { MathF.BitIncrement(1), -1e-8f } });
        foreach (Loss loss in (Loss[])[new SoftmaxCrossEntropy(), new SigmoidBinaryCrossEntropy()])
            Assert.True(loss.Compute<float>(scores, Targets<float>.FromValues(values), default) > 0);
    }

    [Fact]
    public void Losses_with_weights_that_float_cannot_hold_are_refused()
    {
        Assert.Contains("in float too", Assert.Throws<ArgumentOutOfRangeException>(
            () => new SoftmaxCrossEntropy { ClassWeights = [1, 1e39] }).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new SigmoidBinaryCrossEntropy { PositiveWeights = [1e39] });
        Assert.Throws<ArgumentOutOfRangeException>(() => new MulticlassHinge { ClassWeights = [1e300] });
    }

    // Rows of numbers are what counts where a loss takes them and the examples have some; labels otherwise.
    private static bool Fits(Loss loss, int outputs, int classes, int width) => loss switch
    {
        SoftmaxCrossEntropy => outputs >= 2 && (width > 0 ? width == outputs : classes == outputs),
        SigmoidBinaryCrossEntropy => width > 0 ? width == outputs : classes == Math.Max(2, outputs),
        MulticlassHinge => outputs >= 2 && classes == outputs,
        _ => width == outputs,
    };

    private static bool Accepts(Loss loss, int outputs, int classes, int width)
    {
        try
        {
            loss.RequireFit(outputs, classes, width);
            return true;
        }
        catch (ArgumentException exception)
        {
            Assert.Contains(loss.GetType().Name, exception.Message);
            return false;
        }
    }
}
