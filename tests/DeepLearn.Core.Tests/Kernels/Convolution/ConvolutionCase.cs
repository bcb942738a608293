using System.Numerics;
using DeepLearn.Kernels.Convolution;
using FsCheck;
using FsCheck.Fluent;

namespace DeepLearn.Tests.Kernels.Convolution;

/// <summary>
/// A convolution of any geometry whose operands are small whole numbers, so that every sum is exact in float, whatever the order of its
/// terms: what it comes to is computed in whole numbers, straight from the definition.
/// </summary>
internal sealed record ConvolutionCase(ConvolutionGeometry Geometry, int Batch, int Seed)
{
    private const int Most = 4;

    /// <summary>Strides, dilations, groups and paddings of all kinds, some of them larger than the image.</summary>
    public static Arbitrary<ConvolutionCase> Arbitrary { get; } = (
        from vertical in AxisOf(9)
        from horizontal in AxisOf(9)
        from kind in Gen.Elements(0, 0, 0, 1, 2)
        from groups in Gen.Choose(1, 3)
        from channels in Gen.Frequency((4, Gen.Choose(1, 7)), (1, Gen.Choose(1, 40)))
        from filters in Gen.Frequency((4, Gen.Choose(1, 7)), (1, Gen.Choose(1, 70)))
        from batch in Gen.Choose(1, 3)
        from seed in Gen.Choose(0, int.MaxValue)
        let wide = channels * groups * 3
        select new ConvolutionCase(
            kind == 0 ? new(vertical, horizontal, channels, filters, 1)
            : kind == 1 ? new(vertical, horizontal, channels * groups, filters * groups, groups)
            : new ConvolutionGeometry(vertical, horizontal, wide, wide, wide),
            batch,
            seed)).ToArbitrary();

    public int OutputCount => Geometry.Positions * Geometry.Filters;

    public long[] Input => Numbers(0, Batch * Geometry.InputCount);

    public long[] Weights => Numbers(1, Geometry.Depth * Geometry.Filters);

    public long[] Biases => Numbers(2, Geometry.Filters);

    public long[] OutputGradient => Numbers(3, Batch * OutputCount);

    /// <summary>The outputs, with biases and ReLU or without both.</summary>
    public long[] Outputs(bool withEnds)
    {
        long[] input = Input, weights = Weights, biases = Biases, outputs = new long[Batch * OutputCount];
        foreach ((int x, int w, int y) in Terms())
            outputs[y] += input[x] * weights[w];
        if (!withEnds)
            return outputs;
        return [.. outputs.Select((output, i) => Math.Max(0, output + biases[i % Geometry.Filters]))];
    }

    public long[] InputGradient()
    {
        long[] gradient = OutputGradient, weights = Weights, inputs = new long[Batch * Geometry.InputCount];
        foreach ((int x, int w, int y) in Terms())
            inputs[x] += gradient[y] * weights[w];
        return inputs;
    }

    public long[] WeightGradient()
    {
        long[] gradient = OutputGradient, input = Input, sums = new long[Geometry.Depth * Geometry.Filters];
        foreach ((int x, int w, int y) in Terms())
            sums[w] += gradient[y] * input[x];
        return sums;
    }

    public long[] BiasGradient()
    {
        long[] gradient = OutputGradient, sums = new long[Geometry.Filters];
        for (int i = 0; i < gradient.Length; i++)
            sums[i % Geometry.Filters] += gradient[i];
        return sums;
    }

    /// <summary>Some of these numbers as floating-point ones.</summary>
    public static T[] As<T>(long[] numbers)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => [.. numbers.Select(T.CreateChecked)];

    /// <summary>Numbers between -1 and 1, for comparisons bit for bit.</summary>
    public static T[] Between<T>(int seed, int count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => T.CreateChecked((random.NextDouble() * 2) - 1))];
    }

    public override string ToString() => $"{Geometry}, batch {Batch}, seed {Seed}";

    private static Gen<WindowAxis> AxisOf(int most) =>
        from kernel in Gen.Choose(1, 4)
        from dilation in Gen.Choose(1, 3)
        from stride in Gen.Choose(1, 4)
        from before in Gen.Choose(0, 4)
        from after in Gen.Choose(0, 4)
        let least = Math.Max(1, ((kernel - 1) * dilation) + 1 - before - after)
        from input in Gen.Choose(least, Math.Max(least, most))
        select new WindowAxis(input, kernel, stride, dilation, before, after);

    /// <summary>Every product that the definition adds up: where it reads input and weights, and the output that it belongs to.</summary>
    private IEnumerable<(int Input, int Weight, int Output)> Terms()
    {
        WindowAxis vertical = Geometry.Vertical, horizontal = Geometry.Horizontal;
        for (int example = 0; example < Batch; example++)
        {
            for (int y = 0; y < vertical.Output; y++)
            {
                for (int x = 0; x < horizontal.Output; x++)
                {
                    for (int tap = 0; tap < Geometry.Taps; tap++)
                    {
                        int row = (y * vertical.Stride) - vertical.Before + (tap / horizontal.Kernel * vertical.Dilation);
                        int column = (x * horizontal.Stride) - horizontal.Before + (tap % horizontal.Kernel * horizontal.Dilation);
                        if (row < 0 || row >= vertical.Input || column < 0 || column >= horizontal.Input)
                            continue;
                        for (int channel = 0; channel < Geometry.GroupChannels; channel++)
                        {
                            for (int filter = 0; filter < Geometry.Filters; filter++)
                            {
                                int first = filter / Geometry.GroupFilters * Geometry.GroupChannels;
                                int place = (row * horizontal.Input) + column;
                                yield return (
                                    (example * Geometry.InputCount) + (place * Geometry.Channels) + first + channel,
                                    (((tap * Geometry.GroupChannels) + channel) * Geometry.Filters) + filter,
                                    (example * OutputCount) + (((y * horizontal.Output) + x) * Geometry.Filters) + filter);
                            }
                        }
                    }
                }
            }
        }
    }

    private long[] Numbers(int stream, int count)
    {
        var random = new Random(Seed ^ (stream * 0x5F3759));
        long[] numbers = new long[count];
        foreach (ref long number in numbers.AsSpan())
            number = random.Next(-Most, Most + 1);
        return numbers;
    }
}
