using DeepLearn.Foundation;
using DeepLearn.Verification;

namespace DeepLearn.Testing.Checks;

/// <summary>How the gradients of single functions are compared with centered differences.</summary>
internal static class Differences
{
    /// <summary>The gradients that are wrong, a line for each.</summary>
    public static string Failures(GradientReport report) =>
        string.Join(Environment.NewLine, report.Parameters.Where(parameter => !parameter.Passed));

    /// <summary>
    /// Sharper than the checker's defaults, which are for whole networks: 1e-6 of a derivative, and 1e-8 of one below 0.01, is what
    /// differences of one smooth function give.
    /// </summary>
    /// <param name="elements">How many elements of each gradient; 0 for all.</param>
    /// <param name="key">Which.</param>
    public static GradientCheckOptions Sharp(int elements, RandomKey key) =>
        new() { Tolerance = 1e-6, RelativeFloor = 1e-2, ElementsPerParameter = elements, Key = key };
}
