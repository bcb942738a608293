using System.Globalization;

namespace DeepLearn.Layers;

/// <summary>
/// Two extents of an image, down and across: the size of a kernel or window, a stride, a dilation. A number converts to a square.
/// </summary>
/// <param name="Height">The extent along the rows' axis.</param>
/// <param name="Width">The extent along the columns' axis.</param>
public readonly record struct Extent2D(int Height, int Width)
{
    /// <summary>The same extent both ways.</summary>
    /// <param name="side">The extent.</param>
    public static implicit operator Extent2D(int side) => new(side, side);

    /// <summary>As in <c>3x3</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Height}x{Width}");

    /// <summary>The extent itself, where both ways it is at least 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is below 1.</exception>
    internal Extent2D Require(string what)
    {
        if (Height < 1 || Width < 1)
            throw new ArgumentOutOfRangeException(what, this, "Both extents are at least 1.");
        return this;
    }
}
