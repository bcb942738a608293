namespace DeepLearn.Kernels.Convolution;

/// <summary>
/// Which convolutions are computed by Winograd's algorithm: a function of the layer's shape alone, since the results have other bits. Never
/// of the machine, of threads, of the batch or of a timing.
/// </summary>
internal static class WinogradRule
{
    /// <summary>From how many channels, and filters, on the products outweigh the transforms: for tiles of 2x2, and of 4x4
    /// outputs.</summary>
    private const int LeastChannels2 = 32, LeastChannels4 = 16;

    /// <summary>
    /// The side of the tiles: 4 or 2, or 0 for the direct algorithm. Winograd is for kernels of 3x3 without stride, dilation or groups, and
    /// where it does at most three quarters of the direct algorithm's multiplications, those for outputs that there are not counted in.
    /// </summary>
    /// <param name="geometry">The convolution.</param>
    /// <param name="most">The largest side that is wanted; 0 for the direct algorithm.</param>
    public static int OutputsFor(ConvolutionGeometry geometry, int most)
    {
        WindowAxis vertical = geometry.Vertical, horizontal = geometry.Horizontal;
        if (geometry.Groups != 1 || !IsPlain(vertical) || !IsPlain(horizontal))
            return 0;
        int channels = Math.Min(geometry.Channels, geometry.Filters);
        if (most >= 4 && channels >= LeastChannels4 && Pays(4))
            return 4;
        return most >= 2 && channels >= LeastChannels2 && Pays(2) ? 2 : 0;

        bool Pays(int outputs)
        {
            long tiles = Tiles(vertical.Output, outputs) * Tiles(horizontal.Output, outputs);
            return 4 * tiles * (outputs + 2) * (outputs + 2) <= 3L * geometry.Positions * geometry.Taps;
        }
    }

    private static bool IsPlain(WindowAxis axis) => axis is { Kernel: 3, Stride: 1, Dilation: 1 };

    private static long Tiles(int extent, int outputs) => (extent + outputs - 1) / outputs;
}
