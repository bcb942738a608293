using System.Text.Json;
using DeepLearn.Foundation;
using DeepLearn.Layers;

namespace DeepLearn.Models.Specifications;

/// <summary>
/// Reads the options of a layer or an initializer by name. What is missing, of another kind or not asked for is an error that names the
/// place within the JSON.
/// </summary>
public sealed partial class SpecificationReader
{
    internal const string SamePadding = "same";

    private readonly JsonElement _element;
    private readonly SpecificationFormats _formats;
    private readonly HashSet<string> _read = [];

    internal SpecificationReader(JsonElement element, string source, string path, SpecificationFormats formats)
    {
        _element = element;
        _formats = formats;
        Source = source;
        Path = path;
        if (element.ValueKind != JsonValueKind.Object)
            throw Fault(path, "an object", element);
    }

    /// <summary>The version of the form that is read; what stands within this object has the same.</summary>
    internal int Version { get; set; }

    /// <summary>The file or text that is read, for messages.</summary>
    public string Source { get; }

    /// <summary>The place of the object within the JSON, as in <c>$.network.layers[2]</c>.</summary>
    public string Path { get; }

    /// <summary>Whether there is an option of a name.</summary>
    /// <param name="name">The name of the option.</param>
    public bool Has(string name) => _element.TryGetProperty(name, out _);

