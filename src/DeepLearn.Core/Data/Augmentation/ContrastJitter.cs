using System.Numerics;
using System.Numerics.Tensors;
using DeepLearn.Foundation;

namespace DeepLearn.Data.Augmentation;

/// <summary>
/// Strengthens or weakens the contrast of an image: the distance of every number from the mean of the image is multiplied by one random
/// factor, uniform in [1 - amount, 1 + amount], and the result is clamped to the range. The mean is that of all channels together.
/// </summary>
/// <param name="Amount">How far the factor goes from 1, from 0 to 1; 0.2 is usual.</param>
/// <exception cref="ArgumentOutOfRangeException">The amount is out of range.</exception>
/// <example><code>TrainingPlan augmented = plan with { Augmentation = new ContrastJitter(0.2) };</code></example>
public sealed record ContrastJitter(double Amount) : ImageAugmentation
{
    private const int Lanes = 8;

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
        double mean = Sum(image) / image.Length;
        TensorPrimitives.Multiply(image, T.CreateChecked(factor), image);
        TensorPrimitives.Add(image, T.CreateChecked(mean - (factor * mean)), image);
        TensorPrimitives.Clamp(image, T.Zero, T.CreateChecked(Maximum), image);
    }

    // Eight sums in double, element i in sum i mod 8: the order is the same everywhere, and the additions do not wait for each other.
    private static double Sum<T>(ReadOnlySpan<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Span<double> sums = stackalloc double[Lanes];
        sums.Clear();
        for (int i = 0; i < values.Length; i++)
            sums[i % Lanes] += double.CreateTruncating(values[i]);
        return ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
    }
}
