using DeepLearn.Foundation;
using DeepLearn.Losses;
using DeepLearn.Tensors;
using DeepLearn.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace DeepLearn.Tests.Losses;

/// <summary>Examples worked by hand, and properties that single losses have.</summary>
public class LossKnownAnswerTests
{
    private const double Tiny = 1e-14;

    [Fact]
    public void SoftmaxCrossEntropy_of_equal_scores_is_the_logarithm_of_the_number_of_classes()
    {
        (double loss, double[] derivative) = Compute(new SoftmaxCrossEntropy(), [[3, 3, 3, 3]], [2]);
        Assert.Equal(Math.Log(4), loss, Tiny);
        Assert.Equal([0.25, 0.25, -0.75, 0.25], derivative);
    }

    [Fact]
    public void SoftmaxCrossEntropy_with_smoothing_and_weights_equals_a_hand_calculation()
    {
        // exp(0), exp(log 2), exp(log 5): probabilities 1/8, 2/8, 5/8.
        double[] scores = [0, Math.Log(2), Math.Log(5)];
        (double loss, double[] derivative) = Compute(new SoftmaxCrossEntropy(), [scores], [1]);
        Assert.Equal(Math.Log(4), loss, Tiny);
        Near([0.125, -0.75, 0.625], derivative);

        // Smoothing by 0.3 over three classes: 0.1, 0.8, 0.1; the weights 1, 2, 3 make it 0.1, 1.6, 0.3, together 2.
        var options = new SoftmaxCrossEntropy { LabelSmoothing = 0.3, ClassWeights = [1, 2, 3] };
        (loss, derivative) = Compute(options, [scores], [1]);
        Assert.Equal((0.1 * Math.Log(8)) + (1.6 * Math.Log(4)) + (0.3 * Math.Log(1.6)), loss, Tiny);
        Near([0.25 - 0.1, 0.5 - 1.6, 1.25 - 0.3], derivative);

        // The sum over the examples is divided by their number, not by their weights.
        (loss, derivative) = Compute(new SoftmaxCrossEntropy { ClassWeights = [1, 2, 4] }, [scores, scores], [1, 2]);
        Assert.Equal(((2 * Math.Log(4)) + (4 * Math.Log(1.6))) / 2, loss, Tiny);
        Near([0.125, -0.75, 0.625, 0.25, 0.5, -0.75], derivative);
    }

    [Property(MaxTest = 100)]
    public Property SoftmaxCrossEntropy_is_unchanged_by_a_shift_of_all_scores() => Prop.ForAll(
        (from seed in Gen.Choose(0, 10_000) from shift in Gen.Choose(-1000, 1000) select (seed, shift)).ToArbitrary(),
        test =>
        {
            var example = new LossExample(LossCase.All[1], 3, 6, 4, test.seed);
            (double loss, double[] derivative) = Compute(example);
            foreach (ref double score in example.Scores.AsSpan())
                score += test.shift;
            (double shifted, double[] shiftedDerivative) = Compute(example);
            Assert.Equal(loss, shifted, 1e-11 * (1 + loss));
            Near(derivative, shiftedDerivative, 1e-11);
            for (int row = 0; row < 3; row++)
                Assert.Equal(0, derivative.AsSpan(row * 6, 6).ToArray().Sum(), 1e-14);
        });

    [Property(MaxTest = 50)]
    public Property Loss_of_a_label_equals_loss_of_its_one_hot_row() => Prop.ForAll(Gen.Choose(0, 10_000).ToArbitrary(), seed =>
    {
        foreach (LossCase row in LossCase.All.Where(row => row.Kind == LossCase.TargetKind.Labels))
        {
            var example = new LossExample(row, 3, 4, 3, seed);
            if (!example.Loss.TakesValues)
                continue;
            var rows = new Matrix<double>(3, 4);
            for (int i = 0; i < 3; i++)
                rows[i, example.Labels[i]] = 1;
            (double loss, double[] derivative) = Compute(example);
            var gradient = new Matrix<double>(3, 4);
            Assert.Equal(
                loss, example.Loss.Compute<double>(example.Scores, Targets<double>.FromValues(rows), gradient), 1e-13 * (1 + loss));
            Near(derivative, gradient.AsSpan().ToArray(), 1e-14);
        }
    });

