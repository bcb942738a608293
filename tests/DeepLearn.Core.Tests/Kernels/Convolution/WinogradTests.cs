using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Convolution;
using DeepLearn.Kernels.Simd;
using DeepLearn.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using Xunit;
using static DeepLearn.Tests.Kernels.Convolution.ConvolutionCase;

namespace DeepLearn.Tests.Kernels.Convolution;

/// <summary>
/// Winograd's algorithm against the definition: tiles of 2x2 for kernels of 3x3 in whole numbers, where it is exact (its factors are
/// halves), tiles of 4x4, and kernels of 5x5, within rounding; the same bits at every width, on any number of threads and in any batch.
/// </summary>
[Collection(Alone.Name)]
public class WinogradTests
{
    private static readonly Arbitrary<ConvolutionCase> Cases = CasesOf(3), CasesOf5 = CasesOf(5), CasesOfStride2 = CasesOf(3, 2);

    // More tiles than a run of the gradient has, for tiles of 2x2 and of 4x4; and more filters than threads share at once.
    private static readonly ConvolutionCase[] Large =
    [
        new(new(new(16, 3, 1, 1, 1, 1), new(15, 3, 1, 1, 1, 1), 5, 19, 1), 11, 1),
        new(new(new(31, 3, 1, 1, 0, 2), new(32, 3, 1, 1, 1, 1), 3, 2, 1), 9, 2),
        new(new(new(2, 3, 1, 1, 1, 1), new(4, 3, 1, 1, 1, 1), 33, 200, 1), 1, 3),

        // As many channels as a vector of 512 bits has lanes, and twice as many; bands of neighboring tiles end within an
        // image and at its edge.
        new(new(new(13, 3, 1, 1, 1, 1), new(36, 3, 1, 1, 1, 1), 16, 16, 1), 3, 4),
        new(new(new(6, 3, 1, 1, 0, 2), new(39, 3, 1, 1, 4, 0), 16, 16, 1), 2, 5),
        new(new(new(9, 3, 1, 1, 1, 1), new(37, 3, 1, 1, 2, 1), 32, 16, 1), 2, 6),

        // Vectors of every width, one after the other, and single channels.
        new(new(new(13, 3, 1, 1, 1, 1), new(36, 3, 1, 1, 1, 1), 31, 24, 1), 3, 7),
    ];

    private static readonly ConvolutionCase[] LargeOf5 =
    [
        new(new(new(16, 5, 1, 1, 2, 2), new(15, 5, 1, 1, 2, 2), 5, 19, 1), 11, 1),
        new(new(new(2, 5, 1, 1, 2, 2), new(4, 5, 1, 1, 2, 2), 33, 200, 1), 1, 3),
        new(new(new(7, 5, 1, 1, 2, 2), new(19, 5, 1, 1, 3, 2), 16, 16, 1), 3, 4),
    ];

    // Paddings of either parity, the same along both axes and not; sums small enough for whole runs and others; more tiles than a run has.
    private static readonly ConvolutionCase[] LargeOfStride2 =
    [
        new(new(new(32, 3, 2, 1, 1, 1), new(31, 3, 2, 1, 1, 1), 5, 19, 1), 41, 1),
        new(new(new(33, 3, 2, 1, 0, 0), new(32, 3, 2, 1, 0, 1), 3, 2, 1), 9, 2),
        new(new(new(8, 3, 2, 1, 1, 1), new(4, 3, 2, 1, 2, 0), 33, 200, 1), 1, 3),

        // Whole vectors of 512 bits: bands of neighboring tiles, more than one a row, end within an image and at its edge.
        new(new(new(26, 3, 2, 1, 1, 1), new(76, 3, 2, 1, 1, 1), 16, 16, 1), 3, 4),
        new(new(new(13, 3, 2, 1, 0, 2), new(79, 3, 2, 1, 3, 0), 16, 32, 1), 2, 5),
        new(new(new(18, 3, 2, 1, 2, 1), new(75, 3, 2, 1, 4, 1), 32, 16, 1), 2, 6),
        new(new(new(18, 3, 2, 1, 2, 1), new(75, 3, 2, 1, 4, 1), 31, 24, 1), 2, 8),
        new(new(new(40, 3, 2, 1, 1, 1), new(32, 3, 2, 1, 1, 1), 60, 64, 1), 11, 7),
    ];

