using DeepLearn.Foundation;
using DeepLearn.Losses;
using DeepLearn.Tensors;
using DeepLearn.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Xunit;

namespace DeepLearn.Tests.Losses;

/// <summary>What holds of every loss; a new one joins by a row of <see cref="LossCase.All"/>.</summary>
public class LossContractTests
{
    public static TheoryData<LossCase> Rows => [.. LossCase.All];

    [Fact]
    public void Losses_of_the_library_all_have_a_contract_row() =>
        Assert.Empty(LibraryTypes.Of<Loss>().Except(LossCase.All.Select(row => new LossExample(row, 1, 3, 1, 1).Loss.GetType())));

    [Property(MaxTest = 300)]
    public Property Loss_gradient_equals_the_numeric_derivative() => Prop.ForAll(LossExample.Arbitrary, example =>
    {
        Matrix<double> gradient = Gradient(example);
        Matrix<double> scores = Matrix<double>.CopyOf(example.Scores);
        for (int i = 0; i < scores.Count; i++)
        {
            double numeric = Derivative(example, scores, i);
            double analytic = gradient.AsSpan()[i];
            Assert.True(
                Math.Abs(numeric - analytic) <= 1e-8 * (1 + Math.Abs(numeric)),
                $"Element {i}: analytic {analytic:R}, numeric {numeric:R}.");
        }
    });

    [Property(MaxTest = 200)]
    public Property Loss_in_float_agrees_with_double() => Prop.ForAll(LossExample.Arbitrary, example =>
    {
        Matrix<double> gradient = Gradient(example);
        var single = new Matrix<float>(example.Batch, example.Outputs);
        double loss = example.Loss.Compute<double>(example.Scores, example.Targets, default);
        double singleLoss = example.Loss.Compute<float>(LossExample.ToSingle(example.Scores), example.SingleTargets(), single);
        Assert.Equal(loss, singleLoss, 1e-5 * (1 + Math.Abs(loss)));
        for (int i = 0; i < single.Count; i++)
            Assert.Equal(gradient.AsSpan()[i], single.AsSpan()[i], 1e-5 * (1 + Math.Abs(gradient.AsSpan()[i])));
    });

    [Property(MaxTest = 100)]
    public Property Loss_of_a_batch_is_the_weighted_mean_of_its_parts() => Prop.ForAll(LossExample.Arbitrary, example =>
    {
        int first = example.Batch / 2, second = example.Batch - first;
        double left = first == 0 ? 0 : first * example.Loss.Compute<double>(example.Scores.SliceRows(0, first), example.TargetsOf(0, first), default);
        double right = second * example.Loss.Compute<double>(example.Scores.SliceRows(first, second), example.TargetsOf(first, second), default);
        double whole = example.Loss.Compute<double>(example.Scores, example.Targets, default);
        Assert.Equal(whole, (left + right) / example.Batch, 1e-12 * (1 + Math.Abs(whole)));
    });

    [Property(MaxTest = 100)]
    public Property Loss_without_gradient_or_in_a_window_of_a_matrix_has_the_same_value() => Prop.ForAll(LossExample.Arbitrary, example =>
    {
        Matrix<double> gradient = Gradient(example);
        var wide = new Matrix<double>(example.Batch, example.Outputs + 3);
        var wideGradient = new Matrix<double>(example.Batch, example.Outputs + 5);
        wide.View.Fill(double.NaN);
        wideGradient.View.Fill(7);
        MatrixView<double> window = wide.View.Slice(0, 2, example.Batch, example.Outputs);
        MatrixView<double> gradientWindow = wideGradient.View.Slice(0, 1, example.Batch, example.Outputs);
        ((ReadOnlyMatrixView<double>)example.Scores).CopyTo(window);
        double whole = example.Loss.Compute<double>(example.Scores, example.Targets, default);
        Assert.Equal(whole, example.Loss.Compute(window, example.Targets, gradientWindow));
        Assert.Equal(gradient.AsSpan().ToArray(), Matrix<double>.CopyOf(gradientWindow).AsSpan().ToArray());
        Assert.Equal(example.Batch * 5 * 7, wideGradient.AsSpan().ToArray().Sum() - Matrix<double>.CopyOf(gradientWindow).AsSpan().ToArray().Sum(), 1e-9);
    });

