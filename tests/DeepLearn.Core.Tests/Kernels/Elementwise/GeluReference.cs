namespace DeepLearn.Tests.Kernels.Elementwise;

/// <summary>
/// GELU, x Phi(x), and its derivative, Phi(x) + x phi(x), right to about 2^-60 of x and of 1, in a few operations, so that hundreds of
/// thousands of doubles can be judged.
/// </summary>
/// <remarks>
/// Phi and the derivative are known to 200 bits and more at every 128th of [0, 10], and anywhere else by their Taylor series from the
/// nearest of these: the series' sum is below 2^-8, so that ordinary arithmetic has it to 2^-60.
/// </remarks>
internal sealed class GeluReference
{
    private const int Last = 1280;
    private const double Spacing = 1.0 / 128;
    private const int Terms = 10;

    private readonly Node[] _nodes = [.. Enumerable.Range(0, Last + 1).Select(i => Node.At(i * Spacing))];

    /// <summary>How far a number is off x Phi(x), for |x| up to 10.</summary>
    public double ErrorOfGelu(double x, double found)
    {
        (double high, double low) = Sum(x, ofDerivative: false);
        double product = x * high;
        return Math.Abs((found - product) - Math.FusedMultiplyAdd(x, high, -product) - (x * low));
    }

    /// <summary>How far a number is off the derivative, for |x| up to 10.</summary>
    public double ErrorOfDerivative(double x, double found)
    {
        (double high, double low) = Sum(x, ofDerivative: true);
        return Math.Abs((found - high) - low);
    }

    /// <summary>x Phi(x), for every x.</summary>
    public static BigReal Gelu(double x) => BigReal.From(x) * Distribution(x);

    /// <summary>Phi(x) + x phi(x), for every x.</summary>
    public static BigReal Derivative(double x) => Distribution(x) + (BigReal.From(x) * Density(x));

    private static BigReal Distribution(double x) => x < 0 ? Tail(-x) : BigReal.One - Tail(x);

    /// <summary>phi(x) = e^(-x^2/2) / sqrt(2 pi).</summary>
    private static BigReal Density(double x)
    {
        // Beyond 60 it is below 2^-2500, which no number here has a digit for.
        BigReal square = BigReal.From(x) * BigReal.From(x);
        return Math.Abs(x) > 60 ? BigReal.Zero : BigReal.Exp(-square / 2) / BigReal.SquareRoot(BigReal.Pi * 2);
    }

    /// <summary>
    /// Phi(-x) for an x from 0 on: by the series of erf, or by Laplace's continued fraction phi(x) / (x + 1/(x + 2/(x + 3/...))).
    /// </summary>
    private static BigReal Tail(double x)
    {
        if (x < 5)
            return (BigReal.One - BigReal.Erf(BigReal.From(x) / BigReal.SquareRoot(2))) / 2;
        if (x > 60)
            return BigReal.Zero;
        BigReal argument = BigReal.From(x), denominator = argument;
        for (int i = 120; i > 0; i--)
            denominator = argument + (i / denominator);
        return Density(x) / denominator;
    }

    private (double High, double Low) Sum(double x, bool ofDerivative)
    {
        // Phi(-x) = 1 - Phi(x), and the derivative likewise; the series is an odd function's on that side: it is the same in -x.
        double magnitude = Math.Abs(x);
        ref readonly Node node = ref _nodes[(int)Math.Round(magnitude / Spacing)];
        double series = Series(node, magnitude, ofDerivative);
        (double high, double low) = ofDerivative ? node.Derivative : node.Distribution;
        if (x >= 0)
            return (high, low + series);
        (high, low) = ofDerivative ? node.DerivativeBelow : node.DistributionBelow;
        return (high, low - series);
    }

    /// <summary>
    /// The sum over k of (-1)^k c_k phi h^(k+1) / (k+1)!, with c_k = He_k for Phi and He_k - He_(k+2) for the derivative: the derivative of
    /// He_k phi is -He_(k+1) phi, and that of the derivative is phi (2 - x^2) = phi (He_0 - He_2).
    /// </summary>
    private static double Series(in Node node, double x, bool ofDerivative)
    {
        double h = x - node.X, power = h, sum = 0;
        double here = 1, next = node.X;
        for (int k = 0; k < Terms; k++)
        {
            double afterNext = (node.X * next) - ((k + 1) * here);
            sum += power * (ofDerivative ? here - afterNext : here);
            power *= -h / (k + 2);
            (here, next) = (next, afterNext);
        }
        return sum * node.Density;
    }

    private readonly record struct Node(
        double X,
        double Density,
        (double High, double Low) Distribution,
        (double High, double Low) DistributionBelow,
        (double High, double Low) Derivative,
        (double High, double Low) DerivativeBelow)
    {
        public static Node At(double x)
        {
            BigReal tail = Tail(x), density = GeluReference.Density(x), product = BigReal.From(x) * density;
            return new(
                x, density.ToDouble(), InTwo(BigReal.One - tail), InTwo(tail), InTwo(BigReal.One - tail + product), InTwo(tail - product));
        }

        private static (double High, double Low) InTwo(BigReal value)
        {
            double high = value.ToDouble();
            return (high, (value - BigReal.From(high)).ToDouble());
        }
    }
}
