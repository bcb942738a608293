using System.Numerics;
using DeepLearn.Kernels.Gemm.Packing;
using Xunit;

namespace DeepLearn.Tests.Kernels.Gemm.Packing;

/// <summary>A transposition puts every number where it belongs, and touches nothing else.</summary>
public sealed class PanelPackingTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(13)]
    public void TransposeExactly_writes_the_transpose_and_nothing_beside_it(int rows)
    {
        for (int columns = 1; columns < 70; columns++)
        {
            foreach (int gap in (int[])[0, 1, 5])
            {
                Transposes<float>(rows, columns, gap);
                Transposes<double>(rows, columns, gap);
            }
        }
    }

    private static unsafe void Transposes<T>(int rows, int columns, int gap)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const int Around = 20;
        int rowStep = columns + 3, resultStep = rows + gap;
        var from = new T[rows * rowStep];
        for (int i = 0; i < from.Length; i++)
            from[i] = T.CreateChecked(i + 1);
        var to = new T[(2 * Around) + (columns * resultStep)];
        fixed (T* source = from, result = to)
            PanelPacking.TransposeExactly(source, rowStep, columns, rows, result + Around, resultStep);
        var expected = new T[to.Length];
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
                expected[Around + (column * resultStep) + row] = from[(row * rowStep) + column];
        }
        Assert.Equal(expected, to);
    }
}
