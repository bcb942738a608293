using DeepLearn.Foundation;
using DeepLearn.Kernels.Convolution;
using DeepLearn.Tests.Support;
using Xunit;
using static DeepLearn.Tests.Kernels.Convolution.ConvolutionCase;

namespace DeepLearn.Tests.Kernels.Convolution;

/// <summary>What predictions keep of the weights between calls, and when: transformed ones, and those that they were made from.</summary>
public class WinogradPredictionTests
{
    [Fact]
    public void Winograd_outputs_of_one_image_on_any_number_of_threads_follow_weights_that_change()
    {
        // Few tiles and several panels of channels, which the threads divide; a share of the weights is compared by each.
        var geometry = new ConvolutionGeometry(new(8, 3, 1, 1, 1, 1), new(9, 3, 1, 1, 1, 1), 64, 150, 1);
        int count = geometry.Depth * geometry.Filters;
        float[] weights = Between<float>(1, count), biases = Between<float>(2, geometry.Filters);
        float[] input = Between<float>(3, geometry.InputCount);
        foreach (int threads in (int[])[1, 2, 3, 7])
        {
            using var workers = new WorkerPool(threads);
            var predictions = new WinogradRun<float>(geometry, 1, 4, workers) { Predicts = true };
            foreach (int changed in (int[])[0, 0, count - 1, count / 2, count / 3, 0])
            {
                weights[changed] += 1;
                float[] expected = new WinogradRun<float>(geometry, 1, 4).Outputs(input, weights, biases);
                Bits.AssertSame<float>(expected, predictions.Outputs(input, weights, biases), $"{threads} threads, weight {changed}");
                Bits.AssertSame<float>(expected, predictions.Outputs(input, weights, biases), $"{threads} threads, the same weights");
            }
        }
    }

    [Fact]
    public void Winograd_weights_of_predictions_are_kept_while_the_last_cache_holds_them()
    {
        Assert.Equal((true, false, true), Streams(channels: 128));
        Assert.Equal((true, true, true), Streams(channels: 512));
        Assert.Equal((false, false, false), Streams(channels: 64));

        // In training; in predictions of a few tiles, and of two.
        static (bool Training, bool Few, bool Two) Streams(int channels)
        {
            var sizes = new WinogradSizes<float>(36, 36, 9, channels, channels);
            return (sizes.IsStreamed(4), sizes.IsStreamed(4, areKnown: true), sizes.IsStreamed(2, areKnown: true));
        }
    }

    [Fact]
    public void Winograd_workspace_that_streams_its_weights_reserves_no_transformed_ones()
    {
        var convolution = new WinogradConvolution<float>(new(new(4, 3, 1, 1, 1, 1), new(4, 3, 1, 1, 1, 1), 512, 512, 1), 4);
        const long Transformed = 36 * 512 * 512 * sizeof(float);
        foreach (bool trains in (bool[])[false, true])
        {
            Assert.InRange(new WinogradScratch<float>(convolution, 1, trains, 2).MemoryInBytes, 1, Transformed / 5);
            Assert.InRange(new WinogradScratch<float>(convolution, 64, trains, 2).MemoryInBytes, Transformed, 10 * Transformed);
        }
    }
}
