using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Convolution;
using DeepLearn.Tests.Support;
using Xunit;
using static DeepLearn.Tests.Kernels.Convolution.ConvolutionCase;

namespace DeepLearn.Tests.Kernels.Convolution;

/// <summary>The direct algorithm over a batch: however threads divide one image or a few, results are the same bits.</summary>
public class DirectConvolutionTests
{
    // Few channels of results, which no thread can divide, many, groups, depthwise with and without rows of taps, strides.
    private static readonly ConvolutionGeometry[] Shapes =
    [
        new(new(33, 3, 1, 1, 1, 1), new(31, 3, 1, 1, 1, 1), 3, 16),
        new(new(17, 5, 1, 1, 2, 2), new(16, 5, 1, 1, 2, 2), 16, 150),
        new(new(32, 3, 2, 1, 1, 1), new(30, 3, 2, 1, 1, 1), 6, 40, 2),
        new(new(15, 3, 1, 1, 1, 1), new(16, 3, 1, 1, 1, 1), 70, 70, 70),
        new(new(19, 5, 1, 1, 2, 2), new(11, 5, 1, 1, 2, 2), 64, 64, 64),
        new(new(24, 2, 1, 1, 0, 0), new(25, 2, 1, 1, 0, 0), 64, 64, 64),
        new(new(24, 3, 2, 1, 1, 1), new(40, 3, 2, 1, 1, 1), 64, 64, 64),
    ];

    [Fact]
    public void Direct_convolution_of_few_images_has_the_same_bits_on_every_number_of_threads()
    {
        foreach (ConvolutionGeometry geometry in Shapes)
        {
            foreach (int batch in (int[])[1, 2])
            {
                Check<float>(geometry, batch);
                Check<double>(geometry, batch);
            }
        }
    }

    [Fact]
    public void Rows_of_one_image_are_divided_among_threads_where_its_channels_cannot_be()
    {
        var kernels = ConvolutionKernels<float>.For(Shapes[0]);
        Assert.Equal((1, 8), (kernels.MostShares(kernels.Forwards), kernels.MostRowShares(kernels.Forwards)));

        // A thread would copy the whole image for its share.
        kernels = ConvolutionKernels<float>.For(new(new(16, 4, 1, 1, 1, 1), new(16, 4, 1, 1, 1, 1), 64, 64, 64));
        Assert.Equal(1, kernels.MostRowShares(kernels.Forwards));
    }

    private static void Check<T>(ConvolutionGeometry geometry, int batch)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] expected = Run<T>(geometry, batch, WorkerPool.Single);
        foreach (int threads in (int[])[2, 3, 5])
        {
            using var workers = new WorkerPool(threads);
            Bits.AssertSame<T>(expected, Run<T>(geometry, batch, workers), $"{geometry}, batch {batch}, {threads} threads");
        }
    }

    /// <summary>The outputs, then the gradients of the inputs.</summary>
    private static unsafe T[] Run<T>(ConvolutionGeometry geometry, int batch, WorkerPool workers)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var convolution = new DirectConvolution<T>(geometry);
        var scratch = new DirectScratch<T>(convolution, batch, trains: true, workers.Threads);
        int inputs = geometry.InputCount, outputs = geometry.OutputCount;
        T[] results = new T[batch * (inputs + outputs)];
        results.AsSpan().Fill(T.NaN);
        fixed (T* images = Between<T>(1, batch * inputs), gradients = Between<T>(2, batch * outputs), to = results)
        fixed (T* weights = Between<T>(3, geometry.Depth * geometry.Filters), biases = Between<T>(4, geometry.Filters))
        {
            convolution.Forward(
                new(images, inputs, batch), weights, new(biases, relu: true), new(to, outputs, batch), scratch, workers);
            convolution.InputGradient(
                new(gradients, outputs, batch), weights, new(to + (batch * outputs), inputs, batch), scratch, workers);
        }
        return results;
    }
}
