using DeepLearn.Foundation;

namespace DeepLearn.Losses;

/// <summary>The checks that losses share.</summary>
internal static class LossGuard
{
    public static ValueList<double> Weights(ValueList<double> weights, string name)
    {
        ArgumentNullException.ThrowIfNull(weights, name);
        for (int i = 0; i < weights.Count; i++)
        {
            if (!float.IsFinite((float)weights[i]) || weights[i] < 0)
            {
                throw new ArgumentOutOfRangeException(
                    name, weights[i], $"A weight is at least 0 and finite, in float too; position {i} is not.");
            }
        }
        return weights;
    }

    public static ValueList<double> ClassWeights(ValueList<double> weights, string name) =>
        Weights(weights, name).Count == 0 || weights.Any(weight => weight > 0)
            ? weights
            : throw new ArgumentOutOfRangeException(
                name, 0, $"At least one weight is above 0; found {weights.Count} of 0, which leave no loss.");

    public static void WeightForEach(ValueList<double> weights, int count, string name)
    {
        if (weights.Count != 0 && weights.Count != count)
            throw new ArgumentException($"{name} has one weight for each of the {count} classes, or none; found {weights.Count}.");
    }

    /// <summary>Throws unless scores of a range can give probabilities near 0 and 1: those that an activation has bounded cannot.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="range">The range of the scores.</param>
    /// <param name="least">The least probability that they give.</param>
    /// <param name="greatest">The greatest one.</param>
    public static void Scores(Loss loss, NumberRange range, double least, double greatest)
    {
        const double Certain = 0.99;
        bool isHigh = greatest >= Certain, isLow = least <= 1 - Certain;
        if (isHigh && isLow)
            return;
        string found = isHigh ? $"below {least:0.00}" : $"above {greatest:0.00}";
        throw new ArgumentException(
            $"{loss} makes probabilities of the outputs itself, and takes scores, which may be any number; found outputs {range}, which "
            + $"give no probability {found}. Leave out the layer that bounds them.");
    }

    public static OutputReduction Known(OutputReduction reduction) => reduction is OutputReduction.Mean or OutputReduction.Sum
        ? reduction
        : throw new ArgumentOutOfRangeException(nameof(reduction), reduction, "The reduction is Mean or Sum.");

    public static double Positive(double value, string name) =>
        double.IsFinite(value) && value > 0 ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} is finite and above 0.");
}
