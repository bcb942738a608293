using DeepLearn.Foundation;

namespace DeepLearn.Data.Augmentation;

/// <summary>Mirrors an image left to right with a given probability, anew in each epoch.</summary>
/// <param name="Probability">How likely, from 0 to 1; default 0.5.</param>
/// <exception cref="ArgumentOutOfRangeException">The probability is out of range.</exception>
/// <example><code>TrainingPlan augmented = plan with { Augmentation = new HorizontalFlip() };</code></example>
public sealed record HorizontalFlip(double Probability = 0.5) : ImageAugmentation
{
    /// <summary>How likely an image is mirrored, from 0 to 1.</summary>
    public double Probability { get; init => field = AugmentationOption.Within(value, 0, 1); } =
        AugmentationOption.Within(Probability, 0, 1, nameof(Probability));

    /// <inheritdoc/>
    public override void Apply<T>(in AugmentationContext context, Span<T> image, Span<T> scratch)
    {
        RandomStream random = context.Key.Open();
        if (random.NextUniform() < Probability)
            Flip(context.Layout, image);
    }

    /// <summary>Mirrors an image in place.</summary>
    internal static void Flip<T>(ImageLayout layout, Span<T> image)
    {
        int pixel = layout.ColumnStride;
        for (int line = 0; line < layout.Lines; line++)
        {
            Span<T> elements = image.Slice(line * layout.LineLength, layout.LineLength);
            elements.Reverse();

            // The channels of a pixel have been reversed with the line, and are put right again.
            for (int x = 0; pixel > 1 && x < elements.Length; x += pixel)
                elements.Slice(x, pixel).Reverse();
        }
    }
}
