using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Gemm.Contract;
using DeepLearn.Kernels.Gemm.MicroKernel;

namespace DeepLearn.Kernels.Gemm.Paths;

/// <summary>
/// Small products. The micro-kernels read the operands without packing, and k is not divided. Such a product takes a few hundred
/// nanoseconds, so preparations must be short.
/// </summary>
internal static unsafe class SmallProduct
{
    /// <summary>
    /// Whether operands and result are small enough to stay in the L1 and L2 caches, and the rows of op(B) are contiguous.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Suits<T>(in Product<T> product)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        product.ColumnB == 1 && product.Alpha == T.One
        && (nint)product.Depth * product.Columns <= 32 * 1024 / sizeof(T)
        && (nint)product.Depth * product.Rows <= 256 * 1024 / sizeof(T)
        && (nint)product.Columns * product.Rows <= 256 * 1024 / sizeof(T);

    /// <summary>Computes a product on the calling thread.</summary>
    [SkipLocalsInit]
    public static void Multiply<T>(in Product<T> product, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int edgeColumns = product.Columns & (set.Width - 1);
        var panels = new Division(set.VectorsOf(product.Columns), Blocking.PanelVectorsUnpacked(product.Rows, product.Columns, set));
        Unsafe.SkipInit(out TileRun<T> run);
        run.RowStepA = product.RowA * sizeof(T);
        run.DepthStepA = product.DepthA * sizeof(T);
        run.B = (byte*)product.B;
        run.DepthStepB = product.DepthB * sizeof(T);
        run.RowStepC = product.RowC * sizeof(T);
        run.Depth = product.Depth;
        run.Bias = product.Bias;
        run.ResultIsFar = false;
        run.TileStepB = run.TileStepC = run.TileStepBias = 0;
        run.Beta = product.Beta;
        run.Start = product.Start;
        run.Relu = product.Relu;
        run.Edge = edgeColumns;
        byte* c = (byte*)product.C;
        var rows = new Division(product.Rows, set.MrFor(panels.Size(0)));
        if (KernelSet<T>.PaysAcross(rows, panels.Count))
        {
            run.A = (byte*)product.A;
            run.C = c;
            TilesAcross.Run(set, ref run, rows, panels, 0, panels.Count, set.EdgeOf(edgeColumns), packed: false);
            return;
        }
        for (int panel = 0; panel < panels.Count; panel++)
        {
            int vectors = panels.Size(panel), mr = set.MrFor(vectors);
            nint width = (nint)vectors << set.WidthShift;
            Edge edge = panel == panels.Count - 1 ? set.EdgeOf(edgeColumns) : Edge.None;
            run.A = (byte*)product.A;
            run.C = c;
            set.RunTiles(ref run, new Division(product.Rows, mr), edge == Edge.None ? vectors : vectors - 1, edge, run.RowStepA);
            run.B += width * sizeof(T);
            run.Bias += width;
            c += width * sizeof(T);
        }
    }
}
