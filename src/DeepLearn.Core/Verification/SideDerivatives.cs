namespace DeepLearn.Verification;

/// <summary>
/// The derivatives of a function of one variable to the left and to the right of a point, by differences to one side, extrapolated three
/// times (Richardson, 1911). Where they differ, the function has a kink at the point itself, which no smaller step gets away from.
/// </summary>
/// <param name="Left">The derivative to the left.</param>
/// <param name="Right">The derivative to the right.</param>
/// <param name="IsKink">
/// Whether the two differ by far more than the errors of both, and still do over the smallest step that rounding allows. At a point where
/// the function is smooth they are the same number, so that nothing between them is far from the derivative, whatever this says.
/// </param>
internal readonly record struct SideDerivatives(double Left, double Right, bool IsKink)
{
    private const double Machine = 2.2e-16;
    private const double Shrink = 0.25;

    /// <summary>The derivatives at a point.</summary>
    /// <param name="function">The function of the distance from the point.</param>
    /// <param name="largest">The first step.</param>
    /// <param name="smallest">The last step.</param>
    public static SideDerivatives At(Func<double, double> function, double largest, double smallest)
    {
        double middle = function(0);
        (double left, double leftError) = Side(function, middle, -1, largest, smallest);
        (double right, double rightError) = Side(function, middle, 1, largest, smallest);
        double jump = right - left;
        bool isSharp = Math.Abs(jump) > 10 * (leftError + rightError);
        return new(left, right, isSharp && Stays(function, middle, jump, largest, smallest));
    }

    private static (double Value, double Error) Side(
        Func<double, double> function, double middle, int sign, double largest, double smallest)
    {
        double best = double.NaN;
        double bestError = double.PositiveInfinity;
        for (double step = largest; step >= smallest * 0.99; step *= Shrink)
        {
            double end = function(sign * step);
            double whole = sign * (end - middle) / step;
            double half = Quotient(0.5 * step), quarter = Quotient(0.25 * step), eighth = Quotient(0.125 * step);
            double coarse = Twice(whole, half, quarter), fine = Twice(half, quarter, eighth);
            double rounding = 4 * Machine * Math.Max(Math.Abs(end), Math.Abs(middle)) / (0.125 * step);
            double error = Math.Abs(fine - coarse) + rounding;
            if (error < bestError)
                (best, bestError) = (fine + ((fine - coarse) / 7), error);
            if (Math.Abs(fine - coarse) <= 2 * rounding)
                break;
        }
        return (best, bestError);

        double Quotient(double step) => sign * (function(sign * step) - middle) / step;
    }

    // The errors of the quotients at h, h / 2 and h / 4 in h and in its square, taken out one after the other.
    private static double Twice(double whole, double half, double quarter)
    {
        double one = (2 * half) - whole, other = (2 * quarter) - half;
        return other + ((other - one) / 3);
    }

    // A bend between the point and a larger step is no kink at the point: over a small step there is none of it.
    private static bool Stays(Func<double, double> function, double middle, double jump, double largest, double smallest)
    {
        double step = Math.Max(smallest, 64 * Machine * Math.Abs(middle) / Math.Abs(jump));
        double bend = (function(step) - (2 * middle) + function(-step)) / step;
        return step <= largest && Math.Abs(bend - jump) <= 0.25 * Math.Abs(jump);
    }
}
