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
    /// <inheritdoc/>
    public bool SideBySide => false;

    /// <inheritdoc/>
    public void Pack(int firstRow, Division tiles, int firstDepth, int depth, T* to)
    {
        T* from = a + (firstRow * rowStep) + (firstDepth * depthStep);
        for (int tile = 0; tile < tiles.Count; tile++)
        {
            int height = tiles.Size(tile);
            PanelPacking.Pack(from, rowStep, depthStep, depth, height, T.One, to, height);
            from += height * rowStep;
            to += (nint)height * depth;
        }
    }
}
