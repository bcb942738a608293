using System.Numerics;
using DeepLearn.Kernels.Normalization;
using DeepLearn.Tests.Support;
using Xunit;

namespace DeepLearn.Tests.Kernels.Normalization;

/// <summary>The kernels of layer normalization against double, and each width of lanes against one number at a time, bit by bit.</summary>
[Collection(Alone.Name)]
public unsafe class RowKernelTests
{
    private const int Rows = 3;
    private const double Epsilon = 1e-3;

    public static TheoryData<int> Columns => [1, 2, 3, 4, 7, 8, 9, 15, 16, 17, 31, 32, 33, 50, 129];

    [Theory]
    [MemberData(nameof(Columns))]
    public void Row_kernels_equal_double_within_rounding(int columns)
    {
        AssertIsNear<float>(columns, 4e-5);
        AssertIsNear<double>(columns, 1e-12);
    }

    [Theory]
    [MemberData(nameof(Columns))]
    public void Row_kernels_at_every_width_have_the_same_bits(int columns)
    {
        float[] floats = [];
        double[] doubles = [];
        Widths.At(1, () => (floats, doubles) = (Run<float>(columns), Run<double>(columns)));
        foreach (int width in Widths.All)
        {
            Widths.At(width, () =>
            {
                Bits.AssertSame<float>(floats, Run<float>(columns), $"width {width}, {columns} columns");
                Bits.AssertSame<double>(doubles, Run<double>(columns), $"width {width}, {columns} columns");
            });
        }
    }

    private static void AssertIsNear<T>(int columns, double tolerance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double[] x = As(Numbers<T>(1, Rows * columns)), gradient = As(Numbers<T>(2, Rows * columns));
        double[] scale = As(Numbers<T>(3, columns)), shift = As(Numbers<T>(4, columns));
        double[] y = new double[Rows * columns], result = new double[Rows * columns], moments = new double[3 * Rows];
        double[] shiftSums = new double[columns], scaleSums = new double[columns];
        for (int row = 0; row < Rows; row++)
        {
            int first = row * columns;
            double mean = x.Skip(first).Take(columns).Average();
            double variance = x.Skip(first).Take(columns).Average(value => (value - mean) * (value - mean));
            double inverse = 1 / Math.Sqrt(variance + Epsilon), sum = 0, product = 0;
            (moments[3 * row], moments[(3 * row) + 1]) = (mean, inverse);
            for (int j = 0; j < columns; j++)
            {
                double normal = (x[first + j] - mean) * inverse, derivative = gradient[first + j] * scale[j];
                y[first + j] = (normal * scale[j]) + shift[j];
                shiftSums[j] += gradient[first + j];
                scaleSums[j] += gradient[first + j] * normal;
                sum += derivative / columns;
                product += derivative * normal / columns;
            }
            for (int j = 0; j < columns; j++)
            {
                double normal = (x[first + j] - mean) * inverse, derivative = gradient[first + j] * scale[j];
                result[first + j] = (derivative - sum - (normal * product)) * inverse;
            }
        }
        double[] expected = [.. y, .. moments, .. shiftSums, .. scaleSums, .. result], actual = As(Run<T>(columns));
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], tolerance * Math.Max(1, Math.Abs(expected[i])));
    }

    /// <summary>All that the kernels give: results, moments, sums and the gradient of the input.</summary>
    private static T[] Run<T>(int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] x = Numbers<T>(1, Rows * columns), gradient = Numbers<T>(2, Rows * columns), y = new T[Rows * columns];
        T[] scale = Numbers<T>(3, columns), shift = Numbers<T>(4, columns), result = new T[Rows * columns], moments = new T[3 * Rows];
        T[] shiftSums = new T[columns], scaleSums = new T[columns];
        fixed (T* from = x, derivatives = gradient, to = y, scales = scale, shifts = shift, back = result, pairs = moments)
        fixed (T* ofShift = shiftSums, ofScale = scaleSums)
        {
            RowKernel<T>.Normalize(new(from, columns), new(to, columns), Rows, columns, T.CreateChecked(Epsilon), scales, shifts, pairs);
            RowKernel<T>.AddGradients(new(from, columns), new(derivatives, columns), Rows, columns, pairs, ofShift, ofScale);
            RowKernel<T>.InputGradient(new(from, columns), new(derivatives, columns), new(back, columns), Rows, columns, scales, pairs);
        }
        return [.. y, .. moments, .. shiftSums, .. scaleSums, .. result];
    }

    private static double[] As<T>(T[] numbers)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => [.. numbers.Select(double.CreateChecked)];

    private static T[] Numbers<T>(int seed, int count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => T.CreateChecked((random.NextDouble() * 2) - 1))];
    }
}