    private static Arbitrary<ConvolutionCase> CasesOf(int kernel, int stride = 1) => (
        from vertical in Axis(kernel, stride)
        from horizontal in Axis(kernel, stride)
        from channels in Gen.Frequency((3, Gen.Choose(1, 9)), (1, Gen.Choose(10, 40)))
        from filters in Gen.Frequency((3, Gen.Choose(1, 9)), (1, Gen.Choose(10, 70)))
        from batch in Gen.Choose(1, 4)
        from seed in Gen.Choose(0, int.MaxValue)
        select new ConvolutionCase(new(vertical, horizontal, channels, filters, 1), batch, seed)).ToArbitrary();

    private static Gen<WindowAxis> Axis(int kernel, int stride) =>
        from before in Gen.Choose(0, kernel + 1)
        from after in Gen.Choose(0, kernel + 1)
        let least = Math.Max(1, kernel - before - after)
        from input in Gen.Choose(least, 9 * stride)
        select new WindowAxis(input, kernel, stride, 1, before, after);

    [Fact]
    public void Winograd_tiles_of_2x2_at_every_width_equal_the_definition_in_whole_numbers() => AtEveryWidth(@case =>
    {
        AssertIsTheDefinition(@case, new WinogradRun<float>(@case.Geometry, @case.Batch, 2));
        AssertIsTheDefinition(@case, new WinogradRun<double>(@case.Geometry, @case.Batch, 2));
    });

    [Fact]
    public void Winograd_tiles_of_4x4_at_every_width_equal_the_definition_within_rounding() => AtEveryWidth(@case =>
    {
        AssertIsNear<float>(@case, 4, 3e-5);
        AssertIsNear<double>(@case, 4, 1e-13);
    });

    [Fact]
    public void Winograd_kernels_of_5x5_at_every_width_equal_the_definition_within_rounding() => AtEveryWidth(
        CasesOf5,
        LargeOf5,
        @case =>
        {
            AssertIsNear<float>(@case, 2, 3e-5);
            AssertIsNear<double>(@case, 2, 1e-13);
        });

    [Fact]
    public void Winograd_tiles_of_a_stride_of_2_at_every_width_equal_the_definition_within_rounding() => AtEveryWidth(
        CasesOfStride2,
        LargeOfStride2,
        @case =>
        {
            AssertIsNear<float>(@case, 4, 1e-5);
            AssertIsNear<double>(@case, 4, 3e-14);
        });

    [Theory]
    [InlineData(2, 3, 1)]
    [InlineData(4, 3, 1)]
    [InlineData(4, 3, 2)]
    [InlineData(2, 5, 1)]
    public void Winograd_has_the_same_bits_at_every_width_and_on_every_number_of_threads(int outputs, int kernel, int stride)
    {
        using var three = new WorkerPool(3);
        (Arbitrary<ConvolutionCase> cases, ConvolutionCase[] large) = stride == 2 ? (CasesOfStride2, LargeOfStride2)
            : kernel == 3 ? (Cases, Large) : (CasesOf5, LargeOf5);
        foreach (ConvolutionCase @case in cases.Generator.Sample(30, 25).Concat(large))
        {
            AssertSameBits<float>(@case, outputs, three);
            AssertSameBits<double>(@case, outputs, three);
        }
    }

