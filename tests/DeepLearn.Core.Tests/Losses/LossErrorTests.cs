using DeepLearn.Foundation;
using DeepLearn.Losses;
using DeepLearn.Tensors;
using Xunit;

namespace DeepLearn.Tests.Losses;

/// <summary>What a loss cannot work with is refused with what was expected and what was found; what is at the border is taken.</summary>
public class LossErrorTests
{
    private const double Infinity = double.PositiveInfinity;

    [Fact]
    public void Compute_of_matrices_that_do_not_fit_says_what_was_expected_and_found()
    {
        Loss softmax = new SoftmaxCrossEntropy(), squares = new MeanSquaredError(), hinge = new MulticlassHinge();
        Refuses(softmax, new(0, 3), Targets<double>.FromLabels([]), default, "needs at least one example and one output; found [0, 3]");
        Refuses(softmax, new(2, 3), Targets<double>.FromLabels([0, 1]), new(3, 3), "the gradient is of the outputs' [2, 3]; found [3, 3]");
        Refuses(softmax, new(2, 3), Targets<double>.FromLabels([0, 1]), new(2, 4), "the gradient is of the outputs' [2, 3]; found [2, 4]");
        Refuses(softmax, new(2, 3), Targets<double>.FromLabels([0]), default, "2 outputs need as many targets; found 1");
        Refuses(
            softmax, new(2, 3), Targets<double>.FromLabels([0, 1]).WithWeights([1, 1, 1]), default,
            "2 examples have as many weights; found 3");
        Refuses(
            softmax, new(2, 3), Targets<double>.FromLabels([0, 1]).WithWeights([1, Infinity]), default,
            "a weight is finite and at least 0; found Infinity at example 1");
        Refuses(squares, new(2, 3), Targets<double>.FromLabels([0, 1]), default, "takes rows of numbers as targets; found class labels");
        Refuses(softmax, new(2, 3), Targets<double>.FromLabels([0, 3]), default, "a label is from 0 to 2; found 3 at example 1");
        Refuses(softmax, new(2, 3), Targets<double>.FromLabels([-1, 0]), default, "a label is from 0 to 2; found -1 at example 0");
        Refuses(
            hinge, new(2, 3), Targets<double>.FromValues(new Matrix<double>(2, 3)), default,
            "takes class labels as targets; found rows of numbers");
        Refuses(
            squares, new(2, 3), Targets<double>.FromValues(new Matrix<double>(2, 2)), default, "a row of targets has 3 numbers; found 2");
    }

    [Fact]
    public void Compute_takes_weights_of_0_and_probabilities_at_both_ends_of_windows()
    {
        // A view of some columns of a wider matrix is not contiguous, so that its rows are looked at one by one.
        var wide = Matrix<double>.FromArray(new[,] { { 0.0, 1, 9 }, { 0.25, 0.75, -9 } });
        ReadOnlyMatrixView<double> shares = wide.View.Slice(0, 0, 2, 2);
        var scores = new Matrix<double>(2, 2);
        double loss = new SoftmaxCrossEntropy().Compute(scores.View, Targets<double>.FromValues(shares), default);
        Assert.Equal(Math.Log(2), loss, 1e-15);
        Assert.Equal(
            0, new SoftmaxCrossEntropy().Compute(scores.View, Targets<double>.FromLabels([0, 1]).WithWeights([0, 0]), default));
        ReadOnlyMatrixView<double> outside = wide.View.Slice(0, 1, 2, 2);
        foreach (Loss other in (Loss[])[new SoftmaxCrossEntropy(), new SigmoidBinaryCrossEntropy()])
        {
            var gradient = new Matrix<double>(2, 2);
            string message = "";
            try
            {
                other.Compute(scores.View, Targets<double>.FromValues(outside), gradient.View);
            }
            catch (ArgumentException exception)
            {
                message = exception.Message;
            }
            Assert.Contains("targets are probabilities, from 0 to 1; found 9 at example 0", message);
        }
    }

