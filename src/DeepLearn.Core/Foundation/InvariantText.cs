using System.Globalization;

namespace DeepLearn.Foundation;

/// <summary>
/// Prints values, records among them, in the invariant culture, whatever the current culture is: for options in a checkpoint.
/// </summary>
public static class InvariantText
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
