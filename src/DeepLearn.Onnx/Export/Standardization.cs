using DeepLearn.Data;
using DeepLearn.Foundation;

namespace DeepLearn.Onnx.Export;

/// <summary>
/// A <see cref="Normalization"/> in the 32 bits of a file: <c>(x - mean) / standard deviation</c>. Where a mean is so large beside its
/// standard deviation that rounding it would be felt, what rounding takes away is subtracted by itself.
/// </summary>
internal sealed class Standardization(float[] mean, float[]? rest, float[] deviation)
{
    /// <summary>The greatest part of a standard deviation by which a mean may be off.</summary>
    private const double MostShift = 1e-6;

    /// <summary>The means.</summary>
    public float[] Mean { get; } = mean;

    /// <summary>What the means have beyond 32 bits; null where that is nothing beside the standard deviations.</summary>
    public float[]? Rest { get; } = rest;

    /// <summary>The standard deviations.</summary>
    public float[] Deviation { get; } = deviation;

    /// <summary>A normalization as a file has it.</summary>
    /// <param name="exact">The normalization.</param>
    /// <param name="what">What it is called, such as <c>normalization</c>.</param>
    /// <exception cref="ArgumentException">A number is beyond 32 bits.</exception>
    public static Standardization Of(Normalization exact, string what)
    {
        var rest = new float[exact.Features];
        bool hasRest = false;
        for (int i = 0; i < rest.Length; i++)
        {
            (double mean, double deviation) = (exact.Mean[i], exact.StandardDeviation[i]);
            if (!float.IsFinite((float)mean) || !float.IsFinite((float)deviation) || (float)deviation == 0)
            {
                throw new ArgumentException(FormattableString.Invariant(
                    $"A file holds numbers of 32 bits: expected a mean and a standard deviation within their range in the {what}; ")
                    + FormattableString.Invariant($"found {mean} and {deviation} for {i}."));
            }
            rest[i] = (float)(mean - (float)mean);
            hasRest |= Math.Abs(rest[i]) > MostShift * deviation;
        }
        return new(
            [.. exact.Mean.Select(number => (float)number)],
            hasRest ? rest : null,
            [.. exact.StandardDeviation.Select(number => (float)number)]);
    }

    /// <summary>The normalization that a file has.</summary>
    /// <exception cref="ArgumentException">A number is not finite, or a standard deviation not above 0.</exception>
    public Normalization ToNormalization() => new(
        ValueList.Create<double>([.. Mean.Select((number, i) => number + (double)(Rest?[i] ?? 0))]),
        ValueList.Create<double>([.. Deviation.Select(number => (double)number)]));

    /// <summary>Whether a normalization of a file is another in its 32 bits.</summary>
    /// <param name="exact">The other one.</param>
    /// <param name="found">The file's.</param>
    public static bool AreSame(Normalization exact, Normalization found)
    {
        try
        {
            return exact.Features == found.Features && Of(exact, "").ToNormalization().Equals(found);
        }
        catch (ArgumentException)
        {
            // One that no file holds.
            return false;
        }
    }
}