    [Fact]
    public void Loss_options_that_cannot_be_are_named_with_the_value_and_what_they_take()
    {
        const string Weight = "A weight is at least 0 and finite, in float too; position 1 is not.";
        Options("ClassWeights", -1.0, Weight, () => new SoftmaxCrossEntropy { ClassWeights = [1, -1] });
        Options("ClassWeights", Infinity, Weight, () => new MulticlassHinge { ClassWeights = [1, Infinity] });
        Options("PositiveWeights", 1e39, Weight, () => new SigmoidBinaryCrossEntropy { PositiveWeights = [1, 1e39] });
        Options(
            "ClassWeights", 0, "At least one weight is above 0; found 2 of 0, which leave no loss.",
            () => new SoftmaxCrossEntropy { ClassWeights = [0, 0] });
        Options("reduction", (OutputReduction)2, "The reduction is Mean or Sum.", () => new Huber { Reduction = (OutputReduction)2 });
        Options("Delta", 0.0, "Delta is finite and above 0.", () => new Huber(0));
        Options("Delta", Infinity, "Delta is finite and above 0.", () => new Huber(Infinity));
        Options("Margin", -1.0, "Margin is finite and above 0.", () => new MulticlassHinge { Margin = -1 });
        Options("Form", (HingeForm)2, "The form is WestonWatkins or CrammerSinger.", () => new MulticlassHinge { Form = (HingeForm)2 });
        Options(
            "LabelSmoothing", 1.0, "Label smoothing is at least 0 and below 1.", () => new SoftmaxCrossEntropy { LabelSmoothing = 1 });
        Options(
            "LabelSmoothing", -0.1, "Label smoothing is at least 0 and below 1.", () => new SoftmaxCrossEntropy { LabelSmoothing = -0.1 });
        Assert.Equal("ClassWeights", Assert.Throws<ArgumentNullException>(() => new MulticlassHinge { ClassWeights = null! }).ParamName);
        Assert.Equal(
            "PositiveWeights",
            Assert.Throws<ArgumentNullException>(() => new SigmoidBinaryCrossEntropy { PositiveWeights = null! }).ParamName);

        // Some weights may be 0.
        Assert.Equal([0, 1], new SoftmaxCrossEntropy { ClassWeights = [0, 1] }.ClassWeights);
        Assert.Equal([0, 0], new SigmoidBinaryCrossEntropy { PositiveWeights = [0, 0] }.PositiveWeights);
    }

    [Fact]
    public void RequireFit_says_what_goes_with_which_loss()
    {
        Unfit(new MeanSquaredError(), 0, 0, 1, "needs at least one output; found 0.");
        Unfit(
            new SigmoidBinaryCrossEntropy { PositiveWeights = [1, 2] }, 3, 3, 0,
            "PositiveWeights has one weight for each of the 3 classes, or none; found 2.");
        Unfit(
            new MulticlassHinge { ClassWeights = [1, 2] }, 3, 3, 0,
            "ClassWeights has one weight for each of the 3 classes, or none; found 2.");
        Unfit(new MulticlassHinge(), 1, 2, 0, "needs at least two outputs, one for each class; found 1.");
        Unfit(
            new SoftmaxCrossEntropy(), 1, 2, 0, "needs at least two outputs, one for each class; found 1, whose probability is always 1. "
            + "One output goes with SigmoidBinaryCrossEntropy for two classes, or with MeanSquaredError for numbers.");
        Unfit(
            new SoftmaxCrossEntropy { LabelSmoothing = 1 - 1e-12 }, 10, 10, 0,
            "over 10 classes leaves nothing of the label in float; found a share of 1e-12.");
        Unfit(new Huber(), 3, 0, 2, "of 3 outputs takes rows of 3 numbers as targets; the data set has 2.");
        Unfit(new SoftmaxCrossEntropy(), 3, 4, 0, "of 3 outputs takes labels of 3 classes; the data set has 4.");
        Unfit(
            new MeanSquaredError(), 2, 3, 0, "takes rows of numbers as targets; the data set has class labels. Labels go with "
            + "SoftmaxCrossEntropy; two classes and one output with SigmoidBinaryCrossEntropy.");
        Unfit(
            new MulticlassHinge(), 2, 0, 2, "takes class labels as targets; the data set has rows of numbers. "
            + "Numbers go with MeanSquaredError.");
        Unfit(
            new SoftmaxCrossEntropy(), 2, 0, 0, "takes class labels or rows of numbers as targets; the data set has none. "
            + "Without labels and targets there is nothing to learn from.");
    }

