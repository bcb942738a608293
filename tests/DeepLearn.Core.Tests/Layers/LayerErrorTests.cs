using DeepLearn.Layers;
using DeepLearn.Models;
using DeepLearn.Tensors;
using Xunit;

namespace DeepLearn.Tests.Layers;

/// <summary>Every impossible option and every shape that does not fit is named, with what was expected and what was found.</summary>
public class LayerErrorTests
{
    private static readonly ImageView Heavy = new() { Weight = 1e308 };

    public static TheoryData<string, Func<object>, string> Options => new()
    {
        { "units", () => new Dense(0), "at least one unit" },
        { "slope", () => new LeakyRelu(-0.1), "finite and at least 0" },
        { "slope NaN", () => new LeakyRelu(double.NaN), "finite and at least 0" },
        { "alpha", () => new Elu(-1), "finite and at least 0" },
        { "alpha infinite", () => new Elu(double.PositiveInfinity), "finite and at least 0" },
        { "form", () => new Gelu((GeluForm)7), "Exact or Tanh" },
        { "rate 1", () => new Dropout(1), "below 1" },
        { "rate -0.1", () => new Dropout(-0.1), "at least 0" },
        { "rate NaN", () => new Dropout(double.NaN), "at least 0" },
        { "momentum", () => new BatchNorm { Momentum = 1 }, "below 1" },
        { "epsilon", () => new BatchNorm { Epsilon = 0 }, "above 0" },
        { "epsilon of LayerNorm", () => new LayerNorm { Epsilon = double.NaN }, "above 0" },
        { "window", () => new AveragePool(new Extent2D(50_000, 50_000)), "at most 2,147,483,647 places" },
        { "weights of views", () => new TestTimeAugmentation(new Dense(1), Heavy, Heavy), "a finite sum" },
        { "filters", () => new Convolution2D(0, 3), "at least one filter" },
        { "kernel", () => new Convolution2D(1, new Extent2D(3, 0)), "at least 1" },
        { "stride", () => new Convolution2D(1, 3) { Stride = 0 }, "at least 1" },
        { "dilation", () => new Convolution2D(1, 3) { Dilation = new(1, -1) }, "at least 1" },
        { "groups", () => new Convolution2D(4, 3) { Groups = 3 }, "divides the number of filters, 4" },
        { "no groups", () => new Convolution2D(4, 3) { Groups = 0 }, "divides" },
        { "padding", () => Padding2D.Of(0, -1), "at least 0" },
        { "window", () => new MaxPool(0), "at least 1" },
        { "large window", () => new MaxPool(1 << 12), "fewer than" },
        { "stride of pool", () => new MaxPool(2) { Stride = 0 }, "at least 1" },
        { "padding of pool", () => new MaxPool(2) { Padding = 2 }, "less than its window, 2x2" },
        { "average window", () => new AveragePool(-1), "at least 1" },
        { "average stride", () => new AveragePool(2) { Stride = new(0, 1) }, "at least 1" },
        { "average padding", () => new AveragePool(new Extent2D(3, 1)) { Padding = 1 }, "less than its window, 3x1" },
        { "no layers", () => new Sequential(), "at least one layer" },
        { "no members", () => new Ensemble(EnsembleCombination.Average), "at least one member" },
        { "combination", () => new Ensemble((EnsembleCombination)5, new Dense(2)), "Average or MajorityVote" },
        { "no views", () => new TestTimeAugmentation(new Relu()), "at least one way" },
        { "view without weight", () => new TestTimeAugmentation(new Relu(), default(ImageView)), "finite and above 0" },
        { "view moved by nothing", () => TestTimeAugmentation.MirrorsAndShifts(0), "distance" },
    };

