using System.Numerics;
using DeepLearn.Foundation;

namespace DeepLearn.Optimizers;

/// <summary>The checks that optimizers share.</summary>
internal static class OptimizerGuard
{
    public static double Fraction(double value, string name) =>
        value is >= 0 and < 1 ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} is at least 0 and below 1.");

    public static double NotNegative(double value, string name) =>
        double.IsFinite(value) && value >= 0
            ? value
            : throw new ArgumentOutOfRangeException(name, value, $"{name} is finite and at least 0.");

    public static double Positive(double value, string name) =>
        double.IsFinite(value) && value > 0 ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} is finite and above 0.");

    /// <summary>A number that was given in double and is above 0, in the precision that is trained in.</summary>
    /// <exception cref="ArgumentException">It is 0 or infinite there.</exception>
    public static T Held<T>(double value, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T rounded = Precision.FromDouble<T>(value);
        return T.IsFinite(rounded) && rounded > T.Zero
            ? rounded
            : throw new ArgumentException(
                $"{name} is finite and above 0, in the precision of the weights too; found {InvariantText.Of(value)}, which is "
                + $"{InvariantText.Of(double.CreateChecked(rounded))} there.",
                name);
    }
}