    [Fact]
    public void RequireFit_of_outputs_in_a_range_refuses_scores_that_were_bounded()
    {
        NumberRange share = new(0, 1), positive = new(0, Infinity), negative = new(double.NegativeInfinity, 0);
        Unfit(new SigmoidBinaryCrossEntropy(), 1, 2, 0, share, "found outputs from 0 to 1, which give no probability above 0.73.");
        Unfit(new SigmoidBinaryCrossEntropy(), 1, 2, 0, negative, "found outputs at most 0, which give no probability above 0.50.");
        Unfit(new SigmoidBinaryCrossEntropy(), 1, 2, 0, positive, "which give no probability below 0.50.");
        Unfit(
            new SoftmaxCrossEntropy(), 3, 3, 0, share, "makes probabilities of the outputs itself, and takes scores, which may be any "
            + "number; found outputs from 0 to 1, which give no probability above 0.58. Leave out the layer that bounds them.");
        Unfit(
            new MulticlassHinge { Margin = 1.5 }, 3, 3, 0, share, "takes scores that can be a margin of 1.5 apart; found outputs from 0 to "
            + "1. Leave out the layer that bounds them, or take a smaller margin.");

        // ln 99 on either side gives probabilities of 0.01 and 0.99; ln 198 apart gives one of two classes as much as 0.99.
        double wide = Math.Log(99) + 1e-9, narrow = Math.Log(99) - 1e-9;
        new SigmoidBinaryCrossEntropy().RequireFit(1, 2, 0, new(-wide, wide));
        Unfit(new SigmoidBinaryCrossEntropy(), 1, 2, 0, new(-narrow, wide), "no probability below 0.01");
        Unfit(new SigmoidBinaryCrossEntropy(), 1, 2, 0, new(-wide, narrow), "no probability above 0.99");
        new SoftmaxCrossEntropy().RequireFit(3, 3, 0, new(0, Math.Log(198) + 1e-9));
        Unfit(new SoftmaxCrossEntropy(), 3, 3, 0, new(0, Math.Log(198) - 1e-9), "no probability above 0.99");
        // Of two outputs each is as far from the other; of a hundred and one the greatest is apart from a hundred.
        new SoftmaxCrossEntropy().RequireFit(2, 2, 0, new(-1, wide - 1));
        Unfit(new SoftmaxCrossEntropy(), 2, 2, 0, new(-1, narrow - 1), "no probability above 0.99");
        new SoftmaxCrossEntropy { LabelSmoothing = 0.1 }.RequireFit(101, 101, 0, new(-1, Math.Log(9900) - 1 + 1e-9));
        Unfit(
            new SoftmaxCrossEntropy { LabelSmoothing = 0.1 }, 101, 101, 0, new(-1, Math.Log(9900) - 1 - 1e-9), "no probability above 0.99");
        Unfit(new SoftmaxCrossEntropy(), 101, 101, 0, new(2, 2), "no probability above 0.01");
        new MulticlassHinge { Margin = 1 }.RequireFit(3, 3, 0, share);
        new MulticlassHinge { Margin = 1.5 }.RequireFit(3, 3, 0, new(-1, 1));
        new SoftmaxCrossEntropy().RequireFit(3, 3, 0, NumberRange.All);
        new MeanSquaredError().RequireFit(3, 0, 3, share);
    }