    public static TheoryData<Layer, Shape, string> Shapes => new()
    {
        { new Convolution2D(1, 3), 9, "an image [height, width, channels]; found [9]" },
        { new Convolution2D(1, 3), new Shape(2, 5, 1), "at least 3x3; found [2, 5, 1]" },
        { new Convolution2D(1, 2) { Dilation = 3 }, new Shape(5, 3, 1), "at least 4x4; found [5, 3, 1]" },
        { new Convolution2D(4, 1) { Groups = 2 }, new Shape(5, 5, 3), "its 2 groups divide; found [5, 5, 3]" },
        { new Convolution2D(1, 1) { Padding = 1 << 23 }, new Shape(5, 5, 3), "sides below 16,777,216; found [5, 5, 3]" },
        { new Convolution2D(1, 1) { Padding = 100_000 }, new Shape(5, 5, 3), "smaller images or kernels; found [5, 5, 3]" },
        { new MaxPool(2), 4, "an image [height, width, channels]; found [4]" },
        { new MaxPool(3), new Shape(2, 3, 1), "at least 3x3" },
        { new AveragePool(3), new Shape(3, 2, 1), "at least 3x3" },
        { new AveragePool(2), new Shape(4, 4), "an image [height, width, channels]; found [4, 4]" },
        { new GlobalAveragePool(), 4, "an image [height, width, channels]; found [4]" },
        { new Residual(new Dense(3)), 4, "gives [3] here, and its identity, which gives [4], take to one shape; found [4]" },
        { new Residual(new Dense(3), new Dense(2)), 4, "gives [3] here, and its projection, which gives [2]" },
        {
            new Ensemble(EnsembleCombination.Average, new Dense(3), new Dense(2)),
            4,
            "which give [3] and [2] here, make outputs of one shape; found [4]"
        },
        { new TestTimeAugmentation(new Relu(), new ImageView()), 4, "an image [height, width, channels]; found [4]" },
        {
            new TestTimeAugmentation(new Relu(), new ImageView { Down = 2, Right = -3 }), new Shape(4, 3, 1),
            "moved by 2 down and -3 to the right, which reflect fewer pixels than they have; found [4, 3, 1]"
        },
        { new Sequential(new Dense(3), new MaxPool(2)), new Shape(4, 4, 1), "an image [height, width, channels]; found [3]" },
    };

    [Fact]
    public void Test_time_augmentation_of_a_huge_image_reserves_nothing_for_its_views()
    {
        var network = new TestTimeAugmentation(new GlobalAveragePool(), TestTimeAugmentation.MirrorsAndShifts());
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Empty(network.Build<float>(new(20_000, 20_000, 3), 1).Parameters);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Theory]
    [MemberData(nameof(Options))]
    public void Layer_with_an_impossible_option_is_refused(string name, Func<object> make, string message)
    {
        Assert.NotEmpty(name);
        Assert.Contains(message, Assert.ThrowsAny<ArgumentException>(make).Message);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Layer_input_shape_that_does_not_fit_is_refused(Layer layer, Shape input, string message)
    {
        Assert.Contains(message, Assert.Throws<ShapeMismatchException>(() => layer.OutputShape(input)).Message);
        var build = new LayerBuild(input, "", default);
        Assert.Contains(message, Assert.Throws<ShapeMismatchException>(() => layer.CreateRuntime<float>(build)).Message);
    }

    [Fact]
    public void Layers_are_values_with_equality_and_readable_text()
    {
        Assert.Equal(new Convolution2D(3, 3) { Padding = 1 }, new Convolution2D(3, 3) { Padding = Padding2D.Of(1, 1) });
        Assert.NotEqual(new Convolution2D(3, 3) { Padding = 1 }, new Convolution2D(3, 3) { Padding = Padding2D.Same });
        Assert.Equal(new MaxPool(2), new MaxPool(new Extent2D(2, 2)) { Stride = 2 });
        Assert.Equal(new Residual(new Sequential(new Tanh())), new Residual(new Sequential(new Tanh())));
        Assert.Equal("same", Padding2D.Same.ToString());
        var layer = new Convolution2D(1, new(3, 5)) { Padding = Padding2D.Of(2, 0) };
        Assert.Contains("Kernel = 3x5, Stride = 1x1, Padding = 2x0", layer.ToString());
    }
}