    [Fact]
    public void SoftmaxCrossEntropy_of_infinite_scores_has_its_limits()
    {
        const double Infinity = double.PositiveInfinity;
        (double loss, double[] derivative) = Compute(new SoftmaxCrossEntropy(), [[1, -Infinity, 1]], [0]);
        Assert.Equal(Math.Log(2), loss, Tiny);
        Assert.Equal([-0.5, 0, 0.5], derivative);
        (loss, derivative) = Compute(new SoftmaxCrossEntropy(), [[1, -Infinity, 1]], [1]);
        Assert.Equal(Infinity, loss);
        Assert.Equal([0.5, -1, 0.5], derivative);
        (loss, derivative) = Compute(new SoftmaxCrossEntropy { ClassWeights = [1, 0, 1] }, [[1, -Infinity, 1]], [1]);
        Assert.Equal(0, loss);
        Assert.Equal([0, 0, 0], derivative.Select(Math.Abs));
        (loss, derivative) = Compute(new SoftmaxCrossEntropy(), [[1, Infinity, 1]], [1]);
        Assert.True(double.IsNaN(loss) && derivative.All(double.IsNaN));

        // A probability of exp(-800) is 0 in double; its logarithm is not.
        (loss, _) = Compute(new SoftmaxCrossEntropy(), [[0, 0, -800]], [2]);
        Assert.Equal(800 + Math.Log(2), loss, 1e-12);
        Assert.Equal(0, One(new SigmoidBinaryCrossEntropy { PositiveWeights = [0] }, -Infinity, 1).Loss);

        // Soft targets: nothing of a class that has no share.
        var outputs = Matrix<double>.FromArray(new[,] { { 1, -Infinity } });
        var gradient = new Matrix<double>(1, 2);
        var targets = Targets<double>.FromValues(Matrix<double>.FromArray(new[,] { { 1.0, 0.0 } }));
        Assert.Equal(0, new SoftmaxCrossEntropy().Compute<double>(outputs, targets, gradient));
        Assert.Equal([0, 0], gradient.AsSpan().ToArray());
    }

    [Fact]
    public void SigmoidBinaryCrossEntropy_equals_a_hand_calculation()
    {
        double[] scores = [Math.Log(3)];
        (double loss, double[] derivative) = Compute(new SigmoidBinaryCrossEntropy(), [scores], [1]);
        Assert.Equal(Math.Log(4.0 / 3), loss, Tiny);
        Near([-0.25], derivative);
        (loss, derivative) = Compute(new SigmoidBinaryCrossEntropy { PositiveWeights = [5] }, [scores, scores], [0, 1]);
        Assert.Equal((Math.Log(4) + (5 * Math.Log(4.0 / 3))) / 2, loss, Tiny);
        Near([0.375, -0.625], derivative);

        // One sigmoid for each class, with the mean over the outputs and with their sum.
        double[] three = [0, Math.Log(3), -Math.Log(3)];
        (loss, derivative) = Compute(new SigmoidBinaryCrossEntropy(), [three], [1]);
        Assert.Equal((Math.Log(2) + (2 * Math.Log(4.0 / 3))) / 3, loss, Tiny);
        Near([0.5 / 3, -0.25 / 3, 0.25 / 3], derivative);
        (loss, _) = Compute(new SigmoidBinaryCrossEntropy { Reduction = OutputReduction.Sum }, [three], [1]);
        Assert.Equal(Math.Log(2) + (2 * Math.Log(4.0 / 3)), loss, Tiny);
    }

    [Fact]
    public void SigmoidBinaryCrossEntropy_of_infinite_and_large_scores_has_its_limits()
    {
        const double Infinity = double.PositiveInfinity;
        var loss = new SigmoidBinaryCrossEntropy();
        Assert.Equal((0, 0), One(loss, Infinity, 1));
        Assert.Equal((0, 0), One(loss, -Infinity, 0));
        Assert.Equal((Infinity, 1), One(loss, Infinity, 0));
        Assert.Equal((Infinity, -1), One(loss, -Infinity, 1));

        // The loss of a sure and right answer is small, not 0.
        Assert.Equal(Math.Exp(-40), One(loss, 40, 1).Loss, 1e-30);
        Assert.Throws<ArgumentException>(() => Compute(loss, [[0.0]], [2]));
    }

    [Fact]
    public void MulticlassHinge_in_both_forms_equals_a_hand_calculation()
    {
        // Scores 1, 3, 2.5 and 0 with class 1: only the third class comes nearer than the margin.
        double[] scores = [1, 3, 2.5, 0];
        (double loss, double[] derivative) = Compute(new MulticlassHinge(), [scores], [1]);
        Assert.Equal(0.5, loss);
        Assert.Equal([0, -1, 1, 0], derivative);

        // With class 0: max(0, 1 + 2) + max(0, 1 + 1.5) + max(0, 1 - 1), and 3 for the nearest alone.
        (loss, derivative) = Compute(new MulticlassHinge { ClassWeights = [2, 1, 1, 1] }, [scores], [0]);
        Assert.Equal(2 * 5.5, loss);
        Assert.Equal([-4, 2, 2, 0], derivative);
        (loss, _) = Compute(new MulticlassHinge { ClassWeights = [0, 1] }, [[0, double.PositiveInfinity]], [0]);
        Assert.Equal(0, loss);
        (loss, derivative) = Compute(new MulticlassHinge { Form = HingeForm.CrammerSinger }, [scores], [0]);
        Assert.Equal(3, loss);
        Assert.Equal([-1, 1, 0, 0], derivative);
        (loss, derivative) = Compute(new MulticlassHinge { Form = HingeForm.CrammerSinger, Margin = 0.25 }, [scores], [1]);
        Assert.Equal(0, loss);
        Assert.Equal([0, 0, 0, 0], derivative);
        Assert.Contains("at least two", Assert.Throws<ArgumentException>(() => Compute(new MulticlassHinge(), [[1.0]], [0])).Message);
    }

