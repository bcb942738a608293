namespace DeepLearn.Verification;

/// <summary>
/// The derivative of a function of one variable by centred differences, extrapolated once (Richardson, 1911), at the step where the
/// estimate of its own error is smallest (after Ridders, "Accurate Computation of F'(x) and F'(x)F''(x)", 1982).
/// </summary>
/// <remarks>
/// One fixed step cannot serve: a large one crosses kinks, a small one drowns in rounding. The error of a step h is estimated as the
/// difference of the estimates at h and h / 2, which a kink makes large, plus the rounding of the function over h. The analytic
/// gradient has no say in the choice.
/// </remarks>
internal static class NumericDerivative
{
    private const double Machine = 2.2e-16;
    private const double Shrink = 0.1;

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
            double wide = (high - low) / (2 * step);
            double narrow = (function(0.5 * step) - function(-0.5 * step)) / step;
            double rounding = 4 * Machine * Math.Max(Math.Abs(high), Math.Abs(low)) / step;
            double error = Math.Abs(wide - narrow) + rounding;
            if (error < bestError)
            {
                (best, bestError, bestStep) = (narrow + ((narrow - wide) / 3), error, step);
            }

            // Smaller steps only pay where the difference of the two estimates, not rounding, is what limits this one.
            if (Math.Abs(wide - narrow) <= 10 * rounding)
                break;
        }
        return (best, bestStep);
    }
}
