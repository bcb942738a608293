namespace DeepLearn.Layers;

/// <summary>The check that the normalizing layers share.</summary>
internal static class NormalizationGuard
{
    public static double Epsilon(double value) => double.IsFinite(value) && value > 0
        ? value
        : throw new ArgumentOutOfRangeException(nameof(Epsilon), value, "The epsilon of a normalization is finite and above 0.");
}
