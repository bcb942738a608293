namespace DeepLearn.Kernels.Convolution;

/// <summary>
/// Decides which convolutions are computed by Winograd's algorithm. Its results have other bits than the direct algorithm's, so the layer's
/// shape alone decides: never the machine, the threads, the batch or a timing.
/// </summary>
internal static class WinogradRule
{
    /// <summary>
    /// The fewest channels and filters with which the saved multiplications outweigh the transforms, for tiles of 2x2 and of 4x4 outputs;
    /// with a stride of 2 it is the former.
    /// </summary>
    private const int LeastChannels2 = 32, LeastChannels4 = 16;

    /// <summary>
    /// The fewest tiles of an image with a stride of 2: with fewer, one image would not be worth transformed weights. A stride of 1, whose
    /// tiles save twice as much, is worth them with one.
    /// </summary>
    private const int LeastTilesOfStride2 = 4;

    /// <summary>
    /// The part of the direct algorithm's multiplications that tiles of a stride of 2 may need at most, over all three passes: their
    /// transforms are more than twice those of a stride of 1.
    /// </summary>
    private const double MostOfDirectOfStride2 = 0.65;

    /// <summary>The part of the direct algorithm's multiplications that tiles may need at most.</summary>
    private const double MostOfDirect = 0.75;

    /// <summary>
    /// The side of the tiles: 4 or 2, or 0 for the direct algorithm. Winograd's algorithm takes kernels of 3x3, and by tiles of 2x2 of 5x5,
    /// without stride, dilation or groups, if it needs at most three quarters of the direct algorithm's multiplications; the outputs of
    /// partial tiles that lie outside the image count as work. Kernels of 3x3 with a stride of 2 along both axes have tiles of 4x4 only: of
    /// 2x2, with larger transforms for an output, they would save three tenths of the multiplications.
    /// </summary>
    /// <param name="geometry">The convolution.</param>
    /// <param name="most">The largest allowed side; 0 allows the direct algorithm only.</param>
    public static int OutputsFor(ConvolutionGeometry geometry, int most)
    {
        WindowAxis vertical = geometry.Vertical, horizontal = geometry.Horizontal;
        if (geometry.Groups != 1 || !IsPlain(vertical) || !IsPlain(horizontal) || vertical.Kernel != horizontal.Kernel
            || vertical.Stride != horizontal.Stride)
            return 0;
        int channels = Math.Min(geometry.Channels, geometry.Filters);
        if (vertical.Stride == 2)
            return most >= 4 && vertical.Kernel == 3 && channels >= LeastChannels2 && PaysWithStride2() ? 4 : 0;
        if (most >= 4 && vertical.Kernel == 3 && channels >= LeastChannels4 && Pays(4))
            return 4;
        return most >= 2 && channels >= LeastChannels2 && Pays(2) ? 2 : 0;

        bool Pays(int outputs)
        {
            long tiles = Tiles(vertical.Output, outputs) * Tiles(horizontal.Output, outputs);
            int side = outputs + vertical.Kernel - 1;
            return tiles * side * side <= MostOfDirect * geometry.Positions * geometry.Taps;
        }

        bool PaysWithStride2()
        {
            const int Side = WinogradStride.Side;
            long tiles = Tiles(vertical.Output, 4) * Tiles(horizontal.Output, 4);
            long ofPasses = (2 * tiles) + WinogradStrideGrids.Tiles(geometry);
            return tiles >= LeastTilesOfStride2
                && ofPasses * Side * Side <= MostOfDirectOfStride2 * 3 * geometry.Positions * geometry.Taps;
        }
    }

    private static bool IsPlain(WindowAxis axis) => axis is { Kernel: 3 or 5, Stride: 1 or 2, Dilation: 1 };

    private static long Tiles(int extent, int outputs) => (extent + outputs - 1) / outputs;
}
