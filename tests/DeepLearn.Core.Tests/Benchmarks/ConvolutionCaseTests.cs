using DeepLearn.Benchmarks.Convolutions;
using Xunit;

namespace DeepLearn.Tests.Benchmarks;

/// <summary>What the benchmarks of convolutions count, and how they put it.</summary>
public class ConvolutionCaseTests
{
    [Fact]
    public void Convolution_case_counts_the_terms_within_the_image_alone()
    {
        // Along an axis of four, taps of three see 2 + 3 + 3 + 2 inputs; depthwise, a filter sees one channel.
        Assert.Equal(2.0 * 10 * 10 * 5 * 6 * 7, new ConvolutionCase(4, 5, 6, 3, 1, 1, 7).Flops);
        Assert.Equal(2.0 * 10 * 10 * 6 * 7, new ConvolutionCase(4, 6, 6, 3, 1, 6, 7).Flops);
        Assert.Equal(2.0 * 5 * 5 * 5 * 6, new ConvolutionCase(4, 5, 6, 3, 2, 1, 1).Flops);
    }

    [Fact]
    public void Network_case_counts_a_step_as_three_predictions_less_the_gradient_of_the_images()
    {
        NetworkCase patches = NetworkCase.All.Single(network => network.Name == "patches 64");
        double first = 2.0 * 64 * 64 * 48, depthwise = 2.0 * 34 * 34 * 64, pointwise = 2.0 * 64 * 64 * 64, last = 2.0 * 64 * 10;
        double all = patches.Batch * (first + (4 * (depthwise + pointwise)) + last);
        Assert.Equal(all, patches.PredictionFlops);
        Assert.Equal((3 * all) - (patches.Batch * first), patches.StepFlops);
    }

    [Fact]
    public void Convolution_table_begins_anew_for_another_number_of_threads()
    {
        var tables = new ConvolutionTables();
        var row = new ConvolutionRatio("8x8 3-4 3x3 batch 1", ConvolutionRatio.Forward, "float", 1, "torch", 50, 40, 1.25, 0.5);
        Assert.Contains("### float, 1 thread", tables.Next(row), StringComparison.Ordinal);
        Assert.DoesNotContain("###", tables.Next(row), StringComparison.Ordinal);
        Assert.Contains("### float, 2 threads", tables.Next(row with { Threads = 2 }), StringComparison.Ordinal);
        Assert.Contains(ConvolutionTables.Figures([row]), figure => figure is { Value: 1.25, Goal: 1.2 });
    }
}
