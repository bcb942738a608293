using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Convolution;
using DeepLearn.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace DeepLearn.Tests.Kernels.Convolution;

/// <summary>The kernels of a convolution against its definition in whole numbers, at every width of lanes.</summary>
[Collection(Alone.Name)]
public class ConvolutionKernelsTests
{
    // More than a tile's columns of filters on every width, more than a sweep's depth, more than a band's positions.
    private static readonly ConvolutionCase[] Large =
    [
        new(new(new(7, 3, 1, 1, 1, 1), new(9, 3, 1, 1, 1, 1), 40, 70, 1), 2, 1),
        new(new(new(13, 5, 2, 1, 2, 1), new(12, 3, 3, 2, 2, 2), 9, 66, 3), 3, 2),
        new(new(new(16, 1, 1, 1, 0, 0), new(17, 1, 1, 1, 0, 0), 33, 35, 1), 1, 3),
        new(new(new(6, 3, 2, 1, 1, 0), new(5, 3, 1, 1, 1, 1), 77, 77, 77), 2, 4),

        // Rows of depthwise results: three and five taps, pairs of rows and a last one, whole vectors and single channels; with and without
        // padding, with dilation and stride from row to row, and columns that are computed twice.
        new(new(new(7, 3, 1, 1, 1, 1), new(11, 3, 1, 1, 1, 1), 77, 77, 77), 2, 5),
        new(new(new(8, 5, 1, 1, 2, 2), new(8, 5, 1, 1, 2, 2), 37, 37, 37), 2, 6),
        new(new(new(9, 5, 1, 1, 1, 2), new(23, 5, 1, 1, 0, 1), 19, 19, 19), 1, 7),
        new(new(new(12, 3, 2, 2, 1, 0), new(10, 3), 40, 40, 40), 1, 8),
        new(new(new(3, 2, 1, 1, 1, 1), new(17, 5, 1, 1, 1, 2), 16, 16, 16), 2, 9),

        // A stride steps over the only row of inputs: no tap reaches it, and its gradient is 0.
        new(new(new(1, 3, 4, 2, 3, 3), new(9, 3, 1, 2, 3, 4), 18, 18, 18), 1, 12),
        new(new(new(1, 1, 3, 1, 1, 0), new(8, 3, 1, 3, 1, 1), 9, 9, 9), 2, 13),

        // Whole broad tiles, forward and backward, with more than one sweep.
        new(new(new(5, 3, 2, 1, 1, 1), new(6, 3, 2, 1, 1, 1), 128, 64), 2, 10),
        new(new(new(5, 3, 2, 1, 1, 1), new(18, 3, 2, 1, 1, 0), 35, 35, 35), 2, 11),
    ];

    [Fact]
    public void Direct_convolution_counts_the_work_of_all_groups_when_it_divides_it_among_threads()
    {
        using var workers = new WorkerPool(2);
        WindowAxis large = new(8, 5, 1, 1, 2, 2), small = new(1, 1);
        Assert.Equal(2, new DirectConvolution<float>(new(large, large, 256, 256, 256)).Parts(64, workers));
        Assert.Equal(1, new DirectConvolution<float>(new(small, small, 256, 256, 256)).Parts(64, workers));
    }

    [Fact]
    public void Convolution_kernels_at_every_width_equal_the_definition_in_whole_numbers()
    {
        foreach (int width in Widths.All)
        {
            Widths.At(width, () =>
            {
                Prop.ForAll(ConvolutionCase.Arbitrary, AssertIsTheDefinition).Check(RandomCases.Of(150));
                foreach (ConvolutionCase @case in Large)
                    AssertIsTheDefinition(@case);
            });
        }
    }

    [Fact]
    public void Convolution_kernels_touch_no_memory_beside_their_operands()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("Pages are protected by Linux's own calls.");
        Assert.Equal("right", ChildProbe.Run("guarded convolutions"));
    }

    /// <summary>Cases between forbidden pages at every width; the process ends where a kernel touches what it must not.</summary>
    internal static string RunGuarded()
    {
        foreach (int width in Widths.All)
        {
            Widths.At(width, () =>
            {
                foreach (ConvolutionCase @case in ConvolutionCase.Arbitrary.Generator.Sample(60, 60).Concat(Large))
                {
                    Guard<float>(@case, atEnd: true);
                    Guard<float>(@case, atEnd: false);
                    Guard<double>(@case, atEnd: true);
                }
            });
        }
        return "right";
    }

    private static void Guard<T>(ConvolutionCase @case, bool atEnd)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using var memory = new GuardedMemory();
        AssertIsTheDefinition(@case, new ConvolutionRun<T>(@case, memory, atEnd));
    }

    private static void AssertIsTheDefinition(ConvolutionCase @case)
    {
        AssertIsTheDefinition(@case, new ConvolutionRun<float>(@case));
        AssertIsTheDefinition(@case, new ConvolutionRun<double>(@case));
    }

    private static void AssertIsTheDefinition<T>(ConvolutionCase @case, ConvolutionRun<T> run)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Assert.Equal(ConvolutionCase.As<T>(@case.Outputs(withEnds: false)), run.Outputs(withEnds: false));
        Assert.Equal(ConvolutionCase.As<T>(@case.Outputs(withEnds: true)), run.Outputs(withEnds: true));
        Assert.Equal(ConvolutionCase.As<T>(@case.InputGradient()), run.InputGradient());

        T two = T.CreateChecked(2);
        (T[] weights, T[] biases) = run.WeightGradients(T.One, T.Zero);
        Assert.Equal(ConvolutionCase.As<T>(@case.WeightGradient()), weights);
        Assert.Equal(ConvolutionCase.As<T>(@case.BiasGradient()), biases);
        (weights, biases) = run.WeightGradients(-two, two);
        Assert.Equal(ConvolutionCase.As<T>([.. @case.WeightGradient().Select(sum => 2 - (2 * sum))]), weights);
        Assert.Equal(ConvolutionCase.As<T>([.. @case.BiasGradient().Select(sum => 2 - (2 * sum))]), biases);
    }
}
