using System.Numerics;
using DeepLearn.Kernels.Normalization;
using DeepLearn.Tests.Support;
using Xunit;

namespace DeepLearn.Tests.Kernels.Normalization;

/// <summary>
/// The kernels of batch normalization against plain loops that do the same operations in the same order, so that every bit has to agree, at
/// every width of lanes; and against double.
/// </summary>
[Collection(Alone.Name)]
public unsafe class ChannelKernelTests
{
    public static TheoryData<int> Channels => [1, 2, 3, 4, 5, 7, 8, 11, 16, 17, 31, 40, 140];

    [Theory]
    [MemberData(nameof(Channels))]
    public void Channel_kernels_at_every_width_equal_plain_loops_bit_by_bit(int channels)
    {
        foreach (int width in Widths.All)
        {
            Widths.At(width, () =>
            {
                foreach (bool relu in (bool[])[false, true])
                {
                    Check<float>(channels, positions: 6, relu);
                    Check<double>(channels, positions: 1, relu);
                }
            });
        }
    }

    [Theory]
    [InlineData(4.25f)]
    [InlineData(0.1f)]
    [InlineData(-1234.567f)]
    [InlineData(3e38f)]
    public void Channel_moments_of_a_constant_are_the_constant_and_zero(float constant)
    {
        const int Positions = 700;
        float[] x = [.. Enumerable.Repeat(constant, 3 * Positions * 19)];
        float[] mean = new float[19], rest = new float[19], squares = new float[19];
        foreach (int width in Widths.All)
        {
            Widths.At(width, () =>
            {
                fixed (float* from = x, means = mean, rests = rest, squared = squares)
                    ChannelKernel<float>.Moments(new(from, Positions * 19), 0, 3, Positions, 19, means, rests, squared);
            });
            Assert.All(mean, value => Assert.Equal(constant, value));
            Assert.All(rest, value => Assert.Equal(0f, value));
            Assert.All(squares, value => Assert.Equal(0f, value));
        }
    }

    [Fact]
    public void Channel_normalization_with_ReLU_keeps_NaN_and_negative_zero()
    {
        float[] x = [.. Enumerable.Repeat(float.NaN, 21), .. Enumerable.Repeat(-0f, 21), .. Enumerable.Repeat(-1f, 21)];
        float[] y = new float[x.Length], zeros = new float[21], ones = [.. Enumerable.Repeat(1f, 21)];
        float[] negativeZeros = [.. Enumerable.Repeat(-0f, 21)];
        foreach (int width in Widths.All)
        {
            Widths.At(width, () =>
            {
                fixed (float* from = x, to = y, mean = zeros, factor = ones, shift = negativeZeros)
                {
                    ChannelKernel<float>.Normalize(
                        new(from, x.Length), new(to, x.Length), 0, 1, 3, new ChannelTerms<float>(21, mean, factor, shift, true));
                }
            });
            Bits.AssertSame<float>([.. x[..42], .. zeros], y, $"width {width}");
        }
    }

    private static void Check<T>(int channels, int positions, bool relu)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // The block is the second and third of four examples, which do not follow each other without a gap.
        const int First = 1, Examples = 2;
        int count = positions * channels, stride = count + 3;
        T[] x = Numbers<T>(1, 4 * stride), gradient = Numbers<T>(2, 4 * stride), y = Filled<T>(4 * stride), result = Filled<T>(4 * stride);
        T[] mean = Filled<T>(channels), rest = Filled<T>(channels), squares = Filled<T>(channels);
        T[] sum = Filled<T>(channels), product = Filled<T>(channels);
        T[] factor = Numbers<T>(3, channels), shift = Numbers<T>(4, channels), constant = Numbers<T>(5, channels);
        fixed (T* from = x, derivatives = gradient, to = y, back = result, means = mean, rests = rest, squared = squares)
        fixed (T* sums = sum, products = product, factors = factor, shifts = shift, constants = constant)
        {
            ImageRows<T> rows = new(from, stride), gradients = new(derivatives, stride);
            ChannelKernel<T>.Moments(rows, First, Examples, positions, channels, means, rests, squared);
            var terms = new ChannelTerms<T>(channels, means, factors, shifts, relu);
            ChannelKernel<T>.Normalize(rows, new(to, stride), First, Examples, positions, terms);
            ChannelKernel<T>.GradientSums(rows, gradients, First, Examples, positions, terms, sums, products);
            ChannelKernel<T>.InputGradient(
                rows, gradients, new(back, stride), First, Examples, positions, terms, factors, shifts, constants);
        }

        T[] expectedY = Filled<T>(4 * stride), expectedResult = Filled<T>(4 * stride);
        for (int c = 0; c < channels; c++)
        {
            int[] places = [.. from example in Enumerable.Range(First, Examples)
                               from position in Enumerable.Range(0, positions)
                               select (example * stride) + (position * channels) + c];
            T first = x[places[0]], total = T.Zero, restTotal = T.Zero;
            T squareTotal = T.Zero, gradientTotal = T.Zero, productTotal = T.Zero;
            foreach (int place in places)
                total += x[place] - first;
            T expectedMean = first + (total / T.CreateChecked(places.Length));
            foreach (int place in places)
            {
                T difference = x[place] - expectedMean, value = (difference * factor[c]) + shift[c];
                restTotal += difference;
                squareTotal += difference * difference;
                T derivative = relu && !(value > T.Zero) ? T.Zero : gradient[place];
                gradientTotal += derivative;
                productTotal += derivative * difference;
                expectedY[place] = relu && value < T.Zero ? T.Zero : value;
                expectedResult[place] = (factor[c] * derivative) + (shift[c] * difference) + constant[c];
            }
            string what = $"channel {c} of {channels}";
            Bits.AssertSame<T>(
                [expectedMean, restTotal, squareTotal, gradientTotal, productTotal],
                [mean[c], rest[c], squares[c], sum[c], product[c]],
                what);

            // And what they are to mean, in double: with few terms, hardly anything is lost.
            double exact = places.Average(place => double.CreateChecked(x[place]));
            double exactSquares = places.Sum(place => Math.Pow(double.CreateChecked(x[place]) - exact, 2));
            Assert.Equal(exact, double.CreateChecked(mean[c]), 1e-6);
            Assert.Equal(exactSquares, double.CreateChecked(squares[c]), 1e-5);
        }
        Bits.AssertSame<T>(expectedY, y, $"{channels} channels, normalized");
        Bits.AssertSame<T>(expectedResult, result, $"{channels} channels, gradient of the input");
    }

    private static T[] Filled<T>(int count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => [.. Enumerable.Repeat(T.CreateChecked(77), count)];

    private static T[] Numbers<T>(int seed, int count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => T.CreateChecked((random.NextDouble() * 2) - 1))];
    }
}