    [Theory]
    [InlineData(2, 3, 1)]
    [InlineData(4, 3, 1)]
    [InlineData(4, 3, 2)]
    [InlineData(2, 5, 1)]
    public void Winograd_results_of_an_image_are_the_same_bits_in_any_batch(int outputs, int kernel, int stride)
    {
        var geometry = new ConvolutionGeometry(new(7 * stride, kernel, stride, 1, 1, 1), new(9, kernel, stride, 1, 1, 1), 37, 41, 1);
        float[] weights = Between<float>(1, geometry.Depth * geometry.Filters), biases = Between<float>(2, geometry.Filters);
        int inputs = geometry.InputCount, results = geometry.Positions * geometry.Filters;
        float[] input = Between<float>(3, 257 * inputs), gradient = Between<float>(4, 257 * results);
        using var two = new WorkerPool(2);
        float[] all = [], back = [];
        foreach (int batch in (int[])[257, 64, 7, 1])
        {
            var run = new WinogradRun<float>(geometry, batch, outputs, two);
            float[] output = run.Outputs(input[..(batch * inputs)], weights, biases);
            float[] inputGradient = run.InputGradient(gradient[..(batch * results)], weights);
            if (batch == 257)
                (all, back) = (output, inputGradient);
            Bits.AssertSame<float>(all.AsSpan(0, output.Length), output, $"outputs, batch {batch}");
            Bits.AssertSame<float>(back.AsSpan(0, inputGradient.Length), inputGradient, $"gradients of inputs, batch {batch}");
        }
    }

    [Fact]
    public void Winograd_gradients_of_weights_in_runs_of_threads_are_those_of_one_thread()
    {
        // Sums that one thread makes in turns with the transforms, and several threads a run each: three runs of 448 tiles.
        var geometry = new ConvolutionGeometry(new(16, 3, 1, 1, 1, 1), new(16, 3, 1, 1, 1, 1), 64, 64, 1);
        const int Batch = 84;
        WinogradSizes<float> sizes = new WinogradConvolution<float>(geometry, 4).Sizes;
        Assert.Equal((false, true), (sizes.TakesWholeRuns(3, 1), sizes.TakesWholeRuns(3, 3)));
        float[] input = Between<float>(3, Batch * geometry.InputCount), gradient = Between<float>(4, Batch * geometry.OutputCount);
        using var three = new WorkerPool(3);
        (float[] expected, float[] biases) = new WinogradRun<float>(geometry, Batch, 4).WeightGradients(input, gradient, 2, 0.5f);
        (float[] found, float[] foundBiases) = new WinogradRun<float>(geometry, Batch, 4, three).WeightGradients(input, gradient, 2, 0.5f);
        Bits.AssertSame<float>(expected, found, "gradients of weights");
        Bits.AssertSame<float>(biases, foundBiases, "gradients of biases");
    }

