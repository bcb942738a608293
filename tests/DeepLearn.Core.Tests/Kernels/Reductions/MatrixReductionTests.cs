using System.Numerics;
using DeepLearn.Kernels.Reductions;
using DeepLearn.Tensors;
using DeepLearn.Tests.Support;
using Xunit;

namespace DeepLearn.Tests.Kernels.Reductions;

public class MatrixReductionTests
{
    [Property(MaxTest = 100)]
    public void ColumnReductions_Sum_adds_rows_in_order_in_blocks_of_256(ushort height, byte width, byte gap, int seed)
    {
        int rows = height % 700, columns = width % 90, stride = columns + (gap % 5);
        float[] numbers = Exactly(rows, columns, stride, seed), result = KernelRuns.Numbers<float>(columns, seed), before = [.. result];
        ReadOnlyMatrixView<float> x = new(numbers, rows, columns, stride);
        ColumnReductions.Sum(x, 0.5f, 2f, result);
        for (int j = 0; j < columns; j++)
        {
            float total = 0;
            for (int start = 0; start < rows; start += 256)
            {
                float sum = 0;
                for (int i = start; i < Math.Min(rows, start + 256); i++)
                    sum += x[i, j];
                total += sum;
            }
            Assert.Equal(MathF.FusedMultiplyAdd(before[j], 2, total * 0.5f), result[j]);
        }
    }

    [Property(MaxTest = 60)]
    public void MeanAndVariance_of_rows_and_columns_equal_their_definition(byte height, byte width, int seed)
    {
        int rows = (height % 40) + 1, columns = (width % 70) + 1;
        ReadOnlyMatrixView<double> x = new(KernelRuns.Numbers<double>(rows * columns, seed), rows, columns);
        double[] means = new double[columns], variances = new double[columns], rowMeans = new double[rows], rowVariances = new double[rows];
        ColumnReductions.MeanAndVariance(x, means, variances);
        RowReductions.MeanAndVariance(x, rowMeans, rowVariances);
        for (int j = 0; j < columns; j++)
        {
            double mean = 0, variance = 0;
            for (int i = 0; i < rows; i++)
                mean += x[i, j] / rows;
            for (int i = 0; i < rows; i++)
                variance += (x[i, j] - mean) * (x[i, j] - mean) / rows;
            Assert.Equal(mean, means[j], 1e-11);
            Assert.Equal(variance, variances[j], 1e-9);
        }
        for (int i = 0; i < rows; i++)
        {
            double mean = x.Row(i).ToArray().Average();
            Assert.Equal(mean, rowMeans[i], 1e-11);
            Assert.Equal(x.Row(i).ToArray().Average(value => (value - mean) * (value - mean)), rowVariances[i], 1e-9);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1e-20)]
    [InlineData(1e-41)]
    public void RowReductions_MeanAndVariance_equals_that_of_each_row_as_a_span(double scale)
    {
        // Short rows go several at a time, and are divided by their length in their own precision; at the last scale they are subnormal.
        foreach (int columns in (int[])[1, 3, 10, 16, 17, 50, 100, 1000, 4095, 4096, 4097])
        {
            const int Rows = 11;
            float[] numbers = [.. KernelRuns.Numbers<float>(Rows * (columns + 1), 3).Select(value => (float)(value * scale))];
            ReadOnlyMatrixView<float> x = new(numbers, Rows, columns, columns + 1);
            float[] means = new float[Rows], variances = new float[Rows];
            RowReductions.MeanAndVariance(x, means, variances);
            for (int i = 0; i < Rows; i++)
                Assert.Equal(Reduce.MeanAndVariance(x.Row(i)), (means[i], variances[i]));
        }
    }

    [Fact]
    public void ColumnReductions_Sum_with_factor_zero_does_not_read_its_destination()
    {
        for (int columns = 1; columns < 80; columns++)
        {
            var result = new double[columns];
            Array.Fill(result, double.NaN);
            ColumnReductions.Sum(new ReadOnlyMatrixView<double>(new double[3 * columns], 3, columns), 1, 0, result);
            Assert.All(result, value => Assert.Equal(0, value));
        }
    }

    [Fact]
    public void ColumnReductions_Sum_of_an_empty_matrix_is_zero()
    {
        float[] result = [1, 2];
        ColumnReductions.Sum(new ReadOnlyMatrixView<float>([], 0, 2), 1, 0, result);
        Assert.Equal([0, 0], result);
    }

    [Property(MaxTest = 100)]
    public void Softmax_of_rows_is_a_distribution_and_agrees_with_LogSumExp(byte height, byte width, int seed)
    {
        int rows = (height % 9) + 1, columns = (width % 80) + 1, stride = columns + 2;
        float[] numbers = [.. KernelRuns.Numbers<float>(rows * stride, seed).Select(value => value * 3)], result = new float[rows * stride];
        ReadOnlyMatrixView<float> x = new(numbers, rows, columns, stride);
        MatrixView<float> p = new(result, rows, columns, stride);
        float[] logSums = new float[rows], again = new float[rows];
        RowReductions.Softmax(x, p, logSums);
        RowReductions.LogSumExp(x, again);
        Bits.AssertSame<float>(logSums, again, "log-sum-exp");
        for (int i = 0; i < rows; i++)
        {
            double[] row = [.. x.Row(i).ToArray().Select(value => (double)value)];
            double greatest = row.Max(), sum = row.Sum(value => Math.Exp(value - greatest));
            Assert.Equal(greatest + Math.Log(sum), logSums[i], 1e-5 * (1 + Math.Abs(greatest)));
            for (int j = 0; j < columns; j++)
                Assert.Equal(Math.Exp(row[j] - greatest) / sum, p[i, j], 1e-6);
        }
        Assert.All(Enumerable.Range(0, rows), i => Assert.Equal(0, result[(i * stride) + columns]));
    }

