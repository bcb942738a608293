using System.Globalization;
using System.Text.Json;

namespace DeepLearn.Models.Predictors;

/// <summary>The value of a feature as a user gives it: a number, a text, or a missing value. An immutable value.</summary>
public readonly record struct FeatureValue
{
    private FeatureValue(double number, string? text, bool isNumber)
    {
        Number = number;
        Text = text;
        IsNumber = isNumber;
    }

    /// <summary>A missing value, which is also the default.</summary>
    public static FeatureValue Missing => default;

    /// <summary>Whether it is a number.</summary>
    public bool IsNumber { get; }

    /// <summary>Whether there is no value.</summary>
    public bool IsMissing => !IsNumber && Text is null;

    /// <summary>The number; 0 if it is not a number.</summary>
    public double Number { get; }

    /// <summary>The text; null if it is not a text.</summary>
    public string? Text { get; }

    /// <summary>A number; one that is not a number (NaN) is missing.</summary>
    /// <param name="number">The number.</param>
    public static implicit operator FeatureValue(double number) => double.IsNaN(number) ? default : new(number, null, true);

    /// <summary>A number; null is missing.</summary>
    /// <param name="number">The number.</param>
    public static implicit operator FeatureValue(double? number) => number ?? double.NaN;

    /// <summary>1 for true and 0 for false.</summary>
    /// <param name="flag">The value.</param>
    public static implicit operator FeatureValue(bool flag) => flag ? 1 : 0;

    /// <summary>A text; null or an empty one is missing.</summary>
    /// <param name="text">The text.</param>
    public static implicit operator FeatureValue(string? text) => string.IsNullOrEmpty(text) ? default : new(0, text, false);

    /// <summary>
    /// The value of any object that is a number, a text, a truth value, a JSON value of such, or missing: null, or a data reader's
    /// <see cref="DBNull"/>.
    /// </summary>
    /// <param name="value">The object.</param>
    /// <exception cref="ArgumentException">It is something else.</exception>
    public static FeatureValue From(object? value) => value switch
    {
        null or DBNull => default,
        FeatureValue known => known,
        string text => text,
        bool flag => flag,
        double number => number,
        float number => number,
        int number => number,
        long number => number,
        decimal number => (double)number,
        JsonElement json => From(json),
        IConvertible number and not (char or DateTime) => number.ToDouble(CultureInfo.InvariantCulture),
        _ => throw new ArgumentException($"A value of a feature is a number, a text, true, false or null; found {value.GetType().Name}."),
    };

    /// <summary>The value for messages.</summary>
    public override string ToString() =>
        IsNumber ? Number.ToString("R", CultureInfo.InvariantCulture) : Text is null ? "nothing" : $"'{Text}'";

    private static FeatureValue From(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => default,
        JsonValueKind.String => json.GetString(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number => json.GetDouble(),
        _ => throw new ArgumentException($"A value of a feature is a number, a text, true, false or null; found JSON's {json.ValueKind}."),
    };
}
