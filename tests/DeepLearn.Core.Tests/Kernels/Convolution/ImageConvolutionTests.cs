using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Convolution;
using DeepLearn.Tensors;
using DeepLearn.Tests.Support;
using Xunit;

namespace DeepLearn.Tests.Kernels.Convolution;

/// <summary>The public face of convolution, as a stranger's layer calls it: in whole numbers, in which every sum is exact.</summary>
[Collection(Alone.Name)]
public class ImageConvolutionTests
{
    /// <summary>Strides, dilation, groups, depthwise, 1x1, and shapes that Winograd's algorithm takes.</summary>
    public static TheoryData<string> Names => [.. Cases.Keys];

    private static readonly Dictionary<string, (ConvolutionCase Case, int LargestTile, int Tile)> Cases = new()
    {
        ["direct"] = (new(new(new(7, 3, 1, 1, 1, 1), new(6, 3, 1, 1, 1, 1), 40, 33), 5, 1), 0, 0),
        ["too few channels for Winograd"] = (new(new(new(7, 3, 1, 1, 1, 1), new(6, 3, 1, 1, 1, 1), 5, 33), 5, 2), 2, 0),
        ["Winograd"] = (new(new(new(8, 3, 1, 1, 1, 1), new(6, 3, 1, 1, 1, 1), 33, 35), 5, 3), 2, 2),
        ["strides, dilation and groups"] = (new(new(new(13, 5, 2, 1, 2, 1), new(12, 3, 3, 2, 2, 2), 9, 66, 3), 5, 4), 4, 0),
        ["images in color"] = (new(new(new(14, 3, 1, 1, 1, 1), new(11, 3, 1, 1, 1, 1), 3, 37), 5, 8), 4, 0),
        ["images of two channels with stride and dilation"] = (new(new(new(33, 5, 2, 2, 4, 3), new(21, 3, 2, 1, 1, 0), 2, 18), 3, 9), 4, 0),
        ["images of one channel, cut off"] = (new(new(new(26, 4), new(19, 5, 1), 1, 5), 3, 10), 4, 0),
        ["depthwise"] = (new(new(new(6, 3, 2, 1, 1, 0), new(5, 3, 1, 1, 1, 1), 21, 21, 21), 5, 5), 4, 0),
        ["stride of 2, too few tiles for Winograd"] = (new(new(new(8, 3, 2, 1, 1, 1), new(8, 3, 2, 1, 1, 1), 32, 33), 2, 11), 4, 0),
        ["1x1"] = (new(new(new(6, 1), new(5, 1), 17, 19), 5, 6), 4, 0),
        ["1x1 with stride"] = (new(new(new(7, 1, 2), new(5, 1, 2), 17, 35), 5, 7), 4, 0),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void Convolution_on_any_number_of_threads_and_at_every_width_equals_the_definition(string name)
    {
        foreach (int width in Widths.All)
        {
            Widths.At(width, () =>
            {
                Check<float>(name);
                Check<double>(name);
            });
        }
    }

    [Fact]
    public void Convolution_with_tiles_of_4x4_is_near_the_definition()
    {
        var @case = new ConvolutionCase(new(new(8, 3, 1, 1, 1, 1), new(8, 3, 1, 1, 1, 1), 17, 16), 3, 1);
        var convolution = new ImageConvolution<double>(@case.Geometry, 4);
        Assert.Equal(4, convolution.Tile);
        double[] found = Run(@case, convolution, WorkerPool.Single, relu: true);
        double[] expected = Expected<double>(@case, relu: true);
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 1e-9));
    }

    /// <summary>A stride of 2 along both axes, enough channels, four tiles or more, which the image fills well: in every pass.</summary>
    [Theory]
    [InlineData(16, 1, 16, 1, 32, 32, 4)]
    [InlineData(32, 0, 30, 0, 48, 64, 4)]
    [InlineData(33, 0, 33, 0, 32, 32, 0)]
    [InlineData(28, 1, 28, 1, 64, 64, 0)]
    [InlineData(32, 1, 8, 1, 32, 32, 4)]
    [InlineData(8, 1, 24, 1, 32, 32, 0)]
    [InlineData(16, 1, 16, 1, 31, 64, 0)]
    [InlineData(16, 1, 16, 1, 64, 31, 0)]
    public void Convolution_with_a_stride_of_2_has_tiles_where_its_shape_says_so(
        int height, int above, int width, int before, int channels, int filters, int tile)
    {
        var geometry = new ConvolutionGeometry(new(height, 3, 2, 1, above, 1), new(width, 3, 2, 1, before, 1), channels, filters);
        Assert.Equal(tile, new ImageConvolution<float>(geometry, 4).Tile);
        Assert.Equal(0, new ImageConvolution<float>(geometry, 2).Tile);
        Assert.Equal(0, new ImageConvolution<float>(geometry, 0).Tile);
        Assert.Equal(0, new ImageConvolution<float>(new(new(height, 3, 2, 1, above, 1), new(width, 3, 1), channels, filters), 4).Tile);
        Assert.Equal(0, new ImageConvolution<float>(new(geometry.Vertical, new(width, 5, 2, 1, 2, 2), channels, filters), 4).Tile);
    }

    [Fact]
    public void Convolution_refuses_operands_that_do_not_fit_before_anything_is_written()
    {
        var geometry = new ConvolutionGeometry(new(4, 3), new(5, 3), 2, 3);
        var convolution = new ImageConvolution<float>(geometry, 0);
        ConvolutionScratch<float> scratch = convolution.CreateScratch(2, trains: true, threads: 1);
        Matrix<float> x = new(2, 40), y = new(2, 18), w = new(18, 3), third = new(3, 40), other = new(2, 7);
        float[] biases = new float[3], four = new float[4];
        y.AsSpan().Fill(5);
        WorkerPool single = WorkerPool.Single;
        Refuses("input of shape [2, 40]; found [2, 7]", () => convolution.Forward(new(other, w, y) { Biases = biases }, scratch, single));
        Refuses("weights of shape [18, 3]; found [2, 7]", () => convolution.Forward(new(x, other, y) { Biases = biases }, scratch, single));
        Refuses("biases of shape [3]; found [4]", () => convolution.Forward(new(x, w, y) { Biases = four }, scratch, single));
        Refuses("output of shape [2, 18]; found [2, 7]", () => convolution.Forward(new(x, w, other) { Biases = biases }, scratch, single));
        Refuses("at most 2 examples", () => convolution.Forward(
            new(third, w, new Matrix<float>(3, 18)) { Biases = biases }, scratch, single));
        Refuses("without a gap", () => convolution.Forward(
            new(x, new Matrix<float>(18, 4).View.Slice(0, 0, 18, 3), y) { Biases = biases }, scratch, single));
        using var two = new WorkerPool(2);
        Refuses("at most 1 threads", () => convolution.Forward(new(x, w, y) { Biases = biases }, scratch, two));
        var another = new ImageConvolution<float>(geometry, 0);
        Refuses("another's", () => another.Forward(new(x, w, y) { Biases = biases }, scratch, single));
        ConvolutionScratch<float> predicting = convolution.CreateScratch(2, trains: false, threads: 1);
        Refuses("for training", () => convolution.InputGradient(y, w, x, predicting, single));
        Refuses("inputGradient of shape [2, 40]", () => convolution.InputGradient(y, w, other, scratch, single));
        Refuses("outputGradient of shape [2, 18]", () => convolution.WeightGradient(x, other, 1, 0, w, biases, scratch, single));
        Refuses("at least one example", () => convolution.WeightGradient(
            new Matrix<float>(0, 40), new Matrix<float>(0, 18), 1, 0, w, biases, scratch, single));
        Refuses("share memory", () => convolution.WeightGradient(x, y, 1, 0, w, w.AsSpan()[..3], scratch, single));
        Refuses("'scratch'", () => convolution.Forward(new(x, w, y) { Biases = biases }, null!, single));
        Refuses("'workers'", () => convolution.Forward(new(x, w, y) { Biases = biases }, scratch, null!));
        Refuses("largest tile of 0, 2 or 4", () => new ImageConvolution<float>(geometry, 3));
        Refuses("capacity", () => convolution.CreateScratch(0, true, 1));
        Assert.All(y.AsSpan().ToArray(), value => Assert.Equal(5f, value));
    }

    [Fact]
    public void Convolution_geometry_that_makes_no_sense_is_refused()
    {
        Refuses("input", () => new WindowAxis(0, 1));
        Refuses("kernel", () => new WindowAxis(1, 0));
        Refuses("stride", () => new WindowAxis(1, 1, 0));
        Refuses("dilation", () => new WindowAxis(1, 1, 1, 0));
        Refuses("before", () => new WindowAxis(1, 1, 1, 1, -1));
        Refuses("after", () => new WindowAxis(1, 1, 1, 1, 0, -1));
        Refuses("padding of at most", () => new WindowAxis(int.MaxValue, 1, 1, 1, 1));
        Refuses("window of at most", () => new WindowAxis(1, 1 << 20, 1, 1 << 20));
        Refuses("divide 4 channels and 6 filters; found 3", () => new ConvolutionGeometry(new(5, 1), new(5, 1), 4, 6, 3));
        Refuses("at least 6x1; found 5x5", () => new ConvolutionGeometry(new(5, 6), new(5, 1), 4, 6));
        Refuses("filters", () => new ConvolutionGeometry(new(5, 1), new(5, 1), 4, 0));
        Refuses("smaller images", () => new ConvolutionGeometry(new(1 << 20, 1), new(1 << 20, 1), 4, 4));
        Assert.Equal((3, 1, 2), (WindowAxis.Same(5, 4, 2).Output, WindowAxis.Same(5, 4, 2).Before, WindowAxis.Same(5, 4, 2).After));
        Assert.Equal(new ConvolutionGeometry(new(5, 1), new(5, 1), 4, 6), new ConvolutionGeometry(new(5, 1), new(5, 1), 4, 6));
    }

    private static void Refuses(string expected, Action action) =>
        Assert.Contains(expected, Assert.ThrowsAny<ArgumentException>(action).Message, StringComparison.Ordinal);

    private static void Check<T>(string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (ConvolutionCase @case, int largestTile, int tile) = Cases[name];
        var convolution = new ImageConvolution<T>(@case.Geometry, largestTile);
        Assert.Equal(tile, convolution.Tile);
        foreach (int threads in (int[])[1, 2, 4])
        {
            using var workers = new WorkerPool(threads);
            foreach (bool ends in (bool[])[false, true])
                Bits.AssertSame<T>(Expected<T>(@case, ends), Run(@case, convolution, workers, ends), $"{name}, {threads} threads");
        }
    }

    /// <summary>
    /// Outputs, with biases and ReLU or without; the gradient of the input; 2 less twice that of the weights; that of the biases.
    /// </summary>
    private static T[] Expected<T>(ConvolutionCase @case, bool relu)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => ConvolutionCase.As<T>(
    [
        .. @case.Outputs(relu),
        .. @case.InputGradient(),
        .. @case.WeightGradient().Select(sum => 2 - (2 * sum)),
        .. @case.BiasGradient(),
    ]);

    private static T[] Run<T>(ConvolutionCase @case, ImageConvolution<T> convolution, WorkerPool workers, bool relu)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ConvolutionGeometry geometry = @case.Geometry;
        int batch = @case.Batch;
        SpacedRows<T> input = new(batch, geometry.InputCount, [.. @case.Input.Select(number => (double)number)]);
        SpacedRows<T> gradient = new(batch, geometry.OutputCount, [.. @case.OutputGradient.Select(number => (double)number)]);
        SpacedRows<T> output = new(batch, geometry.OutputCount, T.NaN), back = new(batch, geometry.InputCount, T.NaN);
        Matrix<T> weights = new(geometry.Depth, geometry.Filters), ofWeights = new(geometry.Depth, geometry.Filters);
        ConvolutionCase.As<T>(@case.Weights).CopyTo(weights.AsSpan());
        T[] biases = relu ? ConvolutionCase.As<T>(@case.Biases) : [], ofBiases = new T[geometry.Filters];
        T two = T.CreateChecked(2);
        ofWeights.AsSpan().Fill(T.One);
        ConvolutionScratch<T> scratch = convolution.CreateScratch(batch + 1, trains: true, workers.Threads);
        convolution.Forward(new(input.View, weights, output.View) { Biases = biases, Relu = relu }, scratch, workers);
        convolution.InputGradient(gradient.View, weights, back.View, scratch, workers);
        convolution.WeightGradient(input.View, gradient.View, -two, two, ofWeights, ofBiases, scratch, workers);

        // Without biases, nothing but the weights' gradient is written; and it is written over.
        Matrix<T> alone = new(geometry.Depth, geometry.Filters);
        alone.AsSpan().Fill(T.NaN);
        convolution.WeightGradient(input.View, gradient.View, T.One, T.Zero, alone, default, scratch, workers);
        for (int i = 0; i < alone.Count; i++)
            Assert.Equal(double.CreateChecked(ofWeights.AsSpan()[i]), 2 - (2 * double.CreateChecked(alone.AsSpan()[i])), 1e-6);
        return [.. output.Numbers(), .. back.Numbers(), .. ofWeights.AsSpan(), .. ofBiases];
    }
}
