using DeepLearn.Kernels.Elementwise;
using DeepLearn.Tensors;
using Xunit;

namespace DeepLearn.Tests.Kernels.Elementwise;

/// <summary>Rows of bytes from anywhere, converted in one pass.</summary>
public class ByteRowsTests
{
    [Fact]
    public void ByteConversion_ConvertRows_converts_every_row_exactly()
    {
        foreach (int columns in (int[])[1, 7, 16, 63, 64, 65, 150, 256])
        {
            for (int count = 0; count <= 9; count++)
            {
                Check<float>(columns, count);
                Check<double>(columns, count);
            }
        }
    }

    [Fact]
    public void ByteConversion_ConvertRows_bad_arguments_are_refused_before_anything_is_written()
    {
        var bytes = new byte[30];
        float[] factors = [1, 2, 3];
        Refused("From 0 to 9", () => ByteConversion.ConvertRows<float>(bytes, 3, [0, 10], factors, factors, Nines()));
        Refused("found -1", () => ByteConversion.ConvertRows<float>(bytes, 3, [-1, 0], factors, factors, Nines()));
        Refused("from 0 to 8", () => ByteConversion.ConvertRows<float>(bytes.AsSpan(1), 3, [0, 9], factors, factors, Nines()));
        Refused("2 rows", () => ByteConversion.ConvertRows<float>(bytes, 3, [0, 1], 1, 0, new Matrix<float>(3, 3)));
        Refused("stride of 3 columns", () => ByteConversion.ConvertRows<float>(bytes, 2, [0, 1], factors, factors, Nines()));
        Refused("3 columns", () => ByteConversion.ConvertRows<float>(bytes, 3, [0, 1], factors.AsSpan(1), factors, Nines()));
        Refused("3 columns", () => ByteConversion.ConvertRows<float>(bytes, 3, [0, 1], factors, factors.AsSpan(1), Nines()));
        Matrix<float> shared = Nines();
        Refused("share memory", () => ByteConversion.ConvertRows<float>(bytes, 3, [0, 1], shared.Row(1), factors, shared));
        Refused("share memory", () => ByteConversion.ConvertRows<float>(bytes, 3, [0, 1], factors, shared.Row(0), shared));
        Assert.All(shared.AsSpan().ToArray(), value => Assert.Equal(9, value));
        ByteConversion.ConvertRows<float>(bytes, 3, [], 1, 0, new Matrix<float>(0, 3));

        static Matrix<float> Nines()
        {
            var matrix = new Matrix<float>(2, 3);
            matrix.View.Fill(9);
            return matrix;
        }

        static void Refused(string message, Action action) =>
            Assert.Contains(message, Assert.ThrowsAny<ArgumentException>(action).Message, StringComparison.OrdinalIgnoreCase);
    }

    private static void Check<T>(int columns, int count)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        const int Rows = 12;
        int stride = columns + (count % 3);
        var bytes = new byte[((Rows - 1) * stride) + columns];
        var random = new Random(columns + count);
        random.NextBytes(bytes);
        int[] rows = [.. Enumerable.Range(0, count).Select(i => i == 0 ? Rows - 1 : random.Next(Rows))];
        T[] scale = KernelRuns.Numbers<T>(columns, 1), offset = KernelRuns.Numbers<T>(columns, 2);

        // Into a window with gaps, which stay as they are.
        var wide = new Matrix<T>(count + 1, columns + 2);
        wide.View.Fill(T.CreateChecked(-9));
        MatrixView<T> window = wide.View.Slice(0, 0, count, columns);
        ByteConversion.ConvertRows(bytes, stride, rows, scale, offset, window);
        CheckAll(j => scale[j], j => offset[j]);
        ByteConversion.ConvertRows(bytes, stride, rows, T.CreateChecked(3), T.CreateChecked(-0.5), window);
        CheckAll(_ => T.CreateChecked(3), _ => T.CreateChecked(-0.5));

        void CheckAll(Func<int, T> factor, Func<int, T> summand)
        {
            for (int i = 0; i <= count; i++)
            {
                for (int j = 0; j < columns + 2; j++)
                {
                    T expected = i == count || j >= columns
                        ? T.CreateChecked(-9)
                        : T.FusedMultiplyAdd(T.CreateChecked(bytes[(rows[i] * stride) + j]), factor(j), summand(j));
                    Assert.Equal(expected, wide[i, j]);
                }
            }
        }
    }
}
