using DeepLearn.Kernels.Convolution;
using DeepLearn.Kernels.Pooling;
using DeepLearn.Tensors;

namespace DeepLearn.Layers;

/// <summary>What the pooling layers share: the windows of an image, and whether there are any.</summary>
internal static class PoolGuard
{
    /// <summary>The pooling of an image, or null and what would have been expected.</summary>
    public static PoolGeometry? TryGeometry(Shape input, Extent2D window, Extent2D stride, Padding2D padding, out string expected)
    {
        ArgumentNullException.ThrowIfNull(input);
        expected = "an image [height, width, channels]";
        if (input.Rank != 3)
            return null;
        expected = $"images that with their padding are at least {window}, and have sides below 16,777,216";
        return padding.Axes(input, window, stride, 1) is (WindowAxis vertical, WindowAxis horizontal)
            && vertical.Output > 0 && horizontal.Output > 0
            ? new(vertical, horizontal, input[2])
            : null;
    }

    /// <summary>The padding, where every window then has something of the image in it.</summary>
    public static Padding2D Padding(Padding2D padding, Extent2D window) => padding.Height < window.Height && padding.Width < window.Width
        ? padding
        : throw new ArgumentOutOfRangeException(
            nameof(Padding), padding, $"The padding of a pooling is less than its window, {window}, both ways.");
}
