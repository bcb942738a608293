using System.Numerics;

namespace DeepLearn.Training.Metrics;

/// <summary>
/// A sum of doubles, or of products of two, without any rounding, so that neither their order nor how they are cut into parts changes it
/// (Kulisch, "Computer Arithmetic and Validity", 2008): a number of fixed point that is as long as the range of such products.
/// </summary>
internal sealed class ExactSum
{
    /// <summary>The sum is a whole number of units of 2^-2148, the product of the smallest double and itself.</summary>
    public const int UnitExponent = 2148;

    private const int DigitBits = 32;

    // Room for 2^63 products of the largest double and itself.
    private const int MostDigits = 136;

    // A carry is put off until that many numbers have been added, each of which adds less than 2^32 to a digit.
    private const int MostPending = 1 << 29;

    // The digits in use, of which the first one is that of 2^(32 * _first) units.
    private long[] _digits;
    private int _first;
    private int _pending;
    private bool _hasNaN;
    private bool _hasPositiveInfinity;
    private bool _hasNegativeInfinity;

    /// <summary>Makes a sum of 0.</summary>
    /// <param name="grows">
    /// Whether memory is taken only for the digits that are met, where there are many sums. Default: for all at once, so that nothing is
    /// allocated later.
    /// </param>
    public ExactSum(bool grows = false) => _digits = grows ? [] : new long[MostDigits];

    /// <summary>Whether every number so far was.</summary>
    public bool IsFinite => !_hasNaN && !_hasPositiveInfinity && !_hasNegativeInfinity;

    /// <summary>The sum of the finite numbers, in units of 2^-2148.</summary>
    public BigInteger InUnits
    {
        get
        {
            Carry();
            BigInteger sum = BigInteger.Zero;
            for (int i = _digits.Length - 1; i >= 0; i--)
                sum = (sum << DigitBits) + _digits[i];
            return sum << (_first * DigitBits);
        }
    }

    /// <summary>Adds a number.</summary>
    public void Add(double number)
    {
        if (!IsCounted(number))
            return;
        (ulong mantissa, int exponent) = Parts(number);
        Add(mantissa, UnitExponent + exponent, number < 0 ? -1 : 1);
    }

    /// <summary>Adds a number so many times.</summary>
    /// <param name="weight">How often: finite, at least 0. A number that counts 0 times adds nothing, unless it is NaN.</param>
    /// <param name="number">The number.</param>
    public void Add(double weight, double number)
    {
        if ((weight == 0 && !double.IsNaN(number)) || !IsCounted(number))
            return;
        (ulong times, int timesExponent) = Parts(weight);
        (ulong mantissa, int exponent) = Parts(number);
        UInt128 product = (UInt128)times * mantissa;
        int position = UnitExponent + timesExponent + exponent;
        long sign = number < 0 ? -1 : 1;
        Add((ulong)product, position, sign);
        Add((ulong)(product >> 64), position + 64, sign);
    }

    /// <summary>Adds another sum, which keeps its value.</summary>
    public void Add(ExactSum other)
    {
        Carry();
        other.Carry();
        if (other._digits.Length > 0)
            Reserve(other._first, other._first + other._digits.Length);
        for (int i = 0; i < other._digits.Length; i++)
            _digits[other._first - _first + i] += other._digits[i];
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

    /// <summary>The sum divided by a whole number of the same units, above 0, rounded once.</summary>
    public double Over(BigInteger units)
    {
        if (_hasNaN || (_hasPositiveInfinity && _hasNegativeInfinity))
            return double.NaN;
        if (_hasPositiveInfinity || _hasNegativeInfinity)
            return _hasPositiveInfinity ? double.PositiveInfinity : double.NegativeInfinity;
        return Quotient(InUnits, units);
    }

    /// <summary>A quotient of whole numbers, rounded once; the divisor is above 0.</summary>
    public static double Quotient(BigInteger numerator, BigInteger denominator)
    {
        if (numerator.IsZero)
            return 0;
        BigInteger magnitude = BigInteger.Abs(numerator);
        int shift = 61 - (int)(magnitude.GetBitLength() - denominator.GetBitLength());
        (BigInteger quotient, BigInteger remainder) = shift >= 0
            ? BigInteger.DivRem(magnitude << shift, denominator)
            : BigInteger.DivRem(magnitude, denominator << -shift);

        // 61 bits or 62, of which the last one stands for all that are left, as far as the rounding of a double is concerned.
        long bits = (long)quotient | (remainder.IsZero ? 0 : 1L);
        return Math.ScaleB(numerator.Sign * (double)bits, -shift);
    }

    /// <summary>A finite number's magnitude, as mantissa * 2^exponent; the exponent is at least -1074.</summary>
    public static (ulong Mantissa, int Exponent) Parts(double number)
    {
        long bits = BitConverter.DoubleToInt64Bits(number);
        int exponent = (int)(bits >> 52) & 0x7FF;
        ulong mantissa = (ulong)bits & 0xFFFFFFFFFFFFFUL;
        return exponent == 0 ? (mantissa, -1074) : (mantissa | (1UL << 52), exponent - 1075);
    }

    private bool IsCounted(double number)
    {
        _hasNaN |= double.IsNaN(number);
        _hasPositiveInfinity |= double.IsPositiveInfinity(number);
        _hasNegativeInfinity |= double.IsNegativeInfinity(number);
        return double.IsFinite(number);
    }

    private void Add(ulong bits, int position, long sign)
    {
        int digit = position / DigitBits;
        Reserve(digit, digit + 3);
        UInt128 shifted = (UInt128)bits << (position % DigitBits);
        Span<long> digits = _digits.AsSpan(digit - _first, 3);
        digits[0] += sign * (uint)shifted;
        digits[1] += sign * (uint)(shifted >> DigitBits);
        digits[2] += sign * (uint)(shifted >> (2 * DigitBits));
        if (++_pending == MostPending)
            Carry();
    }

    /// <summary>Makes sure of the digits from one place to before another.</summary>
    private void Reserve(int first, int end)
    {
        if (_digits.Length == 0)
        {
            (_digits, _first) = (new long[end - first], first);
            return;
        }
        if (first >= _first && end <= _first + _digits.Length)
            return;
        int newFirst = Math.Min(first, _first);
        var digits = new long[Math.Max(end, _first + _digits.Length) - newFirst];
        _digits.CopyTo(digits, _first - newFirst);
        (_digits, _first) = (digits, newFirst);
    }

    private void Carry()
    {
        for (int i = 0; i < _digits.Length; i++)
        {
            long carry = _digits[i] >> DigitBits;
            if (i == _digits.Length - 1)
            {
                // The last digit has the sign.
                if (carry is 0 or -1)
                    break;
                Reserve(_first, _first + _digits.Length + 1);
            }
            _digits[i + 1] += carry;
            _digits[i] &= uint.MaxValue;
        }
        _pending = 0;
    }
}
