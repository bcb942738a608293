using System.Numerics;
using DeepLearn.Kernels.Convolution;
using DeepLearn.Kernels.Pooling;
using DeepLearn.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace DeepLearn.Tests.Kernels.Pooling;

/// <summary>The kernels of pooling against their definitions, at every width of lanes and for windows of all kinds.</summary>
[Collection(Alone.Name)]
public unsafe class PoolKernelTests
{
    /// <summary>Windows of two, two apart, which have kernels of their own; the last input may be in none.</summary>
    private static readonly Gen<WindowAxis> Pairs = from input in Gen.Choose(2, 9) select new WindowAxis(input, 2, 2, 1, 0, 0);

    private static readonly Arbitrary<(PoolGeometry Geometry, int Seed)> Poolings = (
        from axes in Gen.Frequency((3, Gen.Zip(AxisOf(7), AxisOf(7))), (1, Gen.Zip(Pairs, Pairs)))
        from channels in Gen.Frequency((3, Gen.Choose(1, 9)), (1, Gen.Choose(10, 40)))
        from seed in Gen.Choose(0, int.MaxValue)
        select (new PoolGeometry(axes.Item1, axes.Item2, channels), seed)).ToArbitrary();

    [Fact]
    public void Max_pooling_at_every_width_equals_its_definition() => AtEveryWidth(pooling =>
    {
        // Few different numbers, so that there are equals, and some NaN.
        CheckMax(pooling.Geometry, Numbers<float>(pooling.Geometry.InputCount, pooling.Seed, 4, float.NaN));
        CheckMax(pooling.Geometry, Numbers<double>(pooling.Geometry.InputCount, pooling.Seed, 4, -0.0));
    });

    [Fact]
    public void Average_pooling_at_every_width_equals_its_definition() => AtEveryWidth(pooling =>
    {
        foreach (bool countsPadding in (bool[])[false, true])
        {
            CheckAverage(pooling.Geometry, countsPadding, Numbers<float>(pooling.Geometry.InputCount, pooling.Seed, 1000, 3f));
            CheckAverage(pooling.Geometry, countsPadding, Numbers<double>(pooling.Geometry.InputCount, pooling.Seed, 1000, 3.0));
        }
    });

    private static void AtEveryWidth(Action<(PoolGeometry Geometry, int Seed)> check)
    {
        foreach (int width in Widths.All)
            Widths.At(width, () => Prop.ForAll(Poolings, check).Check(RandomCases.Of(200)));
    }

    private static void CheckMax<T>(PoolGeometry geometry, T[] input)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] gradient = Numbers<T>(geometry.OutputCount, 5, 1000, T.One), output = Longer(geometry.OutputCount), back = Longer(input.Length);
        T[] places = Longer(geometry.OutputCount), withoutPlaces = Longer(geometry.OutputCount);
        fixed (T* from = input, to = output, at = places, alone = withoutPlaces, derivatives = gradient, result = back)
        {
            MaxPoolKernel<T>.Forward(geometry, from, to, at);
            MaxPoolKernel<T>.Forward(geometry, from, alone, null);
            MaxPoolKernel<T>.Backward(geometry, derivatives, at, result);
        }
        Assert.True(T.IsNaN(places[^1]) && T.IsNaN(output[^1]) && T.IsNaN(withoutPlaces[^1]) && T.IsNaN(back[^1]), $"{geometry}, beyond");
        T[] expected = new T[geometry.OutputCount], expectedBack = new T[input.Length];
        foreach ((int position, int[] window) in Windows(geometry))
        {
            for (int c = 0; c < geometry.Channels; c++)
            {
                int best = window[0];
                foreach (int place in window)
                {
                    T value = input[place + c], largest = input[best + c];
                    if (!T.IsNaN(largest) && (T.IsNaN(value) || value > largest))
                        best = place;
                }
                expected[position + c] = input[best + c];
                expectedBack[best + c] += gradient[position + c];
            }
        }
        Bits.AssertSame<T>(expected, output[..^1], $"{geometry}, output");
        Bits.AssertSame<T>(expected, withoutPlaces[..^1], $"{geometry}, output without places");
        Bits.AssertSame<T>(expectedBack, back[..^1], $"{geometry}, gradient");

        // One more than is to be written.
        static T[] Longer(int count) => [.. Enumerable.Repeat(T.NaN, count + 1)];
    }

    private static void CheckAverage<T>(PoolGeometry geometry, bool countsPadding, T[] input)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] gradient = Numbers<T>(geometry.OutputCount, 5, 1000, T.One), output = new T[geometry.OutputCount], back = new T[input.Length];
        fixed (T* from = input, to = output, derivatives = gradient, result = back)
        {
            AveragePoolKernel<T>.Forward(geometry, countsPadding, from, to);
            AveragePoolKernel<T>.Backward(geometry, countsPadding, derivatives, result);
        }
        T[] expected = new T[output.Length], expectedBack = new T[input.Length];
        foreach ((int position, int[] window) in Windows(geometry))
        {
            T count = T.CreateChecked(countsPadding ? geometry.Vertical.Kernel * geometry.Horizontal.Kernel : window.Length);
            for (int c = 0; c < geometry.Channels; c++)
            {
                T sum = T.Zero;
                foreach (int place in window)
                {
                    sum += input[place + c];
                    expectedBack[place + c] += gradient[position + c] / count;
                }
                expected[position + c] = sum / count;
            }
        }
        Bits.AssertSame<T>(expected, output, $"{geometry}, output");
        Bits.AssertSame<T>(expectedBack, back, $"{geometry}, gradient");
    }

    /// <summary>For each output, the inputs that its window has within the image, row by row; numbers of the first channels.</summary>
    private static IEnumerable<(int Output, int[] Window)> Windows(PoolGeometry geometry)
    {
        WindowAxis vertical = geometry.Vertical, horizontal = geometry.Horizontal;
        for (int y = 0; y < vertical.Output; y++)
        {
            for (int x = 0; x < horizontal.Output; x++)
            {
                int[] window = [.. from i in Enumerable.Range((y * vertical.Stride) - vertical.Before, vertical.Kernel)
                                   from j in Enumerable.Range((x * horizontal.Stride) - horizontal.Before, horizontal.Kernel)
                                   where i >= 0 && i < vertical.Input && j >= 0 && j < horizontal.Input
                                   select ((i * horizontal.Input) + j) * geometry.Channels];
                yield return (((y * horizontal.Output) + x) * geometry.Channels, window);
            }
        }
    }

    private static T[] Numbers<T>(int count, int seed, int different, T special)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ =>
            random.Next(20) == 0 ? special : T.CreateChecked(random.Next(different) - (different / 2)) / T.CreateChecked(7))];
    }

    // Every window has at least one input: the padding is less than the kernel.
    private static Gen<WindowAxis> AxisOf(int most) =>
        from kernel in Gen.Choose(1, 4)
        from stride in Gen.Choose(1, 4)
        from before in Gen.Choose(0, kernel - 1)
        from after in Gen.Choose(0, kernel - 1)
        from input in Gen.Choose(Math.Max(1, kernel - before - after), most)
        where ((((input + before + after - kernel) / stride) * stride) - before) < input
        select new WindowAxis(input, kernel, stride, 1, before, after);
}
