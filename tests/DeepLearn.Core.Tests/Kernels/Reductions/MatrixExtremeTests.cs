using System.Numerics;
using DeepLearn.Kernels.Reductions;
using DeepLearn.Tensors;
using DeepLearn.Tests.Support;
using Xunit;

namespace DeepLearn.Tests.Kernels.Reductions;

/// <summary>The greatest of each row and each column, and where it stands.</summary>
[Collection(Alone.Name)]
public class MatrixExtremeTests
{
    [Property(MaxTest = 150)]
    public void MatrixExtremes_of_random_matrices_in_float_equal_a_plain_loop(byte height, byte width, byte gap, int seed, byte kind) =>
        Check<float>(height % 70, width % 150, gap % 6, seed, kind % 4);

    [Property(MaxTest = 150)]
    public void MatrixExtremes_of_random_matrices_in_double_equal_a_plain_loop(byte height, byte width, byte gap, int seed, byte kind) =>
        Check<double>(height % 70, width % 150, gap % 6, seed, kind % 4);

    [Theory]
    [InlineData(9, 5000)] // several strips of columns, the last of which starts early
    [InlineData(260, 2050)] // more than the second cache holds
    [InlineData(21, 2049)]
    [InlineData(8, 2048)]
    [InlineData(5000, 3)]
    [InlineData(1, 1)]
    public void MatrixExtremes_of_many_rows_and_columns_at_every_width_equal_a_plain_loop(int rows, int columns)
    {
        foreach (int width in Widths.All)
        {
            for (int kind = 0; kind < 4; kind++)
            {
                Widths.At(width, () => Check<float>(rows, columns, 1, 7, kind));
                Widths.At(width, () => Check<double>(rows, columns, 0, 7, kind));
            }
        }
    }

    [Fact]
    public void ArgMax_of_equal_elements_is_the_first()
    {
        // Zeros of either sign are equal, and a greatest one is +0; the first NaN is greater than what is before and behind it.
        const float Nan = float.NaN, Inf = float.PositiveInfinity;
        float[] numbers =
        [
            -0f, 0, -Inf, 1, Nan, Inf, -1,
            0, -0f, -Inf, 3, Inf, Nan, -0f,
            -0f, 0, -Inf, 3, Nan, Inf, -0f,
        ];
        ReadOnlyMatrixView<float> x = new(numbers, 3, 7);
        float[] greatest = new float[7], ofRows = new float[3];
        int[] positions = new int[7], columns = new int[3];
        ColumnReductions.Max(x, greatest);
        ColumnReductions.ArgMax(x, positions);
        RowReductions.Max(x, ofRows);
        RowReductions.ArgMax(x, columns);
        Bits.AssertSame<float>([0, 0, -Inf, 3, Nan, Nan, 0], greatest, "columns");
        Assert.Equal([0, 0, 0, 1, 0, 1, 1], positions);
        Bits.AssertSame<float>([Nan, Nan, Nan], ofRows, "rows");
        Assert.Equal([4, 5, 4], columns);
        RowReductions.Max(x.Slice(0, 0, 3, 2), ofRows);
        Bits.AssertSame<float>([0, 0, 0], ofRows, "rows of zeros");
    }

    [Fact]
    public void Max_of_no_elements_is_refused()
    {
        Assert.Contains("[2, 0]", Assert.Throws<ArgumentException>(
            () => RowReductions.Max(new ReadOnlyMatrixView<float>([], 2, 0), new float[2])).Message);
        Assert.Contains("[0, 2]", Assert.Throws<ArgumentException>(
            () => ColumnReductions.Max(new ReadOnlyMatrixView<float>([], 0, 2), new float[2])).Message);
        Assert.Contains("[0, 2]", Assert.Throws<ArgumentException>(
            () => ColumnReductions.ArgMax(new ReadOnlyMatrixView<double>([], 0, 2), new int[2])).Message);

        // No row has no greatest, and no column.
        RowReductions.Max(new ReadOnlyMatrixView<float>([], 0, 2), []);
        ColumnReductions.Max(new ReadOnlyMatrixView<float>([], 2, 0), []);
        ColumnReductions.ArgMax<float>(new ReadOnlyMatrixView<float>([], 2, 0), []);
    }

    [Fact]
    public void Max_with_a_result_of_wrong_length_is_refused()
    {
        var x = new Matrix<double>(2, 3);
        Assert.Contains("2 rows needs 2", Assert.Throws<ArgumentException>(() => RowReductions.Max<double>(x, new double[3])).Message);
        Assert.Contains(
            "3 columns needs 3", Assert.Throws<ArgumentException>(() => ColumnReductions.Max<double>(x, new double[2])).Message);
        Assert.Contains(
            "3 columns needs 3", Assert.Throws<ArgumentException>(() => ColumnReductions.ArgMax<double>(x, new int[4])).Message);
    }

    /// <summary>
    /// Numbers of one of four kinds: plain, many of them equal, with NaN and infinities in all places, and with a single NaN.
    /// </summary>
    private static void Check<T>(int rows, int columns, int gap, int seed, int kind)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int stride = columns + gap, count = rows == 0 || columns == 0 ? 0 : ((rows - 1) * stride) + columns;
        T[] numbers = KernelRuns.Numbers<T>(count, seed, specials: kind == 2);
        if (kind == 1)
            numbers = [.. numbers.Select(value => T.Round(value))];
        if (kind == 3 && count > 0)
            numbers[new Random(seed).Next(count)] = T.NaN;
        ReadOnlyMatrixView<T> x = new(numbers, rows, columns, stride);
        if (columns > 0)
        {
            T[] greatest = new T[rows];
            var positions = new int[rows];
            RowReductions.Max(x, greatest);
            RowReductions.ArgMax(x, positions);
            for (int i = 0; i < rows; i++)
                AssertGreatest(x.Row(i).ToArray(), greatest[i], positions[i], $"row {i}");
        }
        if (rows > 0)
        {
            // Between numbers that are to stay.
            T[] greatest = new T[columns + 2];
            int[] positions = new int[columns + 2];
            ColumnReductions.Max(x, greatest.AsSpan(1, columns));
            ColumnReductions.ArgMax(x, positions.AsSpan(1, columns));
            for (int j = 0; j < columns; j++)
            {
                var column = new T[rows];
                for (int i = 0; i < rows; i++)
                    column[i] = x[i, j];
                AssertGreatest(column, greatest[j + 1], positions[j + 1], $"column {j}");
            }
            Assert.Equal((T.Zero, T.Zero, 0, 0), (greatest[0], greatest[^1], positions[0], positions[^1]));
        }
    }

    private static void AssertGreatest<T>(T[] numbers, T greatest, int position, string what)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int expected = Array.FindIndex(numbers, T.IsNaN);
        if (expected < 0)
        {
            expected = 0;
            for (int i = 1; i < numbers.Length; i++)
            {
                if (numbers[i] > numbers[expected])
                    expected = i;
            }
        }
        Bits.AssertSame([numbers[expected] + T.Zero], [greatest], what);
        Assert.Equal(expected, position);
    }
}