    [Fact]
    public void PredictionTask_of_each_loss_has_its_kind_outputs_and_classes()
    {
        Check(new SoftmaxCrossEntropy().TaskOf(3, false), TaskKind.Multiclass, 3, 3, "a classification into 3 classes");
        Check(new SigmoidBinaryCrossEntropy().TaskOf(1, true), TaskKind.Binary, 1, 2, "a classification into 2 classes by 1 output");
        Check(new SigmoidBinaryCrossEntropy().TaskOf(1, false), TaskKind.Binary, 1, 2, "a classification into 2 classes by 1 output");
        Check(new SigmoidBinaryCrossEntropy().TaskOf(2, true), TaskKind.Multiclass, 2, 2, "a classification into 2 classes");
        Check(new SigmoidBinaryCrossEntropy().TaskOf(2, false), TaskKind.Multilabel, 2, 0, "a choice of any of 2 labels");
        Check(new MulticlassHinge().TaskOf(4, true), TaskKind.Multiclass, 4, 4, "a classification into 4 classes");
        Check(new Huber().TaskOf(1, false), TaskKind.Regression, 1, 0, "a regression of 1 number");
        Check(PredictionTask.Multilabel(1), TaskKind.Multilabel, 1, 0, "a choice of any of 1 label");
        Assert.Equal(1, Assert.Throws<ArgumentOutOfRangeException>(() => PredictionTask.Multiclass(1)).ActualValue);
        Assert.Equal(0, Assert.Throws<ArgumentOutOfRangeException>(() => PredictionTask.Multilabel(0)).ActualValue);
        Assert.Equal(0, Assert.Throws<ArgumentOutOfRangeException>(() => PredictionTask.Regression(0)).ActualValue);

        static void Check(PredictionTask task, TaskKind kind, int outputs, int classes, string text)
        {
            Assert.Equal((kind, outputs, classes), (task.Kind, task.Outputs, task.Classes));
            Assert.Equal(text, task.ToString());
        }
    }

    [Fact]
    public void Losses_say_which_targets_they_take_and_whether_they_are_least_there()
    {
        Assert.Equal((true, true, false), Traits(new SoftmaxCrossEntropy()));
        Assert.Equal((true, true, false), Traits(new SigmoidBinaryCrossEntropy()));
        Assert.Equal((true, false, false), Traits(new MulticlassHinge()));
        foreach (Loss loss in (Loss[])[new MeanSquaredError(), new MeanAbsoluteError(), new Huber()])
            Assert.Equal((false, true, true), Traits(loss));
        Assert.Equal("SoftmaxCrossEntropy", new SoftmaxCrossEntropy().ToString().Split(' ')[0]);

        static (bool, bool, bool) Traits(Loss loss) => (loss.TakesLabels, loss.TakesValues, loss.IsLeastAtTarget);
    }

    private static void Refuses(
        Loss loss, Matrix<double> outputs, Targets<double> targets, Matrix<double>? gradient, string expected)
    {
        string message = "";
        try
        {
            loss.Compute(outputs.View, targets, gradient is null ? default : gradient.View);
        }
        catch (ArgumentException exception)
        {
            message = exception.Message;
        }
        Assert.Contains(loss.ToString(), message);
        Assert.Contains(expected, message);
    }

    private static void Options(string name, object found, string expected, Func<Loss> make)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(make);
        Assert.Equal(name, error.ParamName);
        Assert.Equal(found, error.ActualValue);
        Assert.StartsWith(expected, error.Message, StringComparison.Ordinal);
    }

    private static void Unfit(Loss loss, int outputs, int classes, int width, string expected) =>
        Assert.Contains(expected, Assert.Throws<ArgumentException>(() => loss.RequireFit(outputs, classes, width)).Message);

    private static void Unfit(Loss loss, int outputs, int classes, int width, NumberRange range, string expected) =>
        Assert.Contains(expected, Assert.Throws<ArgumentException>(() => loss.RequireFit(outputs, classes, width, range)).Message);
}
