using System.Globalization;
using DeepLearn.Data.Csv;
using Xunit;

namespace DeepLearn.Tests.Data.Csv;

public class DecimalNumberTests
{
    [Theory]
    [InlineData("R", 200_000)]
    [InlineData("E16", 100_000)]
    [InlineData("E17", 100_000)]
    [InlineData("E18", 100_000)]
    [InlineData("F6", 100_000)]
    public void DecimalNumber_of_random_bits_is_what_the_framework_reads(string format, int count)
    {
        var random = new Random(17);
        for (int i = 0; i < count; i++)
        {
            double value = BitConverter.Int64BitsToDouble(random.NextInt64());
            if (format == "F6" || i % 2 == 0)
                value = (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-8, 9));
            Check(value.ToString(format, CultureInfo.InvariantCulture));
        }
    }

    [Fact]
    public void DecimalNumber_halfway_between_doubles_rounds_to_even()
    {
        var random = new Random(3);
        for (int i = 0; i < 100_000; i++)
        {
            // 54 bits whose last is 1 lie halfway; as an integer, and divided by powers of two that decimals hold.
            ulong digits = (1UL << 53) + ((ulong)random.NextInt64(1L << 53) | 1);
            foreach (int near in new[] { -1, 0, 1 })
            {
                string text = (digits + (ulong)near).ToString(CultureInfo.InvariantCulture);
                Check(text);
                Check(text + "0");
                Check($"{text}e{random.Next(-60, 61)}");
                Check($"{text[..9]}.{text[9..]}");
            }
        }
        Check("9007199254740993");
        Check("9007199254740992.5");
        Check("4503599627370496.5");
        Check("18446744073709551615");
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-0")]
    [InlineData("+1.5")]
    [InlineData(".5")]
    [InlineData("5.")]
    [InlineData("1e5")]
    [InlineData("1E-05")]
    [InlineData("1e+308")]
    [InlineData("1e309")]
    [InlineData("4.9e-324")]
    [InlineData("1e-400")]
    [InlineData("0e999")]
    [InlineData("0.00000000000000000000000000000000000012345")]
    [InlineData("123456789012345678901234567890")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("")]
    [InlineData("-")]
    [InlineData(".")]
    [InlineData("e5")]
    [InlineData("1e")]
    [InlineData("1e+")]
    [InlineData("1.2.3")]
    [InlineData("--1")]
    [InlineData("1,5")]
    [InlineData("0x10")]
    [InlineData("1e5x")]
    [InlineData("1_000")]
    [InlineData("\uFF11")]
    public void DecimalNumber_of_any_form_is_what_the_framework_reads(string text) => Check(text);

    [Theory]
    [InlineData("1,5", 1.5)]
    [InlineData("-12345678901234567890123,25", -12345678901234567890123.25)]
    [InlineData(",5e1", 5)]
    public void DecimalNumber_with_a_decimal_comma_is_read(string text, double expected)
    {
        Assert.True(DecimalNumber.TryParse(text, ',', out double value));
        Assert.Equal(expected, value);
        Assert.False(DecimalNumber.TryParse("1.5", ',', out _));
        Assert.False(DecimalNumber.TryParse("1.234,5", ',', out _));
    }

    private static void Check(string text)
    {
        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        bool isNumber = double.TryParse(text, Style, CultureInfo.InvariantCulture, out double expected);
        bool found = DecimalNumber.TryParse(text, '.', out double value);
        if (found != isNumber || BitConverter.DoubleToInt64Bits(value) != BitConverter.DoubleToInt64Bits(expected))
            Assert.Fail($"{text}: expected {(isNumber ? expected : "none")}; found {(found ? value : "none")}");
    }
}
