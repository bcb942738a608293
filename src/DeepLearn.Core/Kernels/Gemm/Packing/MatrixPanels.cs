using System.Numerics;
using DeepLearn.Kernels.Gemm.Contract;

namespace DeepLearn.Kernels.Gemm.Packing;

/// <summary>
/// Packs a block of a matrix into panels, each as high as the tile that reads it. For each k, the elements of all its rows are side by
/// side.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <param name="a">The first element of op(A).</param>
/// <param name="rowStep">The stride from one row to the next, in elements.</param>
/// <param name="depthStep">The stride from one k to the next, in elements.</param>
internal readonly unsafe struct MatrixPanels<T>(T* a, nint rowStep, nint depthStep) : IPanelsOfA<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int StepsAtOnce = 16;

    /// <inheritdoc/>
    public bool SideBySide => false;

    /// <inheritdoc/>
    public void Pack(int firstRow, Division tiles, int firstDepth, int depth, T* to)
    {
        // If the rows of op(A) are side by side, a few k at a time are read across all panels, so that memory is read in order.
        int atOnce = rowStep == 1 ? StepsAtOnce : Math.Max(1, depth);
        for (int k = 0; k < depth; k += atOnce)
        {
            int count = Math.Min(atOnce, depth - k);
            T* from = a + (firstRow * rowStep) + ((firstDepth + k) * depthStep), panel = to;
            for (int tile = 0; tile < tiles.Count; tile++)
            {
                int height = tiles.Size(tile);
                PanelPacking.Pack(from, rowStep, depthStep, count, height, T.One, panel + ((nint)k * height), height);
                from += height * rowStep;
                panel += (nint)height * depth;
            }
        }
    }
}
