using DeepLearn.Kernels.Gemm.Contract;
using DeepLearn.Kernels.Gemm.MicroKernel;
using DeepLearn.Kernels.Gemm.Paths;
using Xunit;

namespace DeepLearn.Tests.Kernels.Gemm.Paths;

/// <summary>Which operands are packed, and in what blocks, where results alone would not tell.</summary>
public sealed class BlockingTests
{
    [Theory]
    [InlineData(9, 400, 300, false)]
    [InlineData(64, 3072, 512, true)]
    [InlineData(96, 4000, 900, true)]
    public void Blocking_of_few_rows_by_a_matrix_stored_by_columns_packs_panels_that_stay_in_the_first_cache(
        int rows, int depth, int columns, bool asks)
    {
        foreach (KernelSet<double> set in KernelSet<double>.CreateAll())
        {
            Blocking blocking = Blocking.For(ByColumns(rows, depth, columns), set);
            int bytes = blocking.NcPanels * blocking.PanelVectors * set.Width * blocking.Kc * sizeof(double);
            Assert.True(blocking.PackB && !blocking.PackA, set.Name);
            Assert.True(bytes is > 0 and <= 24 * 1024, $"{set.Name}: {bytes} bytes");
            Assert.Equal(asks, blocking.AskForB);
        }
    }

    [Fact]
    public void Blocking_of_few_columns_of_a_near_matrix_packs_all_of_them_at_once()
    {
        KernelSet<double> set = KernelSet<double>.Best;
        Blocking blocking = Blocking.For(ByColumns(90, 300, 100), set);
        Assert.True(blocking.PackB && !blocking.AskForB);
        Assert.True(blocking.NcPanels * blocking.PanelVectors * set.Width >= 100);
        Assert.True(blocking.NcPanels * blocking.PanelVectors * set.Width * blocking.Kc * sizeof(double) > 24 * 1024);
    }

    [Fact]
    public void Blocking_of_many_rows_packs_all_columns_once()
    {
        KernelSet<double> set = KernelSet<double>.Best;
        Blocking blocking = Blocking.For(ByColumns(1000, 700, 500), set);
        Assert.True(blocking.PackA && blocking.PackB && !blocking.AskForB);
        Assert.True(blocking.NcPanels * blocking.PanelVectors * set.Width >= 500);
    }

    private static Product<double> ByColumns(int rows, int depth, int columns) => new()
    {
        RowA = depth,
        DepthA = 1,
        DepthB = 1,
        ColumnB = depth,
        RowC = columns,
        Rows = rows,
        Depth = depth,
        Columns = columns,
        Alpha = 1,
    };
}
