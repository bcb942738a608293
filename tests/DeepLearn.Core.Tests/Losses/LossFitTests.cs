using DeepLearn.Losses;
using Xunit;

namespace DeepLearn.Tests.Losses;

/// <summary>What does not fit together is said before training.</summary>
public class LossFitTests
{
    [Fact]
    public void SoftmaxCrossEntropy_of_one_output_is_refused_and_names_what_to_take() =>
        Refuses(
            new SoftmaxCrossEntropy(), 1, 2, 0, "at least two outputs", "found 1", nameof(SigmoidBinaryCrossEntropy),
            nameof(MeanSquaredError));

    [Fact]
    public void Loss_with_fewer_outputs_than_classes_is_refused()
    {
        Refuses(new SoftmaxCrossEntropy(), 3, 4, 0, "labels of 3 classes", "has 4");
        Refuses(new SigmoidBinaryCrossEntropy(), 1, 3, 0, "labels of 2 classes", "has 3");
        Refuses(new MulticlassHinge(), 1, 2, 0, "at least two outputs");
    }

    [Fact]
    public void Loss_with_more_outputs_than_classes_is_refused()
    {
        Refuses(new SoftmaxCrossEntropy(), 2700, 3, 0, "2700 outputs", "labels of 2700 classes", "has 3");
        Refuses(new SigmoidBinaryCrossEntropy(), 4, 3, 0, "labels of 4 classes", "has 3");
        Refuses(new SigmoidBinaryCrossEntropy(), 1, 1, 0, "labels of 2 classes", "has 1");
        Refuses(new MulticlassHinge(), 50, 10, 0, "labels of 50 classes", "has 10");
    }

    [Fact]
    public void Loss_with_targets_of_another_width_is_refused()
    {
        Refuses(new MeanSquaredError(), 1, 0, 2, "rows of 1 numbers", "has 2");
        Refuses(new SoftmaxCrossEntropy(), 3, 0, 2, "rows of 3 numbers", "has 2");
    }

    [Fact]
    public void Loss_with_targets_of_another_kind_is_refused()
    {
        Refuses(new MeanSquaredError(), 1, 2, 0, "rows of numbers", "class labels", "Labels go with SoftmaxCrossEntropy");
        Refuses(new MulticlassHinge(), 2, 0, 2, "class labels", "rows of numbers", "Numbers go with MeanSquaredError");
        Refuses(new MeanAbsoluteError(), 1, 0, 0, "has none", "nothing to learn from");
    }

    [Fact]
    public void SoftmaxCrossEntropy_with_label_smoothing_that_leaves_nothing_is_refused() =>
        Refuses(new SoftmaxCrossEntropy { LabelSmoothing = 1 - 1e-12 }, 10, 10, 0, "leaves nothing of the label");

    [Fact]
    public void Loss_that_fits_is_accepted()
    {
        new SoftmaxCrossEntropy().RequireFit(10, 10, 0);
        new SoftmaxCrossEntropy { LabelSmoothing = 0.1 }.RequireFit(10_000, 10_000, 0);
        new SigmoidBinaryCrossEntropy().RequireFit(1, 2, 0);
        new SigmoidBinaryCrossEntropy().RequireFit(5, 0, 5);
        new MeanSquaredError().RequireFit(2, 3, 2);
    }

    private static void Refuses(Loss loss, int outputs, int classes, int width, params string[] said)
    {
        string message = Assert.Throws<ArgumentException>(() => loss.RequireFit(outputs, classes, width)).Message;
        Assert.All(said, text => Assert.Contains(text, message));
    }
}
