using System.Numerics;
using DeepLearn.Kernels.Reductions;
using DeepLearn.Tensors;
using DeepLearn.Tests.Support;
using Xunit;

namespace DeepLearn.Tests.Kernels.Reductions;

/// <summary>
/// The transpose at every width. A processor takes one of them (<c>LaneWidth.CurrentForShort</c>); without this test, the others would be
/// tested on other machines alone.
/// </summary>
[Collection(Alone.Name)]
public class TranspositionWidthTests
{
    [Theory]
    [InlineData(16, 16)] // one square of floats, four of doubles
    [InlineData(65, 39)] // squares, and what is left over at both sides
    [InlineData(200, 17)]
    [InlineData(17, 200)]
    [InlineData(1024, 405)] // rows of the destination a page apart, which are turned in a buffer
    [InlineData(2064, 1024)] // past the caches, by stores that bypass them
    [InlineData(2072, 1021)] // and the last strip incomplete
    public void Transpose_at_every_width_exchanges_rows_and_columns(int rows, int columns)
    {
        foreach (int width in Widths.All)
        {
            Widths.At(width, () => Check<float>(width));
            Widths.At(width, () => Check<double>(width));
        }

        void Check<T>(int width)
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
                        Assert.Fail($"{width} bits, {typeof(T).Name}: [{j}, {i}] is {y[j, i]}, not {x[i, j]}");
                }
            }
        }
    }
}
