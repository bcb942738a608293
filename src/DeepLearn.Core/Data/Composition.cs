using DeepLearn.Foundation;

namespace DeepLearn.Data;

/// <summary>Several augmentations, one after the other, each with random numbers of its own. An empty list changes nothing.</summary>
/// <param name="Parts">The augmentations, in order.</param>
/// <example><code>
/// var both = new Composition([new HorizontalFlip(), new RandomShift(4)]);
/// TrainingPlan augmented = plan with { Augmentation = both };
/// </code></example>
public sealed record Composition(ValueList<ImageAugmentation> Parts) : ImageAugmentation
{
    /// <inheritdoc/>
    public override void Check(ImageLayout layout)
    {
        foreach (ImageAugmentation part in Parts)
            part.Check(layout);
    }

    /// <inheritdoc/>
    public override void Apply<T>(in AugmentationContext context, Span<T> image, Span<T> scratch)
    {
        for (int i = 0; i < Parts.Count; i++)
        {
            AugmentationContext part = context.Part(i);
            Parts[i].Apply(in part, image, scratch);
        }
    }
}
