using System.Numerics;

namespace DeepLearn.Kernels.Gemm;

/// <summary>
/// Packs a block of A in panels, each as high as the tile that reads it: for each k, the elements of all its rows side by side.
/// </summary>
internal static unsafe class PanelsOfA
{
    /// <summary>Packs a block.</summary>
    /// <param name="a">The first element of the block.</param>
    /// <param name="rowStep">From one row to the next, in elements.</param>
    /// <param name="depthStep">From one k to the next, in elements.</param>
    /// <param name="depth">How many k.</param>
    /// <param name="panels">The rows of the block divided in panels.</param>
    /// <param name="to">The panels, one after the other without gaps.</param>
    public static void Pack<T>(T* a, nint rowStep, nint depthStep, int depth, Division panels, T* to)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int panel = 0; panel < panels.Pieces; panel++)
        {
            int height = panels.Size(panel);
            Packing.Pack(a, rowStep, depthStep, depth, height, T.One, to, height);
            a += height * rowStep;
            to += (nint)height * depth;
        }
    }
}
