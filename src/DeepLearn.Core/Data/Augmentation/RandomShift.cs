using DeepLearn.Foundation;

namespace DeepLearn.Data.Augmentation;

/// <summary>
/// Moves an image by a random number of pixels along both axes, uniformly distributed: the same as padding it on all sides and cropping a
/// random window of the old size.
/// </summary>
/// <param name="Maximum">
/// The largest distance in pixels along each axis, from 0 to 2^24, less than the image's extents with
/// <see cref="ShiftPadding.Reflection"/>; 4 is usual for CIFAR.
/// </param>
/// <param name="Padding">What fills the border; default <see cref="ShiftPadding.Zero"/>.</param>
/// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
/// <example><code>TrainingPlan augmented = plan with { Augmentation = new RandomShift(4, ShiftPadding.Reflection) };</code></example>
public sealed record RandomShift(int Maximum, ShiftPadding Padding = ShiftPadding.Zero) : ImageAugmentation
{
    private const int Most = 1 << 24;

    /// <summary>The largest distance in pixels along each axis, from 0 to 2^24.</summary>
    public int Maximum { get; init => field = (int)AugmentationOption.Within(value, 0, Most); } =
        (int)AugmentationOption.Within(Maximum, 0, Most, nameof(Maximum));

    /// <summary>What fills the border.</summary>
    public ShiftPadding Padding { get; init => field = CheckPadding(value); } = CheckPadding(Padding);

    /// <summary>The value that <see cref="ShiftPadding.Zero"/> pads with, finite, in the units of the raw data; default 0.</summary>
    public double Fill { get; init => field = AugmentationOption.Finite(value); }

    /// <inheritdoc/>
    public override void Check(ImageLayout layout)
    {
        if (Padding == ShiftPadding.Reflection && Maximum >= Math.Min(layout.Height, layout.Width))
        {
            throw new ArgumentException(
                $"Reflection shifts an image of {layout.Height}x{layout.Width} by at most "
                + $"{Math.Min(layout.Height, layout.Width) - 1} pixels; found {Maximum}.");
        }
    }

    /// <inheritdoc/>
    public override void Apply<T>(in AugmentationContext context, Span<T> image, Span<T> scratch)
    {
        RandomStream random = context.Key.Open();
        int down = random.NextIndex((2 * Maximum) + 1) - Maximum;
        int right = random.NextIndex((2 * Maximum) + 1) - Maximum;
        if (down == 0 && right == 0)
            return;
        ImageLayout layout = context.Layout;
        image.CopyTo(scratch);
        T fill = T.CreateChecked(Fill);
        for (int line = 0; line < layout.Lines; line++)
        {
            Span<T> to = image.Slice(line * layout.LineLength, layout.LineLength);
            int y = line % layout.Height, from = y - down;
            if (Padding == ShiftPadding.Reflection)
                from = Reflect(from, layout.Height);
            if ((uint)from >= (uint)layout.Height)
                to.Fill(fill);
            else
                ShiftLine(scratch.Slice((line - y + from) * layout.LineLength, layout.LineLength), to, right, layout, fill);
        }
    }

    private static int Reflect(int index, int count) => index < 0 ? -index : index < count ? index : (2 * (count - 1)) - index;

    private static ShiftPadding CheckPadding(ShiftPadding padding) => padding is ShiftPadding.Zero or ShiftPadding.Reflection
        ? padding
        : throw new ArgumentOutOfRangeException(nameof(padding), $"The padding is Zero or Reflection; found {padding}.");

    private void ShiftLine<T>(ReadOnlySpan<T> from, Span<T> to, int right, ImageLayout layout, T fill)
    {
        int pixel = layout.ColumnStride, distance = Math.Min(Math.Abs(right), layout.Width), kept = layout.Width - distance;
        int gap = right > 0 ? 0 : kept;
        from.Slice((right > 0 ? 0 : distance) * pixel, kept * pixel).CopyTo(to[((right > 0 ? distance : 0) * pixel)..]);
        if (Padding == ShiftPadding.Zero)
        {
            to.Slice(gap * pixel, distance * pixel).Fill(fill);
            return;
        }
        for (int x = gap; x < gap + distance; x++)
            from.Slice(Reflect(x - right, layout.Width) * pixel, pixel).CopyTo(to[(x * pixel)..]);
    }
}
