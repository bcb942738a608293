using System.Numerics;

namespace DeepLearn.Tests.Kernels;

/// <summary>
/// A number of 256 bits, mantissa times 2^exponent, and the functions of it by their series: what double results are judged by.
/// </summary>
public readonly record struct BigReal(BigInteger Mantissa, int Exponent)
{
    private const int Precision = 256;

    public static BigReal Zero { get; } = new(0, 0);

    public static BigReal One { get; } = new(1, 0);

    public static BigReal Ln2 { get; } = LogNearOne(new(1, 1));

    public static BigReal Pi { get; } = (ArctanOfInverse(5) * 16) - (ArctanOfInverse(239) * 4);

    public static implicit operator BigReal(int value) => new(value, 0);

    public static BigReal From(double value)
    {
        if (value == 0)
            return Zero;
        long bits = BitConverter.DoubleToInt64Bits(value);
        int exponent = (int)((bits >> 52) & 0x7FF);
        long mantissa = bits & 0xFFFFFFFFFFFFF;
        mantissa = exponent == 0 ? mantissa : mantissa | (1L << 52);
        return new(bits < 0 ? -mantissa : mantissa, Math.Max(exponent, 1) - 1075);
    }

    public static BigReal operator +(BigReal a, BigReal b)
    {
        if (a.Mantissa.IsZero)
            return b;
        if (b.Mantissa.IsZero)
            return a;
        (BigReal high, BigReal low) = a.Exponent >= b.Exponent ? (a, b) : (b, a);
        int shift = high.Exponent - low.Exponent;
        return shift > 4 * Precision ? high : Rounded((high.Mantissa << shift) + low.Mantissa, low.Exponent);
    }

    public static BigReal operator -(BigReal a) => new(-a.Mantissa, a.Exponent);

    public static BigReal operator -(BigReal a, BigReal b) => a + -b;

    public static BigReal operator *(BigReal a, BigReal b) => Rounded(a.Mantissa * b.Mantissa, a.Exponent + b.Exponent);

    public static BigReal operator /(BigReal a, BigReal b) =>
        Rounded((a.Mantissa << (2 * Precision)) / b.Mantissa, a.Exponent - b.Exponent - (2 * Precision));

    public static BigReal Exp(BigReal x)
    {
        int n = (int)Math.Round((x / Ln2).ToDouble());
        BigReal r = x - (Ln2 * n);
        r = r with { Exponent = r.Exponent - 8 };
        BigReal term = One, sum = One;
        for (int i = 1; i < 40; i++)
        {
            term = term * r / i;
            sum += term;
        }
        for (int i = 0; i < 8; i++)
            sum *= sum;
        return sum with { Exponent = sum.Exponent + n };
    }

    public static BigReal Log(BigReal x)
    {
        if ((x - One).Mantissa.IsZero)
            return Zero;
        int k = (int)(x.Mantissa.GetBitLength() + x.Exponent);
        return (Ln2 * k) + LogNearOne(x with { Exponent = x.Exponent - k });
    }

    public static BigReal Erf(BigReal x)
    {
        BigReal square = x * x, term = x, sum = x;
        for (int i = 1; i < 400 && !term.IsLostBeside(x); i++)
        {
            term = -(term * square / i);
            sum += term / ((2 * i) + 1);
        }
        return sum * 2 / SquareRoot(Pi);
    }

    public static BigReal Sin(BigReal x)
    {
        BigReal turns = x / (Pi * 2);
        BigInteger whole = turns.Exponent >= 0 ? turns.Mantissa << turns.Exponent : turns.Mantissa >> -turns.Exponent;
        x -= Pi * 2 * new BigReal(whole, 0);
        BigReal square = x * x, term = x, sum = x;
        for (int i = 1; i < 60 && !term.IsLostBeside(x); i++)
        {
            term = -(term * square / (2 * i * ((2 * i) + 1)));
            sum += term;
        }
        return sum;
    }

    public double ToDouble() => ToDouble(Mantissa, Exponent);

    /// <summary>Whether adding it would not change a number of another's magnitude, nor one a little smaller.</summary>
    private bool IsLostBeside(BigReal other) =>
        Mantissa.GetBitLength() + Exponent < other.Mantissa.GetBitLength() + other.Exponent - Precision - 64;

    private static double ToDouble(BigInteger mantissa, int exponent)
    {
        int excess = (int)mantissa.GetBitLength() - 100;
        if (excess > 0)
        {
            mantissa >>= excess;
            exponent += excess;
        }

        // In two steps, so that neither overflows or vanishes where the result does not.
        return (double)mantissa * Math.ScaleB(1, exponent / 2) * Math.ScaleB(1, exponent - (exponent / 2));
    }

    private static BigReal Rounded(BigInteger mantissa, int exponent)
    {
        int excess = (int)mantissa.GetBitLength() - Precision;
        return excess > 0 ? new(mantissa >> excess, exponent + excess) : new(mantissa, exponent);
    }

    private static BigReal LogNearOne(BigReal x)
    {
        // 2 artanh((x - 1) / (x + 1)) after four square roots, which bring x near 1.
        for (int i = 0; i < 4; i++)
            x = SquareRoot(x);
        BigReal s = (x - One) / (x + One), square = s * s, power = s, sum = s;
        for (int i = 3; i < 90; i += 2)
        {
            power *= square;
            sum += power / i;
        }
        return sum * 32;
    }

    public static BigReal SquareRoot(BigReal x)
    {
        BigReal root = From(Math.Sqrt(x.ToDouble()));
        for (int i = 0; i < 4; i++)
            root = (root + (x / root)) / 2;
        return root;
    }

    private static BigReal ArctanOfInverse(int x)
    {
        BigReal power = One / x, sum = power;
        for (int i = 1; i < 70; i++)
        {
            power = -(power / (x * x));
            sum += power / ((2 * i) + 1);
        }
        return sum;
    }
}