    /// <summary>A whole number of 32 bits.</summary>
    /// <param name="name">The name of the option.</param>
    /// <exception cref="InvalidDataException">It is missing, or something else.</exception>
    public int Integer(string name)
    {
        JsonElement value = Take(name);
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number)
            ? number
            : throw Fault(At(name), "a whole number of 32 bits", value);
    }

    /// <summary>A whole number of 64 bits.</summary>
    /// <param name="name">The name of the option.</param>
    /// <exception cref="InvalidDataException">It is missing, or something else.</exception>
    public long LongInteger(string name)
    {
        JsonElement value = Take(name);
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number)
            ? number
            : throw Fault(At(name), "a whole number of 64 bits", value);
    }

    /// <summary>A finite number.</summary>
    /// <param name="name">The name of the option.</param>
    /// <exception cref="InvalidDataException">It is missing, or something else.</exception>
    public double Number(string name) => NumberOf(Take(name), At(name));

    /// <summary>True or false.</summary>
    /// <param name="name">The name of the option.</param>
    /// <exception cref="InvalidDataException">It is missing, or something else.</exception>
    public bool Flag(string name)
    {
        JsonElement value = Take(name);
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? value.GetBoolean()
            : throw Fault(At(name), "true or false", value);
    }

    /// <summary>A text.</summary>
    /// <param name="name">The name of the option.</param>
    /// <exception cref="InvalidDataException">It is missing, or something else.</exception>
    public string Text(string name) => TextOf(Take(name), At(name));

    /// <summary>One of several choices, by its name.</summary>
    /// <typeparam name="TChoice">The type of the choice.</typeparam>
    /// <param name="name">The name of the option.</param>
    /// <param name="choices">The name of each choice.</param>
    /// <exception cref="InvalidDataException">It is missing, or none of them.</exception>
    public TChoice Choice<TChoice>(string name, ValueList<(string Name, TChoice Value)> choices)
        where TChoice : struct, Enum
    {
        ArgumentNullException.ThrowIfNull(choices);
        JsonElement value = Take(name);
        string? found = value.ValueKind == JsonValueKind.String ? TextOf(value, At(name)) : null;
        foreach ((string choice, TChoice candidate) in choices)
        {
            if (choice == found)
                return candidate;
        }
        throw Fault(At(name), $"one of {string.Join(", ", choices.Select(choice => choice.Name))}", value);
    }

    /// <summary>Two extents, <c>[height, width]</c>.</summary>
    /// <param name="name">The name of the option.</param>
    /// <exception cref="InvalidDataException">It is missing, or something else.</exception>
    public Extent2D Extent(string name)
    {
        (int height, int width) = Pair(name, "two whole numbers, [height, width]");
        return new(height, width);
    }

    /// <summary>A padding, <c>"same"</c> or <c>[height, width]</c>.</summary>
    /// <param name="name">The name of the option.</param>
    /// <exception cref="InvalidDataException">It is missing, or something else.</exception>
    public Padding2D Padding(string name)
    {
        if (Take(name) is { ValueKind: JsonValueKind.String } text && text.ValueEquals(SamePadding))
            return Padding2D.Same;
        (int height, int width) = Pair(name, $"\"{SamePadding}\" or two whole numbers, [height, width]");
        return Making(At(name), () => Padding2D.Of(height, width));
    }

    internal SpecificationReader Object(string name) => new(Take(name), Source, At(name), _formats) { Version = Version };

    internal ValueList<TItem> Objects<TItem>(string name, Func<SpecificationReader, TItem> read) =>
    [
        .. Items(name).Select(item =>
            new SpecificationReader(item.Value, Source, item.Path, _formats) { Version = Version }.Making(read)),
    ];

    internal ValueList<double> Numbers(string name) => [.. Items(name).Select(item => NumberOf(item.Value, item.Path))];

    internal ValueList<string> Texts(string name) => [.. Items(name).Select(item => TextOf(item.Value, item.Path))];

    /// <summary>Makes a value of this object; every option has to be read.</summary>
    internal TValue Making<TValue>(Func<SpecificationReader, TValue> read)
    {
        TValue value = Making(Path, () => read(this));
        foreach (JsonProperty property in _element.EnumerateObject())
        {
            if (!_read.Contains(property.Name))
            {
                throw new InvalidDataException(
                    $"{Source}, {At(property.Name)}: expected {string.Join(", ", _read)} alone; this is not known here.");
            }
        }
        return value;
    }

    /// <summary>The error of a value at a place.</summary>
    internal InvalidDataException Fault(string path, string expected, JsonElement found)
    {
        string text = found.GetRawText();
        return new($"{Source}, {path}: expected {expected}; found {(text.Length > 60 ? $"{text[..60]} ..." : text)}.");
    }

    internal string At(string name) => $"{Path}.{name}";

    private TValue Making<TValue>(string path, Func<TValue> make)
    {
        try
        {
            return make();
        }
        catch (ArgumentException exception)
        {
            throw new InvalidDataException($"{Source}, {path}: {exception.Message}", exception);
        }
    }

    private JsonElement Take(string name)
    {
        _read.Add(name);
        return _element.TryGetProperty(name, out JsonElement value)
            ? value
            : throw new InvalidDataException(
                $"{Source}, {Path}: expected a property {name}; found "
                + $"{string.Join(", ", _element.EnumerateObject().Select(property => property.Name))}.");
    }

    private IEnumerable<(JsonElement Value, string Path)> Items(string name)
    {
        JsonElement array = Take(name);
        if (array.ValueKind != JsonValueKind.Array)
            throw Fault(At(name), "an array", array);
        return array.EnumerateArray().Select((item, i) => (item, FormattableString.Invariant($"{At(name)}[{i}]")));
    }

    private (int Height, int Width) Pair(string name, string expected)
    {
        JsonElement value = Take(name);
        if (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 2
            && value[0].ValueKind == JsonValueKind.Number && value[0].TryGetInt32(out int height)
            && value[1].ValueKind == JsonValueKind.Number && value[1].TryGetInt32(out int width))
        {
            return (height, width);
        }
        throw Fault(At(name), expected, value);
    }

    private double NumberOf(JsonElement value, string path) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && double.IsFinite(number)
            ? number
            : throw Fault(path, "a finite number", value);

    private string TextOf(JsonElement value, string path)
    {
        if (value.ValueKind != JsonValueKind.String)
            throw Fault(path, "a text", value);
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException exception)
        {
            throw new InvalidDataException($"{Source}, {path}: expected a text; found half a surrogate pair.", exception);
        }
    }
}
