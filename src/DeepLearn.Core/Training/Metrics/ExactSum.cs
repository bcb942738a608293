using System.Numerics;

namespace DeepLearn.Training.Metrics;

/// <summary>
/// A sum of doubles without any rounding, so that neither their order nor how they are cut into parts changes it (Kulisch, "Computer
/// Arithmetic and Validity", 2008): a number of fixed point that is as long as the range of a double.
/// </summary>
internal sealed class ExactSum
{
    /// <summary>The sum is a whole number of units of 2^-1074, the smallest double.</summary>
    public const int UnitExponent = 1074;

    private const int DigitBits = 32;

    // A carry is put off until that many numbers have been added, each of which adds less than 2^32 to a digit.
    private const int MostPending = 1 << 29;

    private readonly long[] _digits = new long[70];
    private int _pending;
    private bool _hasNaN;
    private bool _hasPositiveInfinity;
    private bool _hasNegativeInfinity;

    /// <summary>Whether every number so far was.</summary>
    public bool IsFinite => !_hasNaN && !_hasPositiveInfinity && !_hasNegativeInfinity;

    /// <summary>The sum of the finite numbers, in units of 2^-1074.</summary>
    public BigInteger InUnits
    {
        get
        {
            Carry();
            BigInteger sum = BigInteger.Zero;
            for (int i = _digits.Length - 1; i >= 0; i--)
                sum = (sum << DigitBits) + _digits[i];
            return sum;
        }
    }

    /// <summary>Adds a number.</summary>
    public void Add(double number)
    {
        if (!double.IsFinite(number))
        {
            _hasNaN |= double.IsNaN(number);
            _hasPositiveInfinity |= double.IsPositiveInfinity(number);
            _hasNegativeInfinity |= double.IsNegativeInfinity(number);
            return;
        }
        long bits = BitConverter.DoubleToInt64Bits(number);
        int exponent = (int)(bits >> 52) & 0x7FF;
        ulong mantissa = (ulong)bits & 0xFFFFFFFFFFFFFUL;
        if (exponent == 0)
            exponent = 1;
        else
            mantissa |= 1UL << 52;
        int digit = (exponent - 1) / DigitBits;
        UInt128 shifted = (UInt128)mantissa << ((exponent - 1) % DigitBits);
        long sign = bits < 0 ? -1 : 1;
        _digits[digit] += sign * (uint)shifted;
        _digits[digit + 1] += sign * (uint)(shifted >> DigitBits);
        _digits[digit + 2] += sign * (uint)(shifted >> (2 * DigitBits));
        if (++_pending == MostPending)
            Carry();
    }

    /// <summary>Adds another sum, which keeps its value.</summary>
    public void Add(ExactSum other)
    {
        Carry();
        other.Carry();
        for (int i = 0; i < _digits.Length; i++)
            _digits[i] += other._digits[i];
        Carry();
        _hasNaN |= other._hasNaN;
        _hasPositiveInfinity |= other._hasPositiveInfinity;
        _hasNegativeInfinity |= other._hasNegativeInfinity;
    }

    /// <summary>Sets the sum to 0.</summary>
    public void Clear()
    {
        _digits.AsSpan().Clear();
        _pending = 0;
        _hasNaN = _hasPositiveInfinity = _hasNegativeInfinity = false;
    }

    /// <summary>The sum divided by a number of examples, rounded once.</summary>
    public double Over(long count) => Over(count, 0);

    /// <summary>The sum divided by a whole number of units of 2^-exponent, rounded once.</summary>
    public double Over(BigInteger units, int exponent)
    {
        if (_hasNaN || (_hasPositiveInfinity && _hasNegativeInfinity))
            return double.NaN;
        if (_hasPositiveInfinity || _hasNegativeInfinity)
            return _hasPositiveInfinity ? double.PositiveInfinity : double.NegativeInfinity;
        return Quotient(InUnits, units, exponent - UnitExponent);
    }

    /// <summary>numerator / denominator * 2^exponent to within a unit in the last place.</summary>
    public static double Quotient(BigInteger numerator, BigInteger denominator, int exponent)
    {
        if (numerator.IsZero)
            return 0;
        int shift = 61 - (int)(BigInteger.Abs(numerator).GetBitLength() - denominator.GetBitLength());
        BigInteger quotient = shift >= 0 ? (numerator << shift) / denominator : numerator / (denominator << -shift);
        return Math.ScaleB((double)(long)quotient, exponent - shift);
    }

    private void Carry()
    {
        for (int i = 0; i < _digits.Length - 1; i++)
        {
            _digits[i + 1] += _digits[i] >> DigitBits;
            _digits[i] &= uint.MaxValue;
        }
        _pending = 0;
    }
}
