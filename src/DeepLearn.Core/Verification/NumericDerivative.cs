namespace DeepLearn.Verification;

/// <summary>
/// The derivative of a function of one variable by centered differences, extrapolated twice (Richardson, 1911), at the step where the
/// estimate of its own error is smallest (after Ridders, "Accurate Computation of F'(x) and F'(x)F''(x)", 1982).
/// </summary>
/// <remarks>
/// One fixed step cannot serve: a large one crosses kinks, a small one drowns in rounding. The error at a step h is estimated as the
/// difference of the two values that the differences at h, h / 2 and h / 4 extrapolate to, which a kink makes large, plus the rounding of
/// the function over h / 4. So a smooth function keeps the largest step, where rounding is least. The analytic gradient has no say in the
/// choice.
/// </remarks>
internal static class NumericDerivative
{
    private const double Machine = 2.2e-16;
    private const double Shrink = 0.25;

    /// <summary>The derivative at a point and the step that was chosen.</summary>
    /// <param name="function">The function of the distance from the point.</param>
    /// <param name="largest">The first step.</param>
    /// <param name="smallest">The last step.</param>
    public static (double Value, double Step) At(Func<double, double> function, double largest, double smallest)
    {
        double best = double.NaN;
        double bestError = double.PositiveInfinity;
        double bestStep = largest;
        for (double step = largest; step >= smallest * 0.99; step *= Shrink)
        {
            double high = function(step);
            double low = function(-step);
            double whole = (high - low) / (2 * step);
            double half = Difference(function, 0.5 * step);
            double quarter = Difference(function, 0.25 * step);
            double coarse = half + ((half - whole) / 3);
            double fine = quarter + ((quarter - half) / 3);
            double rounding = 4 * Machine * Math.Max(Math.Abs(high), Math.Abs(low)) / (0.25 * step);
            double error = Math.Abs(fine - coarse) + rounding;
            if (error < bestError)
                (best, bestError, bestStep) = (fine + ((fine - coarse) / 15), error, step);

            // Smaller steps only pay where the difference of the two estimates, not rounding, is what limits this one.
            if (Math.Abs(fine - coarse) <= 2 * rounding)
                break;
        }
        return (best, bestStep);
    }

    private static double Difference(Func<double, double> function, double step) => (function(step) - function(-step)) / (2 * step);
}