    [Theory]
    [InlineData(300, 4)]
    [InlineData(3, 700)]
    [InlineData(2, 1500)]
    public void Loss_of_large_batches_is_the_mean_of_the_losses_of_single_examples(int batch, int outputs)
    {
        // Of many random numbers some are close to a kink, so that losses with kinks are left out of wide rows.
        foreach (LossCase row in LossCase.All.Where(row => outputs < 10 || row.Clearance is null))
        {
            var example = new LossExample(row, batch, outputs, 3, 8);
            Matrix<double> gradient = Gradient(example), scores = Matrix<double>.CopyOf(example.Scores), one = new(1, outputs);
            double mean = 0;
            for (int i = 0; i < batch; i++)
            {
                mean += example.Loss.Compute<double>(scores.SliceRows(i, 1), example.TargetsOf(i, 1), one) / batch;
                for (int j = 0; j < outputs; j++)
                    Assert.Equal(one[0, j] / batch, gradient[i, j], 1e-14);
            }
            Assert.Equal(mean, example.Loss.Compute<double>(scores, example.Targets, default), 1e-12 * (1 + mean));
            Assert.Equal(example.Loss.Compute<double>(scores, example.Targets, gradient), example.Loss.Compute<double>(scores, example.Targets, default));
            foreach (int element in new[] { 0, outputs - 1, (batch * outputs / 2) + 1, (batch * outputs) - 1 })
                Assert.Equal(Derivative(example, scores, element), gradient.AsSpan()[element], 1e-8);
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Loss_of_huge_scores_and_its_gradient_are_finite(LossCase row)
    {
        var example = new LossExample(row, 4, 5, 1, 3);
        foreach (ref double score in example.Scores.AsSpan())
            score = score > 0 ? 1e4 : -1e4;
        var gradient = new Matrix<float>(4, 5);
        double loss = example.Loss.Compute<float>(LossExample.ToSingle(example.Scores), example.SingleTargets(), gradient);
        Assert.True(double.IsFinite(loss) && loss >= 0, $"{loss}");
        Assert.All(gradient.AsSpan().ToArray(), derivative => Assert.True(float.IsFinite(derivative)));
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Loss_of_NaN_scores_is_NaN(LossCase row)
    {
        for (int i = 0; i < 5; i++)
        {
            var example = new LossExample(row, 2, 5, 1, 3);
            example.Scores[1, i] = double.NaN;
            Assert.True(double.IsNaN(example.Loss.Compute<double>(example.Scores, example.Targets, Gradient(example))), $"NaN at {i}");
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Loss_computation_allocates_nothing(LossCase row)
    {
        var example = new LossExample(row, 6, 10, 1, 4);
        var gradient = new Matrix<double>(6, 10);
        Loss loss = example.Loss;
        Assert.Equal(0, Allocation.Of(() => loss.Compute<double>(example.Scores, example.Targets, gradient)));
        Assert.Equal(0, Allocation.Of(() => loss.Compute<double>(example.Scores, example.Targets, default)));

        // In float, and of many classes, whose exponentials do not go onto the stack.
        foreach (int outputs in new[] { 10, 1500 })
        {
            var other = new LossExample(row with { Clearance = null }, 6, outputs, 1, 4);
            Matrix<float> scores = LossExample.ToSingle(other.Scores), derivatives = new(6, outputs), values = LossExample.ToSingle(other.Values);
            Assert.Equal(0, Allocation.Of(() => other.Loss.Compute(scores, Of(other, values), derivatives)));
            Assert.Equal(0, Allocation.Of(() => other.Loss.Compute(scores, Of(other, values), default)));
        }

        Targets<float> Of(LossExample other, Matrix<float> values) =>
            other.HasLabels ? Targets<float>.FromLabels(other.Labels) : Targets<float>.FromValues(values);
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Loss_with_wrong_shapes_labels_or_targets_is_refused_with_what_was_found(LossCase row)
    {
        var example = new LossExample(row, 4, 5, 1, 5);
        var gradient = new Matrix<double>(4, 5);
        gradient.View.Fill(7);
        Loss loss = example.Loss;
        Assert.Contains("[3, 5]", Throws(() => loss.Compute(example.Scores, example.Targets, gradient.SliceRows(0, 3))));
        Assert.Contains("found 3", Throws(() => loss.Compute<double>(example.Scores, example.TargetsOf(0, 3), gradient)));
        Assert.Contains("at least one", Throws(() => loss.Compute<double>(new Matrix<double>(0, 5), example.TargetsOf(0, 0), gradient.SliceRows(0, 0))));
        if (loss.TakesLabels)
        {
            Assert.Contains("found 5 at example 1", Throws(() => loss.Compute<double>(example.Scores, Targets<double>.FromLabels([0, 5, 1, 2]), gradient)));
            Assert.Contains("found -1 at example 2", Throws(() => loss.Compute<double>(example.Scores, Targets<double>.FromLabels([0, 1, -1, 2]), gradient)));
        }
        else
        {
            Assert.Contains("rows of numbers", Throws(() => loss.Compute<double>(example.Scores, Targets<double>.FromLabels([0, 1, 1, 2]), gradient)));
        }
        Assert.Contains(
            loss.TakesValues ? "found 4" : "class labels",
            Throws(() => loss.Compute<double>(example.Scores, Targets<double>.FromValues(new Matrix<double>(4, 4)), gradient)));
        Assert.All(gradient.AsSpan().ToArray(), derivative => Assert.Equal(7, derivative));
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Loss_is_a_value_with_equality_and_a_printed_name(LossCase row)
    {
        Loss one = new LossExample(row, 1, 5, 1, 6).Loss, other = new LossExample(row, 1, 5, 1, 6).Loss;
        Assert.Equal(one, other);
        Assert.Equal(one.GetHashCode(), other.GetHashCode());
        Assert.StartsWith(one.GetType().Name, one.ToString(), StringComparison.Ordinal);
    }

    private static string Throws(Action action) => Assert.ThrowsAny<ArgumentException>(action).Message;

    private static Matrix<double> Gradient(LossExample example)
    {
        var gradient = new Matrix<double>(example.Batch, example.Outputs);
        gradient.View.Fill(double.NaN);
        example.Loss.Compute<double>(example.Scores, example.Targets, gradient);
        return gradient;
    }

    /// <summary>The derivative by five points, whose error is of the fourth order.</summary>
    private static double Derivative(LossExample example, Matrix<double> scores, int element)
    {
        const double Step = 2e-4;
        double original = scores.AsSpan()[element];
        double result = ((8 * (At(Step) - At(-Step))) - (At(2 * Step) - At(-2 * Step))) / (12 * Step);
        scores.AsSpan()[element] = original;
        return result;

        double At(double distance)
        {
            scores.AsSpan()[element] = original + distance;
            return example.Loss.Compute<double>(scores, example.Targets, default);
        }
    }
}