    [Fact]
    public void MeanSquaredError_and_Huber_equal_a_hand_calculation()
    {
        Matrix<double> outputs = Matrix<double>.FromArray(new[,] { { 1.0, 5 }, { -2, 0 } });
        Matrix<double> targets = Matrix<double>.FromArray(new[,] { { 0.5, 2 }, { 1, 0 } });
        var gradient = new Matrix<double>(2, 2);
        Assert.Equal((0.25 + 9 + 9) / 4, new MeanSquaredError().Compute<double>(outputs, Targets<double>.FromValues(targets), gradient));
        Assert.Equal([0.25, 1.5, -1.5, 0], gradient.AsSpan().ToArray());
        Assert.Equal((0.125 + 4 + 4) / 4, new Huber(2).Compute<double>(outputs, Targets<double>.FromValues(targets), gradient));
        Assert.Equal([0.125, 0.5, -0.5, 0], gradient.AsSpan().ToArray());
        Assert.Equal((0.5 + 3 + 3) / 4, new MeanAbsoluteError().Compute<double>(outputs, Targets<double>.FromValues(targets), gradient));
        Assert.Equal([0.25, 0.25, -0.25, 0], gradient.AsSpan().ToArray());
    }

    [Fact]
    public void Losses_with_impossible_options_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new SoftmaxCrossEntropy { LabelSmoothing = 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new SoftmaxCrossEntropy { LabelSmoothing = double.NaN });
        Assert.Contains(
            "position 1", Assert.Throws<ArgumentOutOfRangeException>(() => new SoftmaxCrossEntropy { ClassWeights = [1, -1] }).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new MulticlassHinge { Margin = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new MulticlassHinge { Form = (HingeForm)2 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new MeanSquaredError { Reduction = (OutputReduction)2 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new MeanAbsoluteError { Reduction = (OutputReduction)2 });
        Assert.Contains(
            "found 2 of 0", Assert.Throws<ArgumentOutOfRangeException>(() => new MulticlassHinge { ClassWeights = [0, 0] }).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Huber { Reduction = (OutputReduction)(-1) });
        Assert.Throws<ArgumentOutOfRangeException>(() => new SigmoidBinaryCrossEntropy { Reduction = (OutputReduction)2 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new SigmoidBinaryCrossEntropy { PositiveWeights = [double.NaN] });
        Assert.Throws<ArgumentOutOfRangeException>(() => new Huber(double.PositiveInfinity));
        Assert.Contains(
            "each of the 3 classes, or none; found 2",
            Assert.Throws<ArgumentException>(() => Compute(new SoftmaxCrossEntropy { ClassWeights = [1, 1] }, [[1, 2, 3]], [0])).Message);
        Assert.Equal(new SoftmaxCrossEntropy { ClassWeights = [1, 2] }, new SoftmaxCrossEntropy { ClassWeights = [1, 2] });
    }

    private static (double Loss, double[] Derivative) Compute(Loss loss, double[][] scores, int[] labels)
    {
        var outputs = new Matrix<double>(scores.Length, scores[0].Length);
        for (int i = 0; i < scores.Length; i++)
            scores[i].CopyTo(outputs.Row(i));
        var gradient = new Matrix<double>(outputs.Rows, outputs.Columns);
        double value = loss.Compute<double>(outputs, Targets<double>.FromLabels(labels), gradient);
        return (value, gradient.AsSpan().ToArray());
    }

    private static (double Loss, double[] Derivative) Compute(LossExample example)
    {
        var gradient = new Matrix<double>(example.Batch, example.Outputs);
        return (example.Loss.Compute<double>(example.Scores, example.Targets, gradient), gradient.AsSpan().ToArray());
    }

    private static (double Loss, double Derivative) One(Loss loss, double score, int label)
    {
        (double value, double[] derivative) = Compute(loss, [[score]], [label]);
        return (value, derivative[0]);
    }

    private static void Near(double[] expected, double[] found, double tolerance = Tiny)
    {
        Assert.Equal(expected.Length, found.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], found[i], tolerance);
    }
}
