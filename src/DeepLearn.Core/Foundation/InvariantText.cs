using System.Globalization;

namespace DeepLearn.Foundation;

/// <summary>Texts that are the same in every culture, of values that print themselves in the current one, as records do.</summary>
internal static class InvariantText
{
    /// <summary>What a value prints.</summary>
    /// <param name="value">The value; null prints <c>none</c>.</param>
    public static string Of(object? value)
    {
        CultureInfo culture = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        try
        {
            return value?.ToString() ?? "none";
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }
}
