using System.Runtime.CompilerServices;

namespace DeepLearn.Regularizers;

/// <summary>The checks that regularizers share.</summary>
internal static class RegularizerGuard
{
    public static double Factor(double lambda, [CallerArgumentExpression(nameof(lambda))] string? name = null) =>
        double.IsFinite(lambda) && lambda >= 0
            ? lambda
            : throw new ArgumentOutOfRangeException(name, lambda, "The factor of a penalty is finite and at least 0.");
}
