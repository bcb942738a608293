namespace DeepLearn.Kernels.Convolution;

/// <summary>
/// The tiles of the gradient of the inputs with a stride of 2: 8x8 gradients of inputs see 5x5 gradients of outputs. Counted from the start
/// of the padding, inputs with even numbers see two taps along an axis, those with odd numbers one; tiles begin with either.
/// </summary>
internal static class WinogradStrideGrids
{
    /// <summary>The side of a tile of gradients of inputs.</summary>
    private const int Step = 8;

    /// <summary>
    /// Whether tiles begin with an input of an odd number, as where an odd padding stands before them. One transform serves both axes;
    /// where only one of their paddings is odd, that axis' first tile begins in the padding.
    /// </summary>
    public static bool IsOdd(ConvolutionGeometry geometry) =>
        geometry.Vertical.Before % 2 == 1 && geometry.Horizontal.Before % 2 == 1;

    /// <summary>How many tiles the inputs of an image have.</summary>
    public static long Tiles(ConvolutionGeometry geometry) =>
        (long)Tiles(geometry.Vertical, IsOdd(geometry)) * Tiles(geometry.Horizontal, IsOdd(geometry));

    /// <summary>The tiles and the squares of gradients of outputs that they see.</summary>
    /// <param name="geometry">The convolution.</param>
    public static WinogradGrid From(ConvolutionGeometry geometry)
    {
        WindowAxis vertical = geometry.Vertical, horizontal = geometry.Horizontal;
        bool isOdd = IsOdd(geometry);

        // The two taps of an input see the output before its own and its own; where tiles begin with one tap, its own alone.
        int before = isOdd ? 0 : 1;
        return new(
            Tiles(vertical, isOdd), Tiles(horizontal, isOdd), Step / 2, (vertical.Before / 2) - before, (horizontal.Before / 2) - before,
            WinogradStride.Alone, vertical.Output, horizontal.Output, geometry.Filters);
    }

    /// <summary>The tiles and the squares of gradients of inputs that they make.</summary>
    /// <param name="geometry">The convolution.</param>
    public static WinogradGrid To(ConvolutionGeometry geometry)
    {
        WindowAxis vertical = geometry.Vertical, horizontal = geometry.Horizontal;
        bool isOdd = IsOdd(geometry);
        return new(
            Tiles(vertical, isOdd), Tiles(horizontal, isOdd), Step, First(vertical, isOdd), First(horizontal, isOdd), Step, vertical.Input,
            horizontal.Input, geometry.Channels);
    }

    private static int First(WindowAxis axis, bool isOdd) => isOdd ? 0 : -(axis.Before % 2);

    private static int Tiles(WindowAxis axis, bool isOdd) => (int)(((long)axis.Input - First(axis, isOdd) + Step - 1) / Step);
}