    [Fact]
    public void Softmax_of_large_scores_and_NaN_has_its_limits()
    {
        float[] x = [1000, 1000, -1000, float.NaN, 1, 2, float.NegativeInfinity, 0, 0], p = new float[9], logSums = new float[3];
        RowReductions.Softmax(new ReadOnlyMatrixView<float>(x, 3, 3), new MatrixView<float>(p, 3, 3), logSums);
        Assert.Equal([0.5f, 0.5f, 0, float.NaN, float.NaN, float.NaN, 0, 0.5f, 0.5f], p);
        Assert.Equal(1000 + MathF.Log(2), logSums[0], 1e-4f);
        Assert.True(float.IsNaN(logSums[1]));
        RowReductions.Softmax(new ReadOnlyMatrixView<float>(x, 3, 3), new MatrixView<float>(x, 3, 3), []);
        Bits.AssertSame<float>(p, x, "in place");
    }

    [Fact]
    public void RowReductions_ArgMax_takes_the_first_greatest_and_NaN_first()
    {
        var positions = new int[3];
        RowReductions.ArgMax(new ReadOnlyMatrixView<float>([1, 3, 3, 2, float.NaN, 9, -1, -1, -2], 3, 3), positions);
        Assert.Equal([1, 1, 0], positions);
        ArgumentException error = Assert.Throws<ArgumentException>(
            () => RowReductions.ArgMax(new ReadOnlyMatrixView<float>([], 2, 0), positions.AsSpan(0, 2)));
        Assert.Contains("[2, 0]", error.Message);
        Assert.Throws<ArgumentException>(() => RowReductions.ArgMax(new ReadOnlyMatrixView<float>([1], 1, 1), positions));
    }

    [Property(MaxTest = 100)]
    public void Transpose_exchanges_rows_and_columns(byte height, byte width, byte gap)
    {
        int rows = height % 80, columns = width % 80, stride = columns + (gap % 4), turnedStride = rows + (gap % 3);
        float[] numbers = Exactly(rows, columns, stride, gap), turned = Exactly(columns, rows, turnedStride, 0);
        double[] wide = [.. numbers.Select(value => (double)value)], wideTurned = new double[turned.Length];
        ReadOnlyMatrixView<float> x = new(numbers, rows, columns, stride);
        MatrixView<float> y = new(turned, columns, rows, turnedStride);
        Transposition.Transpose(x, y);
        Transposition.Transpose(
            new ReadOnlyMatrixView<double>(wide, rows, columns, stride), new MatrixView<double>(wideTurned, columns, rows, turnedStride));
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                Assert.Equal(x[i, j], y[j, i]);
                Assert.Equal(x[i, j], wideTurned[(j * turnedStride) + i]);
            }
        }
    }

    [Theory]
    [InlineData(2064, 1024)] // past the caches, with rows a page apart
    [InlineData(2072, 1021)] // and not; the last strip is incomplete
    [InlineData(1029, 1030)] // lines of the destination that are not whole
    [InlineData(1024, 405)] // rows of the destination a page apart
    [InlineData(1536, 21)] // a page and a half (three pages) apart
    [InlineData(512, 7)] // so few that they do not compete
    public void Transpose_of_large_matrices_exchanges_rows_and_columns(int rows, int columns)
    {
        Check<float>();
        Check<double>();

        void Check<T>()
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            Matrix<T> x = new(rows, columns), y = new(columns, rows);
            for (int i = 0; i < x.Count; i++)
                x.AsSpan()[i] = T.CreateChecked(i);
            Transposition.Transpose(x, y.View);
            for (int i = 0; i < rows; i++)
            {
                for (int j = 0; j < columns; j++)
                {
                    if (y[j, i] != x[i, j])
                        Assert.Fail($"[{j}, {i}] is {y[j, i]}, not {x[i, j]}");
                }
            }
        }
    }

    [Fact]
    public void Transpose_into_wrong_shape_or_shared_memory_is_refused()
    {
        var x = new float[6];
        Assert.Contains("[3, 2]", Assert.Throws<ArgumentException>(() => Turn(new float[6], 2, 3)).Message);
        Assert.Throws<ArgumentException>(() => Turn(x, 3, 2));

        void Turn(float[] to, int rows, int columns) =>
            Transposition.Transpose(new ReadOnlyMatrixView<float>(x, 2, 3), new MatrixView<float>(to, rows, columns));
    }

    /// <summary>
    /// Numbers for a matrix, not one more than it needs: with rows shorter than a vector the last of them are a case of their own.
    /// </summary>
    private static float[] Exactly(int rows, int columns, int stride, int seed) =>
        KernelRuns.Numbers<float>(rows == 0 || columns == 0 ? 0 : ((rows - 1) * stride) + columns, seed);
}
