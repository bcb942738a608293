using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Convolution;
using DeepLearn.Tests.Support;
using Xunit;
using static DeepLearn.Tests.Kernels.Convolution.ConvolutionCase;

namespace DeepLearn.Tests.Kernels.Convolution;

/// <summary>
/// Convolutions of 1x1 as matrix products: the bits of the direct algorithm, whether images follow each other without a gap or not.
/// </summary>
[Collection(Alone.Name)]
public unsafe class PointwiseConvolutionTests
{
    [Theory]
    [InlineData(37, 19, 33, 7, 3)]
    [InlineData(1, 8, 16, 5, 6)]
    [InlineData(70, 1, 33, 1, 1)]
    [InlineData(200, 130, 2, 3, 2)]
    public void Pointwise_convolution_has_the_bits_of_the_direct_algorithm(int channels, int filters, int batch, int height, int width)
    {
        foreach (int threads in (int[])[1, 4])
        {
            using var workers = new WorkerPool(threads);
            foreach (int lanes in Widths.All)
            {
                Widths.At(lanes, () =>
                {
                    Check<float>(new(new(height, 1), new(width, 1), channels, filters), batch, workers);
                    Check<double>(new(new(height, 1), new(width, 1), channels, filters), batch, workers);
                    Check<float>(new(new(height + 2, 1, 2), new(3 * width, 1, 3), channels, filters), batch, workers);
                    Check<double>(new(new(height, 1, 4), new(width, 1), channels, filters), batch, workers);
                });
            }
        }
    }

    [Fact]
    public void Pointwise_convolution_takes_1x1_without_padding_or_groups()
    {
        Assert.True(PointwiseConvolution<float>.Takes(new(new(4, 1), new(5, 1), 6, 4)));
        Assert.True(PointwiseConvolution<float>.Takes(new(new(4, 1, 1, 3), new(5, 1), 6, 4)));
        Assert.True(PointwiseConvolution<float>.Takes(new(new(4, 1), new(5, 1, 2), 6, 4)));
        Assert.False(PointwiseConvolution<float>.Takes(new(new(4, 1, 1, 1, 1, 0), new(5, 1), 6, 4)));
        Assert.False(PointwiseConvolution<float>.Takes(new(new(4, 1), new(5, 2), 6, 4)));
        Assert.False(PointwiseConvolution<float>.Takes(new(new(4, 1), new(5, 1), 6, 4, 2)));
    }

    private static void Check<T>(ConvolutionGeometry geometry, int batch, WorkerPool workers)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var direct = new DirectConvolution<T>(geometry);
        var pointwise = new PointwiseConvolution<T>(geometry);
        var ofDirect = new DirectScratch<T>(direct, batch, trains: true, workers.Threads);
        var ofPointwise = new PointwiseScratch<T>(geometry, batch, trains: true, workers.Threads);
        foreach (bool ends in (bool[])[false, true])
        {
            foreach (int gap in (int[])[0, 3])
            {
                int inputs = geometry.InputCount + gap, outputs = geometry.OutputCount + gap;
                T two = T.CreateChecked(2), half = T.CreateChecked(0.5);
                T[] expected = Run((x, w, b, y) => direct.Forward(
                    new(x, inputs, batch), w, new(b, ends), new(y, outputs, batch), ofDirect, workers));
                T[] found = Run((x, w, b, y) => pointwise.Forward(
                    new(x, inputs, batch), w, new(b, ends), new(y, outputs, batch), ofPointwise, workers));
                Bits.AssertSame<T>(expected, found, $"{geometry}, outputs, gap {gap}");
                expected = Run((x, w, b, y) => direct.InputGradient(new(y, outputs, batch), w, new(x, inputs, batch), ofDirect, workers));
                found = Run((x, w, b, y) => pointwise.InputGradient(
                    new(y, outputs, batch), w, new(x, inputs, batch), ofPointwise, workers));
                Bits.AssertSame<T>(expected, found, $"{geometry}, gradient of inputs, gap {gap}");
                expected = Run((x, w, b, y) => direct.WeightGradient(
                    new(x, inputs, batch), new(y, outputs, batch), two, ends ? half : T.Zero, w, b, ofDirect, workers));
                found = Run((x, w, b, y) => pointwise.WeightGradient(
                    new(x, inputs, batch), new(y, outputs, batch), two, ends ? half : T.Zero, w, b, ofPointwise, workers));
                Bits.AssertSame<T>(expected, found, $"{geometry}, gradient of weights, gap {gap}");

                T[] Run(Pass<T> pass)
                {
                    T[] input = Between<T>(1, batch * inputs), weights = Between<T>(2, geometry.Depth * geometry.Filters);
                    T[] biases = Between<T>(3, geometry.Filters), output = Between<T>(4, batch * outputs);
                    fixed (T* x = input, w = weights, b = biases, y = output)
                        pass(x, w, ends ? b : null, y);
                    return [.. input, .. weights, .. biases, .. output];
                }
            }
        }
    }

    private unsafe delegate void Pass<T>(T* input, T* weights, T* biases, T* output)
        where T : unmanaged;
}
