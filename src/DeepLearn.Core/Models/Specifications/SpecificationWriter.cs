using System.Text.Json;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Parameters;

namespace DeepLearn.Models.Specifications;

/// <summary>Writes the options of a layer or an initializer, each under a name, as properties of its JSON object.</summary>
/// <remarks>
/// All options are written, also those with their default value: a default that changes later changes no file.
/// </remarks>
public sealed class SpecificationWriter
{
    internal const string KindKey = "kind";

    /// <summary>How deep layers may be nested.</summary>
    internal const int DeepestLayer = 100;

    /// <summary>The depth of JSON that this comes to.</summary>
    internal const int DeepestJson = (2 * DeepestLayer) + 16;

    private readonly Utf8JsonWriter _json;
    private readonly SpecificationFormats _formats;
    private int _depth;

    internal SpecificationWriter(Utf8JsonWriter json, SpecificationFormats formats)
    {
        _json = json;
        _formats = formats;
    }

    /// <summary>Writes a whole number.</summary>
    /// <param name="name">The name of the option.</param>
    /// <param name="value">The number.</param>
    /// <returns>The writer, for the next option.</returns>
    public SpecificationWriter Write(string name, int value) => Write(name, (long)value);

    /// <summary>Writes a whole number of 64 bits.</summary>
    /// <param name="name">The name of the option.</param>
    /// <param name="value">The number.</param>
    /// <returns>The writer, for the next option.</returns>
    public SpecificationWriter Write(string name, long value)
    {
        _json.WriteNumber(name, value);
        return this;
    }

    /// <summary>Writes a number, so that the same bits are read.</summary>
    /// <param name="name">The name of the option.</param>
    /// <param name="value">The number, finite.</param>
    /// <returns>The writer, for the next option.</returns>
    /// <exception cref="ArgumentException">The number is infinite or NaN.</exception>
    public SpecificationWriter Write(string name, double value)
    {
        if (!double.IsFinite(value))
            throw new ArgumentException(FormattableString.Invariant($"{name} is a finite number; found {value}."), nameof(value));
        _json.WriteNumber(name, value);
        return this;
    }

    /// <summary>Writes true or false.</summary>
    /// <param name="name">The name of the option.</param>
    /// <param name="value">The value.</param>
    /// <returns>The writer, for the next option.</returns>
    public SpecificationWriter Write(string name, bool value)
    {
        _json.WriteBoolean(name, value);
        return this;
    }

    /// <summary>Writes a text.</summary>
    /// <param name="name">The name of the option.</param>
    /// <param name="value">The text.</param>
    /// <returns>The writer, for the next option.</returns>
    public SpecificationWriter Write(string name, string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        _json.WriteString(name, value);
        return this;
    }

    /// <summary>Writes one of several choices by a name that does not change when the enumeration's does.</summary>
    /// <typeparam name="TChoice">The type of the choice.</typeparam>
    /// <param name="name">The name of the option.</param>
    /// <param name="value">The choice.</param>
    /// <param name="choices">The name of each choice.</param>
    /// <returns>The writer, for the next option.</returns>
    /// <exception cref="ArgumentException">The choice has no name.</exception>
    public SpecificationWriter Write<TChoice>(string name, TChoice value, ValueList<(string Name, TChoice Value)> choices)
        where TChoice : struct, Enum
    {
        ArgumentNullException.ThrowIfNull(choices);
        foreach ((string choice, TChoice candidate) in choices)
        {
            if (EqualityComparer<TChoice>.Default.Equals(candidate, value))
                return Write(name, choice);
        }
        throw new ArgumentException($"The choice {value} of {name} has no written name.", nameof(value));
    }

    /// <summary>Writes two extents as <c>[height, width]</c>.</summary>
    /// <param name="name">The name of the option.</param>
    /// <param name="value">The extents.</param>
    /// <returns>The writer, for the next option.</returns>
    public SpecificationWriter Write(string name, Extent2D value) => WritePair(name, value.Height, value.Width);