    [Theory]
    [InlineData(2, 3, true, 370)]
    [InlineData(4, 3, true, 370)]
    [InlineData(2, 5, true, 370)]
    [InlineData(4, 3, false, 370)]
    [InlineData(4, 3, true, 130)]
    [InlineData(4, 3, true, 370, 2)]
    [InlineData(4, 3, false, 370, 2)]
    [InlineData(4, 3, true, 130, 2)]
    public void Winograd_results_of_streamed_weights_are_the_same_bits_as_of_transformed_ones(
        int outputs, int kernel, bool pads, int channels, int stride = 1)
    {
        // So many weights and, for one image, so few tiles that weights are transformed as they are needed; for 33 images they are not.
        // Without padding, an image has one tile of outputs, and four of gradients of inputs. With 130 channels sums are not streamed.
        int filters = channels - 9;
        int side = ((outputs - 1) * stride) + kernel;
        ConvolutionGeometry geometry = pads
            ? new(
                new(4 * stride, kernel, stride, 1, kernel - 2, 1), new(3 * stride, kernel, stride, 1, 1, kernel - 2), channels, filters, 1)
            : new(new(side, kernel, stride, 1, 0, 0), new(side, kernel, stride, 1, 0, 0), channels, filters, 1);
        WinogradSizes<float> sizes = new WinogradConvolution<float>(geometry, outputs).Sizes;
        int tilesOfOne = outputs == 2 ? 4 : 1;
        Assert.Equal((true, false), (sizes.IsStreamed(tilesOfOne), sizes.IsStreamed(33 * tilesOfOne)));
        Assert.Equal(channels > 130, sizes.StreamsSums(tilesOfOne));
        float[] weights = Between<float>(1, geometry.Depth * geometry.Filters), biases = Between<float>(2, geometry.Filters);
        int inputs = geometry.InputCount, results = geometry.OutputCount;
        float[] input = Between<float>(3, 33 * inputs), gradient = Between<float>(4, 33 * results);
        using var three = new WorkerPool(3);
        // Of tiles of 4x4, one and two are multiplied by weights in registers, three by transformed ones; nine are too many for sums in
        // registers.
        var many = new WinogradRun<float>(geometry, 33, outputs, three);
        float[] expected = many.Outputs(input, weights, biases), expectedBack = many.InputGradient(gradient, weights);
        foreach (int batch in (int[])[1, 2, 3, 9])
        {
            // Images without a gradient add nothing to that of the weights.
            float[] ofFew = (float[])gradient.Clone();
            ofFew.AsSpan(batch * results).Clear();
            (float[] expectedWeights, float[] expectedBiases) = many.WeightGradients(input, ofFew, 2, 0.5f);
            Check(WorkerPool.Single);
            Check(three);
            foreach (int width in batch < 3 ? Widths.All : [])
                Widths.At(width, () => Check(WorkerPool.Single));

            void Check(WorkerPool workers)
            {
                var few = new WinogradRun<float>(geometry, batch, outputs, workers);
                float[] found = few.Outputs(input[..(batch * inputs)], weights, biases);
                Bits.AssertSame<float>(expected.AsSpan(0, batch * results), found, $"outputs, batch {batch}");
                found = few.InputGradient(gradient[..(batch * results)], weights);
                Bits.AssertSame<float>(expectedBack.AsSpan(0, batch * inputs), found, $"gradients of inputs, batch {batch}");
                (found, float[] foundBiases) = few.WeightGradients(input[..(batch * inputs)], ofFew[..(batch * results)], 2, 0.5f);
                Bits.AssertSame<float>(expectedWeights, found, $"gradients of weights, batch {batch}");
                Bits.AssertSame<float>(expectedBiases, foundBiases, $"gradients of biases, batch {batch}");
            }
        }
    }

