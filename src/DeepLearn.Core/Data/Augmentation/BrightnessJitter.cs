using System.Numerics.Tensors;
using DeepLearn.Foundation;

namespace DeepLearn.Data.Augmentation;

/// <summary>
/// Makes an image brighter or darker: every number is multiplied by one random factor, uniform in [1 - amount, 1 + amount], and clamped to
/// the range.
/// </summary>
/// <param name="Amount">How far the factor goes from 1, from 0 to 1; 0.2 is usual.</param>
/// <exception cref="ArgumentOutOfRangeException">The amount is out of range.</exception>
/// <example><code>
/// TrainingPlan augmented = plan with { Augmentation = new BrightnessJitter(0.2).Then(new ContrastJitter(0.2)) };
/// </code></example>
public sealed record BrightnessJitter(double Amount) : ImageAugmentation
{
    /// <summary>How far the factor goes from 1, from 0 to 1.</summary>
    public double Amount { get; init => field = AugmentationOption.Within(value, 0, 1); } =
        AugmentationOption.Within(Amount, 0, 1, nameof(Amount));

    /// <summary>The largest value of the raw data, finite and at least 0; the smallest is 0. Default 255, for bytes.</summary>
    public double Maximum { get; init => field = AugmentationOption.Within(value, 0, double.MaxValue); } = 255;

    /// <inheritdoc/>
    public override void Apply<T>(in AugmentationContext context, Span<T> image, Span<T> scratch)
    {
        RandomStream random = context.Key.Open();
        double factor = 1 + (Amount * ((2 * random.NextUniform()) - 1));
        TensorPrimitives.Multiply(image, T.CreateChecked(factor), image);
        TensorPrimitives.Clamp(image, T.Zero, T.CreateChecked(Maximum), image);
    }
}
