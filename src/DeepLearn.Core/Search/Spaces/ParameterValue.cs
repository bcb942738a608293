using System.Globalization;

namespace DeepLearn.Search.Spaces;

/// <summary>The value of one hyper-parameter: a finite number, or one of several texts.</summary>
public readonly record struct ParameterValue
{
    private readonly double _number;
    private readonly string? _text;

    /// <summary>Makes a numeric value.</summary>
    /// <param name="number">The number, finite.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="number"/> is infinite or not a number.</exception>
    public ParameterValue(double number)
    {
        if (!double.IsFinite(number))
            throw new ArgumentOutOfRangeException(nameof(number), number, "A hyper-parameter's number is finite.");
        _number = number;
    }

    /// <summary>Makes a value that is a text.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="ArgumentException">The text has half a surrogate pair, which no file can hold.</exception>
    public ParameterValue(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        WellFormedText.Require(text);
        _text = text;
    }

    /// <summary>A numeric value.</summary>
    /// <param name="number">The number, finite.</param>
    public static implicit operator ParameterValue(double number) => new(number);

    /// <summary>A value that is a text.</summary>
    /// <param name="text">The text.</param>
    public static implicit operator ParameterValue(string text) => new(text);

    /// <summary>Whether the value is a number; if not, it is a text.</summary>
    public bool IsNumber => _text is null;

    /// <summary>The number.</summary>
    /// <exception cref="InvalidOperationException">The value is a text.</exception>
    public double Number => IsNumber ? _number : throw new InvalidOperationException($"Expected a number, found the text \"{_text}\".");

    /// <summary>The text.</summary>
    /// <exception cref="InvalidOperationException">The value is a number.</exception>
    public string Text => _text ?? throw new InvalidOperationException($"Expected a text, found the number {this}.");

    /// <summary>The shortest text that reads back to the same value, in the invariant culture.</summary>
    public override string ToString() => _text ?? _number.ToString("R", CultureInfo.InvariantCulture);
}