    /// <summary>Writes a padding as <c>"same"</c> or <c>[height, width]</c>.</summary>
    /// <param name="name">The name of the option.</param>
    /// <param name="value">The padding.</param>
    /// <returns>The writer, for the next option.</returns>
    public SpecificationWriter Write(string name, Padding2D value) =>
        value == Padding2D.Same ? Write(name, SpecificationReader.SamePadding) : WritePair(name, value.Height, value.Width);

    /// <summary>Writes a layer within this one.</summary>
    /// <param name="name">The name of the option.</param>
    /// <param name="value">The layer; null for none.</param>
    /// <returns>The writer, for the next option.</returns>
    /// <exception cref="ArgumentException">The layer, or one within it, has no written form.</exception>
    public SpecificationWriter Write(string name, Layer? value)
    {
        _json.WritePropertyName(name);
        if (value is null)
            _json.WriteNullValue();
        else
            WriteLayer(value);
        return this;
    }

    /// <summary>Writes layers within this one.</summary>
    /// <param name="name">The name of the option.</param>
    /// <param name="values">The layers in order.</param>
    /// <returns>The writer, for the next option.</returns>
    /// <exception cref="ArgumentException">A layer has no written form.</exception>
    public SpecificationWriter Write(string name, ValueList<Layer> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        _json.WriteStartArray(name);
        foreach (Layer value in values)
            WriteLayer(value);
        _json.WriteEndArray();
        return this;
    }

    /// <summary>Writes how a parameter begins.</summary>
    /// <param name="name">The name of the option.</param>
    /// <param name="value">The initializer.</param>
    /// <returns>The writer, for the next option.</returns>
    /// <exception cref="ArgumentException">The initializer has no written form.</exception>
    public SpecificationWriter Write(string name, Initializer value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (_formats.IgnoresInitializers)
            return this;
        WrittenForm<Initializer> form = _formats.FormOf(value);
        _json.WriteStartObject(name);
        _json.WriteString(KindKey, form.Name);
        form.Write(value, this);
        _json.WriteEndObject();
        return this;
    }

    internal SpecificationWriter Write(string name, ValueList<string> values)
    {
        _json.WriteStartArray(name);
        foreach (string value in values)
            _json.WriteStringValue(value);
        _json.WriteEndArray();
        return this;
    }

    internal SpecificationWriter Write(string name, ValueList<double> values)
    {
        _json.WriteStartArray(name);
        foreach (double value in values)
            _json.WriteNumberValue(value);
        _json.WriteEndArray();
        return this;
    }

    internal SpecificationWriter WriteObjects<TItem>(string name, ValueList<TItem> items, Action<TItem, SpecificationWriter> write)
    {
        _json.WriteStartArray(name);
        foreach (TItem item in items)
        {
            _json.WriteStartObject();
            write(item, this);
            _json.WriteEndObject();
        }
        _json.WriteEndArray();
        return this;
    }

    internal SpecificationWriter WriteObject<TItem>(string name, TItem item, Action<TItem, SpecificationWriter> write)
    {
        _json.WriteStartObject(name);
        write(item, this);
        _json.WriteEndObject();
        return this;
    }

    private void WriteLayer(Layer layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        WrittenForm<Layer> form = _formats.FormOf(layer);
        if (++_depth > DeepestLayer)
            throw new ArgumentException($"At most {DeepestLayer} layers stand within one another; found more.", nameof(layer));
        _json.WriteStartObject();
        _json.WriteString(KindKey, form.Name);
        form.Write(layer, this);
        _json.WriteEndObject();
        _depth--;
    }

    private SpecificationWriter WritePair(string name, int height, int width)
    {
        _json.WriteStartArray(name);
        _json.WriteNumberValue(height);
        _json.WriteNumberValue(width);
        _json.WriteEndArray();
        return this;
    }
}
