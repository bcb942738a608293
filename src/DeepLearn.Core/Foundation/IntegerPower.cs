namespace DeepLearn.Foundation;

/// <summary>
/// Powers with whole exponents, reproducible bit for bit on every machine. <see cref="Math.Pow"/> does not promise that; this class uses
/// correctly rounded operations only.
/// </summary>
public static class IntegerPower
{
    /// <summary>
    /// <paramref name="value"/> to a whole power, by repeated squaring of an unevaluated sum of two numbers, so that the error does not
    /// grow with the exponent: within one unit in the last place or so.
    /// </summary>
    /// <param name="value">The base, any number.</param>
    /// <param name="exponent">The exponent, at least 0. Any base to the power of 0 is 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The exponent is below 0.</exception>
    public static double Of(double value, long exponent)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(exponent);
        (double High, double Low) result = (1, 0), square = (value, 0);
        while (true)
        {
            if ((exponent & 1) != 0)
                result = Multiply(result, square);
            exponent >>= 1;
            if (exponent == 0)
                return result.High;
            square = Multiply(square, square);
        }
    }

    private static (double High, double Low) Multiply((double High, double Low) a, (double High, double Low) b)
    {
        double product = a.High * b.High;

        // Where the product leaves the range of a double, its rounding error is no number to go on with.
        if (!double.IsNormal(product))
            return (product, 0);
        double error = Math.FusedMultiplyAdd(a.High, b.High, -product) + ((a.High * b.Low) + (a.Low * b.High));
        double high = product + error;
        return (high, error - (high - product));
    }
}