    [Fact]
    public void Winograd_touches_no_memory_beside_its_operands()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("Pages are protected by Linux's own calls.");
        Assert.Equal("right", ChildProbe.Run("guarded winograd"));
    }

    /// <summary>Every transform in both precisions at every width of the processor, for the compiler to be watched.</summary>
    internal static string RunOnce()
    {
        int widest = LaneWidth.Current;
        foreach (int width in Widths.All.Where(width => width <= widest))
        {
            Widths.At(width, () =>
            {
                Both(Large[^1], 2);
                Both(Large[^1], 4);
                Both(LargeOf5[^1], 2);
                Both(LargeOfStride2[^2], 4);
            });
        }
        return "run";

        static void Both(ConvolutionCase @case, int outputs)
        {
            Run(@case, new WinogradRun<float>(@case.Geometry, @case.Batch, outputs));
            Run(@case, new WinogradRun<double>(@case.Geometry, @case.Batch, outputs));
        }
    }

    /// <summary>Cases between forbidden pages at every width; the process ends where a kernel touches what it must not.</summary>
    internal static string RunGuarded()
    {
        foreach (int width in Widths.All)
        {
            Widths.At(width, () =>
            {
                foreach (ConvolutionCase @case in Cases.Generator.Sample(40, 40).Concat(Large))
                {
                    foreach (bool atEnd in (bool[])[false, true])
                    {
                        using var memory = new GuardedMemory();
                        AssertIsTheDefinition(
                            @case, new WinogradRun<float>(@case.Geometry, @case.Batch, 2) { Memory = memory, AtEnd = atEnd });
                        Run(@case, new WinogradRun<double>(@case.Geometry, @case.Batch, 4) { Memory = memory, AtEnd = atEnd });
                    }
                }
                foreach (ConvolutionCase @case in CasesOfStride2.Generator.Sample(40, 20).Concat(LargeOfStride2.SkipLast(1)))
                {
                    foreach (bool atEnd in (bool[])[false, true])
                    {
                        using var memory = new GuardedMemory();
                        Run(@case, new WinogradRun<float>(@case.Geometry, @case.Batch, 4) { Memory = memory, AtEnd = atEnd });
                    }
                }
                foreach (ConvolutionCase @case in CasesOf5.Generator.Sample(40, 20).Concat(LargeOf5))
                {
                    foreach (bool atEnd in (bool[])[false, true])
                    {
                        using var memory = new GuardedMemory();
                        Run(@case, new WinogradRun<float>(@case.Geometry, @case.Batch, 2) { Memory = memory, AtEnd = atEnd });
                    }
                }
            });
        }
        return "right";
    }

    private static void AtEveryWidth(Action<ConvolutionCase> check) => AtEveryWidth(Cases, Large, check);

    private static void AtEveryWidth(Arbitrary<ConvolutionCase> cases, ConvolutionCase[] large, Action<ConvolutionCase> check)
    {
        foreach (int width in Widths.All)
        {
            Widths.At(width, () =>
            {
                Prop.ForAll(cases, check).Check(RandomCases.Of(80));
                foreach (ConvolutionCase @case in large)
                    check(@case);
            });
        }
    }

    private static void AssertIsTheDefinition<T>(ConvolutionCase @case, WinogradRun<T> run)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] input = As<T>(@case.Input), weights = As<T>(@case.Weights);
        T[] biases = As<T>(@case.Biases), gradient = As<T>(@case.OutputGradient);
        Assert.Equal(As<T>(@case.Outputs(withEnds: false)), run.Outputs(input, weights, null));
        Assert.Equal(As<T>(@case.Outputs(withEnds: true)), run.Outputs(input, weights, biases));
        Assert.Equal(As<T>(@case.InputGradient()), run.InputGradient(gradient, weights));

        T two = T.CreateChecked(2);
        (T[] ofWeights, T[] ofBiases) = run.WeightGradients(input, gradient, T.One, T.Zero);
        Assert.Equal(As<T>(@case.WeightGradient()), ofWeights);
        Assert.Equal(As<T>(@case.BiasGradient()), ofBiases);
        (ofWeights, _) = run.WeightGradients(input, gradient, -two, two);
        Assert.Equal(As<T>([.. @case.WeightGradient().Select(sum => 2 - (2 * sum))]), ofWeights);
    }

    private static void AssertIsNear<T>(ConvolutionCase @case, int outputs, double tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[] expected = [.. ((long[])[.. @case.Outputs(withEnds: true), .. @case.InputGradient(), .. @case.WeightGradient(),
            .. @case.BiasGradient()]).Select(number => (double)number)];
        T[] actual = Run(@case, new WinogradRun<T>(@case.Geometry, @case.Batch, outputs));

        // A term of a sum is 16 at most, and a tile makes some hundred of it before the sum is taken.
        double most = 16 * 100 * Math.Sqrt(Math.Max(@case.Geometry.Depth, @case.Batch * @case.Geometry.Positions));
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], double.CreateChecked(actual[i]), tolerance * most);
    }

    private static void AssertSameBits<T>(ConvolutionCase @case, int outputs, WorkerPool three)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ConvolutionGeometry geometry = @case.Geometry;
        T[] input = Between<T>(1, @case.Input.Length), weights = Between<T>(2, @case.Weights.Length);
        T[] biases = Between<T>(3, geometry.Filters), gradient = Between<T>(4, @case.OutputGradient.Length);
        T[] expected = new WinogradRun<T>(geometry, @case.Batch, outputs).All(input, weights, biases, gradient);
        foreach (int width in Widths.All)
        {
            Widths.At(width, () => Bits.AssertSame<T>(
                expected,
                new WinogradRun<T>(geometry, @case.Batch, outputs, three).All(input, weights, biases, gradient),
                $"{@case}, width {width}"));
        }
    }

    private static T[] Run<T>(ConvolutionCase @case, WinogradRun<T> run)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        run.All(As<T>(@case.Input), As<T>(@case.Weights), As<T>(@case.Biases), As<T>(@case.OutputGradient));

    private static T[] As<T>(long[] numbers)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => ConvolutionCase.As<T>(numbers);
}
