using System.Globalization;
using System.Numerics;

namespace DeepLearn.Data.Csv;

/// <summary>
/// Reads numbers as tables have them: the nearest <see cref="double"/>, as <see cref="double.Parse(string)"/> gives, several times as fast.
/// </summary>
/// <remarks>
/// Up to 19 digits are one integer w, and the number is w * 10^q. Where both are exact as doubles, one product or quotient is rounded once
/// (Clinger, "How to Read Floating Point Numbers Accurately", 1990). Otherwise w is multiplied with the upper 128 bits of 5^q, which nearly
/// always decides the rounding (Lemire, "Number Parsing at a Gigabyte per Second", 2021). What is left (more digits, far exponents,
/// a tie, words such as NaN) goes to the framework's own parser.
/// </remarks>
internal static class DecimalNumber
{
    private const int MostDigits = 19;
    private const int LargestExactPower = 22;
    private const int LargestPower = 64;
    private const int MantissaBits = 52;
    private const int MostTextOnStack = 128;

    private static readonly double[] Tens = [.. Enumerable.Range(0, LargestExactPower + 1).Select(q => (double)BigInteger.Pow(10, q))];
    private static readonly UInt128[] Fives = [.. Enumerable.Range(-LargestPower, (2 * LargestPower) + 1).Select(UpperBits)];

    /// <summary>Reads a number without blanks around it.</summary>
    /// <param name="text">The text.</param>
    /// <param name="point">What stands before decimals.</param>
    /// <param name="value">The number; infinite where it is too large.</param>
    /// <returns>Whether the text is a number.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, char point, out double value)
    {
        int i = 0;
        bool isNegative = text.Length > 0 && text[0] == '-';
        if (isNegative || (text.Length > 0 && text[0] == '+'))
            i++;
        ulong digits = 0;
        int first = i;
        for (; i < text.Length && (uint)(text[i] - '0') <= 9; i++)
            digits = (digits * 10) + (uint)(text[i] - '0');
        int count = i - first, exponent = 0;
        if (i < text.Length && text[i] == point)
        {
            first = ++i;
            for (; i < text.Length && (uint)(text[i] - '0') <= 9; i++)
                digits = (digits * 10) + (uint)(text[i] - '0');
            exponent = first - i;
            count -= exponent;
        }
        if (count is > 0 and <= MostDigits && TryReadExponent(text[i..], ref exponent) && TryCompose(digits, exponent, out value))
        {
            value = isNegative ? -value : value;
            return true;
        }
        return TryParseSlowly(text, point, out value);
    }

    private static bool TryReadExponent(ReadOnlySpan<char> text, ref int exponent)
    {
        if (text.IsEmpty)
            return true;
        if (text[0] is not ('e' or 'E'))
            return false;
        int i = 1, written = 0;
        bool isNegative = text.Length > 1 && text[1] == '-';
        if (isNegative || (text.Length > 1 && text[1] == '+'))
            i++;

        // Three digits at most: larger exponents take the slow path.
        if (text.Length - i is < 1 or > 3)
            return false;
        for (; i < text.Length; i++)
        {
            if ((uint)(text[i] - '0') > 9)
                return false;
            written = (written * 10) + (text[i] - '0');
        }
        exponent += isNegative ? -written : written;
        return true;
    }

    private static bool TryCompose(ulong digits, int exponent, out double value)
    {
        if (digits <= 1UL << (MantissaBits + 1) && exponent is >= -LargestExactPower and <= LargestExactPower)
        {
            value = exponent < 0 ? digits / Tens[-exponent] : digits * Tens[exponent];
            return true;
        }
        value = 0;
        return digits == 0 || (exponent is >= -LargestPower and <= LargestPower && TryMultiply(digits, exponent, out value));
    }

    private static bool TryMultiply(ulong digits, int exponent, out double value)
    {
        value = 0;
        int zeros = BitOperations.LeadingZeroCount(digits);
        ulong normalized = digits << zeros;
        UInt128 five = Fives[exponent + LargestPower];
        ulong high = Math.BigMul(normalized, (ulong)(five >> 64), out ulong low);
        ulong more = Math.BigMul(normalized, (ulong)five, out _);
        low += more;
        if (low < more)
            high++;

        // The product is exact but for the last bits of 5^q. If they could carry into the bits that are kept, the slow path decides.
        const int Kept = MantissaBits + 2;
        int upper = (int)(high >> 63);
        int shift = upper + 64 - Kept - 1;
        ulong mantissa = high >> shift;
        ulong rest = high & ((1UL << shift) - 1);
        bool isNearTie = (rest == 0 && low <= 1) || (rest == (1UL << shift) - 1 && low >= ulong.MaxValue - 1);
        if (isNearTie)
            return false;
        mantissa += mantissa & 1;
        mantissa >>= 1;

        // 217706 / 65536 is a little below log2(10), close enough for these exponents.
        int power = ((217706 * exponent) >> 16) + 63 + upper - zeros;
        if (mantissa >> (MantissaBits + 1) != 0)
        {
            mantissa >>= 1;
            power++;
        }
        value = BitConverter.UInt64BitsToDouble(((ulong)(power + 1023) << MantissaBits) | (mantissa & ((1UL << MantissaBits) - 1)));
        return true;
    }

    private static bool TryParseSlowly(ReadOnlySpan<char> text, char point, out double value)
    {
        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (point == '.')
            return double.TryParse(text, Style, CultureInfo.InvariantCulture, out value);
        value = 0;
        if (text.Contains('.'))
            return false;
        Span<char> copy = text.Length <= MostTextOnStack ? stackalloc char[MostTextOnStack] : new char[text.Length];
        copy = copy[..text.Length];
        text.CopyTo(copy);
        copy.Replace(point, '.');
        return double.TryParse(copy, Style, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>The upper 128 bits of 5^q, the first of them 1, rounded up where q is negative.</summary>
    private static UInt128 UpperBits(int q)
    {
        BigInteger power = BigInteger.Pow(5, Math.Abs(q));
        int bits = (int)power.GetBitLength();
        if (q >= 0)
            return (UInt128)(bits <= 128 ? power << (128 - bits) : power >> (bits - 128));
        return (UInt128)((BigInteger.One << (bits + 127)) / power) + 1;
    }
}
