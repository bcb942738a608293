using System.Text.Json;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Parameters;

namespace DeepLearn.Models.Specifications;

// Layers and initializers, which are objects of a kind.
public sealed partial class SpecificationReader
{
    /// <summary>A layer within this one.</summary>
    /// <param name="name">The name of the option.</param>
    /// <exception cref="InvalidDataException">It is missing, or no layer that has a form.</exception>
    public Layer Layer(string name) => LayerOf(Take(name), At(name));

    /// <summary>A layer within this one; null where the file has null.</summary>
    /// <param name="name">The name of the option.</param>
    /// <exception cref="InvalidDataException">It is missing, or no layer that has a form.</exception>
    public Layer? OptionalLayer(string name) =>
        Take(name) is { ValueKind: not JsonValueKind.Null } value ? LayerOf(value, At(name)) : null;

    /// <summary>Layers within this one, in order.</summary>
    /// <param name="name">The name of the option.</param>
    /// <exception cref="InvalidDataException">They are missing, or one is no layer that has a form.</exception>
    public ValueList<Layer> Layers(string name) => [.. Items(name).Select(item => LayerOf(item.Value, item.Path))];

    /// <summary>How a parameter begins.</summary>
    /// <param name="name">The name of the option.</param>
    /// <exception cref="InvalidDataException">It is missing, or no initializer that has a form.</exception>
    public Initializer Initializer(string name)
    {
        SpecificationReader inner = Object(name);
        if (_formats.IgnoresInitializers)
            return ConstantInitializer.Zero;
        string kind = inner.Text(SpecificationWriter.KindKey);
        WrittenForm<Initializer> form = _formats.InitializerNamed(kind) ?? throw inner.UnknownKind(
            "an initializer", kind, _formats.InitializerNames, nameof(SpecificationFormats.WithInitializer));
        return inner.Making(form.Read);
    }

    private Layer LayerOf(JsonElement element, string path)
    {
        var inner = new SpecificationReader(element, Source, path, _formats) { Version = Version };
        string kind = inner.Text(SpecificationWriter.KindKey);
        WrittenForm<Layer> form = _formats.LayerNamed(kind)
            ?? throw inner.UnknownKind("a layer", kind, _formats.LayerNames, nameof(SpecificationFormats.WithLayer));
        return inner.Making(form.Read);
    }

    private InvalidDataException UnknownKind(string what, string kind, IEnumerable<string> known, string method) => new(
        $"{Source}, {At(SpecificationWriter.KindKey)}: expected {what} of a known kind ({string.Join(", ", known)}); found \"{kind}\". "
        + $"One's own is made known by {nameof(SpecificationFormats)}.{nameof(SpecificationFormats.Library)}.{method}.");
}
