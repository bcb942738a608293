using System.Globalization;
using DeepLearn.Kernels.Convolution;
using DeepLearn.Tensors;

namespace DeepLearn.Layers;

/// <summary>
/// The padding around an image: none, a border of given size, or as much as gives <c>ceil(input / stride)</c> outputs. A number converts to
/// a border of that size.
/// </summary>
/// <remarks>
/// <see cref="Same"/> gives <c>ceil(input / stride)</c> outputs along each axis, whatever the kernel; where an odd number of elements is
/// needed, the bottom and right get one more, as in TensorFlow.
/// </remarks>
public readonly record struct Padding2D
{
    private readonly bool _same;

    private Padding2D(int height, int width, bool same)
    {
        Height = height;
        Width = width;
        _same = same;
    }

    /// <summary>No padding, the default: every window lies within the image.</summary>
    public static Padding2D None => default;

    /// <summary>As much as gives <c>ceil(input / stride)</c> outputs along each axis.</summary>
    public static Padding2D Same { get; } = new(0, 0, true);

    /// <summary>The elements above and as many below; 0 for <see cref="Same"/>.</summary>
    public int Height { get; }

    /// <summary>The elements on the left and as many on the right; 0 for <see cref="Same"/>.</summary>
    public int Width { get; }

    /// <summary>The same border on all sides.</summary>
    /// <param name="border">The elements on each side, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    public static implicit operator Padding2D(int border) => Of(border, border);

    /// <summary>A border of given extents.</summary>
    /// <param name="height">The elements above and as many below, at least 0.</param>
    /// <param name="width">The elements on the left and as many on the right, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    public static Padding2D Of(int height, int width)
    {
        if (height < 0 || width < 0)
            throw new ArgumentOutOfRangeException(nameof(height), $"{height}x{width}", "Padding is at least 0.");
        return new(height, width, false);
    }

    /// <summary>As in <c>1x1</c>, or <c>same</c>.</summary>
    public override string ToString() => _same ? "same" : string.Create(CultureInfo.InvariantCulture, $"{Height}x{Width}");

    /// <summary>
    /// The axis of an image's rows and that of its columns, or null where the padded image would be too large to address.
    /// </summary>
    internal (WindowAxis Vertical, WindowAxis Horizontal)? Axes(Shape image, Extent2D window, Extent2D stride, Extent2D dilation)
    {
        if (!Fits(image[0], window.Height, dilation.Height, Height) || !Fits(image[1], window.Width, dilation.Width, Width))
            return null;
        return _same
            ? (WindowAxis.Same(image[0], window.Height, stride.Height, dilation.Height),
               WindowAxis.Same(image[1], window.Width, stride.Width, dilation.Width))
            : (new(image[0], window.Height, stride.Height, dilation.Height, Height, Height),
               new(image[1], window.Width, stride.Width, dilation.Width, Width, Width));
    }

    private static bool Fits(int input, int window, int dilation, int padding) =>
        input + ((long)window * dilation) + (2L * padding) < 1 << 24;
}
