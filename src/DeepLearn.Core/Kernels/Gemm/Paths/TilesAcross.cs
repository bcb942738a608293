using System.Numerics;
using DeepLearn.Kernels.Gemm.Contract;
using DeepLearn.Kernels.Gemm.MicroKernel;

namespace DeepLearn.Kernels.Gemm.Paths;

/// <summary>
/// A result that is more panels wide than tiles high: the tiles of some rows from left to right, then those of the next. The kernel is
/// called once for all panels of one width.
/// </summary>
internal static unsafe class TilesAcross
{
    /// <summary>Computes some panels of all rows; it leaves A of <paramref name="run"/> behind the last row.</summary>
    /// <param name="set">The kernels.</param>
    /// <param name="run">
    /// The run; A, B, C and the bias at the first tile. The stride from one k of B to the next is that of a B that is not packed.
    /// </param>
    /// <param name="tiles">The rows divided into tiles.</param>
    /// <param name="panels">The vectors of all columns divided into panels.</param>
    /// <param name="first">The first panel.</param>
    /// <param name="end">The panel after the last one.</param>
    /// <param name="edge">The last vector of the last of all panels.</param>
    /// <param name="packed">Whether B is packed, panel by panel.</param>
    public static void Run<T>(
        KernelSet<T> set, ref TileRun<T> run, Division tiles, Division panels, int first, int end, Edge edge, bool packed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int size = panels.ShortSize, full = edge == Edge.Shared ? size : size - 1;
        int wider = Math.Clamp(panels.LongCount - first, 0, end - first);
        int last = edge != Edge.None && end == panels.Count ? 1 : 0, others = end - first - wider - last;
        nint vector = (nint)set.Width * sizeof(T), depth = packed ? run.Depth : 1;
        byte* b = run.B, c = run.C;
        T* bias = run.Bias;
        for (int tile = 0; tile < tiles.Count; tile++)
        {
            int height = tiles.Size(tile);
            run.B = b;
            run.C = c;
            run.Bias = bias;
            if (wider > 0)
            {
                if (packed)
                    run.DepthStepB = (size + 1) * vector;
                set.RunAcross(ref run, height, wider, size + 1, Edge.None, (size + 1) * vector * depth);
            }
            if (packed)
                run.DepthStepB = size * vector;
            if (others > 0)
                set.RunAcross(ref run, height, others, size, Edge.None, size * vector * depth);
            if (last > 0)
            {
                if (packed && edge == Edge.Shared)
                    run.DepthStepB += vector;
                set.RunAcross(ref run, height, 1, full, edge, 0);
            }
            run.A += height * run.RowStepA;
            c += height * run.RowStepC;
        }
    }
}
