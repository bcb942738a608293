using DeepLearn.Foundation;

namespace DeepLearn.Data.Augmentation;

/// <summary>Covers a square of an image. Its center is uniform over the pixels; the square is clipped at the border.</summary>
/// <remarks>
/// DeVries and Taylor, "Improved Regularization of Convolutional Neural Networks with Cutout", 2017. There the square is 0 after
/// normalization, the mean of the training set; here it is <see cref="Fill"/> before normalization.
/// </remarks>
/// <param name="Size">The side of the square in pixels, at least 1; in the paper 16 for CIFAR-10, 8 for CIFAR-100.</param>
/// <exception cref="ArgumentOutOfRangeException">The size is below 1.</exception>
/// <example><code>TrainingPlan augmented = plan with { Augmentation = new Cutout(8) { Fill = 127.5 } };</code></example>
public sealed record Cutout(int Size) : ImageAugmentation
{
    /// <summary>The side of the square in pixels.</summary>
    public int Size { get; init => field = AugmentationOption.AtLeast(value, 1); } = AugmentationOption.AtLeast(Size, 1, nameof(Size));

    /// <summary>
    /// What the square is filled with, finite, in the units of the raw data; default 0, black. 127.5 is the gray in the middle of bytes.
    /// </summary>
    public double Fill { get; init => field = AugmentationOption.Finite(value); }

    /// <inheritdoc/>
    public override void Apply<T>(in AugmentationContext context, Span<T> image, Span<T> scratch)
    {
        ImageLayout layout = context.Layout;
        RandomStream random = context.Key.Open();
        int top = random.NextIndex(layout.Height) - (Size / 2), left = random.NextIndex(layout.Width) - (Size / 2);
        int bottom = Math.Min(top + Size, layout.Height), right = Math.Min(left + Size, layout.Width);
        (top, left) = (Math.Max(top, 0), Math.Max(left, 0));
        T fill = T.CreateChecked(Fill);
        for (int line = 0; line < layout.Lines; line++)
        {
            int y = line % layout.Height;
            if (y >= top && y < bottom)
                image.Slice((line * layout.LineLength) + (left * layout.ColumnStride), (right - left) * layout.ColumnStride).Fill(fill);
        }
    }
}
