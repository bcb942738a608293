using System.Globalization;
using System.Text.Json.Nodes;

namespace DeepLearn.Tools.Figures.Sets;

/// <summary>Numbers as the pages write them.</summary>
internal static class Words
{
    public static string Percent(JsonNode? fraction) => Percent(fraction!.GetValue<double>());

    public static string Percent(double fraction) => (100 * fraction).ToString("F2", CultureInfo.InvariantCulture) + " %";

    public static string Digits(JsonNode? value, int digits) => Digits(value!.GetValue<double>(), digits);

    /// <summary>So many significant digits, as 3.56e-11, 2.22e-5 or 0.000266.</summary>
    public static string Digits(double value, int digits) =>
        value.ToString("G" + digits, CultureInfo.InvariantCulture).Replace("E-0", "e-", StringComparison.Ordinal).Replace("E", "e",
            StringComparison.Ordinal);

    public static string Count(JsonNode? value) => Count(value!.GetValue<long>());

    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    public static string Tenths(double value) => value.ToString("F1", CultureInfo.InvariantCulture);

    public static string Ratio(double ratio) => ratio.ToString("F2", CultureInfo.InvariantCulture);
}
