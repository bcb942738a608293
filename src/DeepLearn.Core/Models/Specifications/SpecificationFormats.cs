using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Parameters;

namespace DeepLearn.Models.Specifications;

/// <summary>
/// The kinds of layers and initializers that have a written form, by name: the library's own, and those that a caller adds. An immutable
/// value; nothing is registered globally.
/// </summary>
/// <example><code>
/// // Scale is a layer of your own: record Scale(double Factor) : Layer.
/// SpecificationFormats formats = SpecificationFormats.Library.WithLayer&lt;Scale&gt;(
///     "acme.scale",
///     (layer, to) => to.Write("factor", layer.Factor),
///     from => new Scale(from.Number("factor")));
///
/// Model&lt;float&gt; model = new Sequential(new Scale(0.5), new Dense(3)).Build&lt;float&gt;(inputShape: 4, seed: 1);
/// model.Save("scaled.safetensors", formats);
/// Model&lt;float&gt; loaded = Model.Load&lt;float&gt;("scaled.safetensors", new() { Formats = formats });
/// </code></example>
public sealed class SpecificationFormats
{
    private readonly ValueList<WrittenForm<Layer>> _layers;
    private readonly ValueList<WrittenForm<Initializer>> _initializers;

    private SpecificationFormats(ValueList<WrittenForm<Layer>> layers, ValueList<WrittenForm<Initializer>> initializers)
    {
        _layers = layers;
        _initializers = initializers;
    }

    /// <summary>The library's own layers and initializers.</summary>
    public static SpecificationFormats Library { get; } = new(LayerForms.All, InitializerForms.All);

    /// <summary>The names of the layers that have a form.</summary>
    public IEnumerable<string> LayerNames => _layers.Select(form => form.Name);

    /// <summary>The names of the initializers that have a form.</summary>
    public IEnumerable<string> InitializerNames => _initializers.Select(form => form.Name);

    /// <summary>These formats and that of a layer of your own.</summary>
    /// <typeparam name="TLayer">The type of the layer, a record whose equality compares its options.</typeparam>
    /// <param name="name">The name in the file, unique among the layers; a prefix of your own keeps it unique.</param>
    /// <param name="write">Writes each option of a layer under a name.</param>
    /// <param name="read">Makes a layer of the options, each of which it reads.</param>
    /// <exception cref="ArgumentException">The name is empty or taken, or the type has a form already.</exception>
    public SpecificationFormats WithLayer<TLayer>(
        string name, Action<TLayer, SpecificationWriter> write, Func<SpecificationReader, TLayer> read)
        where TLayer : Layer
    {
        Check(name, typeof(TLayer), _layers);
        ArgumentNullException.ThrowIfNull(write);
        ArgumentNullException.ThrowIfNull(read);
        return new([.. _layers, new(name, typeof(TLayer), (layer, to) => write((TLayer)layer, to), read)], _initializers);
    }

    /// <summary>These formats and that of an initializer of your own.</summary>
    /// <typeparam name="TInitializer">The type of the initializer, a record whose equality compares its options.</typeparam>
    /// <param name="name">The name in the file, which no other initializer has.</param>
    /// <param name="write">Writes each option of an initializer under a name.</param>
    /// <param name="read">Makes an initializer of the options, each of which it reads.</param>
    /// <exception cref="ArgumentException">The name is empty or taken, or the type has a form already.</exception>
    public SpecificationFormats WithInitializer<TInitializer>(
        string name, Action<TInitializer, SpecificationWriter> write, Func<SpecificationReader, TInitializer> read)
        where TInitializer : Initializer
    {
        Check(name, typeof(TInitializer), _initializers);
        ArgumentNullException.ThrowIfNull(write);
        ArgumentNullException.ThrowIfNull(read);
        return new(_layers, [.. _initializers, new(name, typeof(TInitializer), (value, to) => write((TInitializer)value, to), read)]);
    }

    /// <summary>
    /// Whether initializers are neither written nor read; parameters then begin as zeros. For models whose weights are loaded.
    /// </summary>
    internal bool IgnoresInitializers { get; private init; }

    /// <summary>These formats without those of initializers.</summary>
    internal SpecificationFormats IgnoringInitializers => new(_layers, _initializers) { IgnoresInitializers = true };

    internal WrittenForm<Layer> FormOf(Layer layer) => Find(_layers, layer, "layer", nameof(WithLayer));

    internal WrittenForm<Initializer> FormOf(Initializer initializer) =>
        Find(_initializers, initializer, "initializer", nameof(WithInitializer));

    internal WrittenForm<Layer>? LayerNamed(string name) => _layers.FirstOrDefault(form => form.Name == name);

    internal WrittenForm<Initializer>? InitializerNamed(string name) => _initializers.FirstOrDefault(form => form.Name == name);

    private static WrittenForm<TValue> Find<TValue>(ValueList<WrittenForm<TValue>> forms, TValue value, string what, string method)
        where TValue : notnull
    {
        Type type = value.GetType();
        return forms.FirstOrDefault(form => form.Type == type) ?? throw new ArgumentException(
            $"The {what} {type.Name} has no written form. Give it one, as {nameof(SpecificationFormats)}.{nameof(Library)}.{method}<"
            + $"{type.Name}>(name, write, read), and pass the formats to what saves and what loads; or save the weights alone, by "
            + $"SaveWeights.");
    }

    private static void Check<TValue>(string name, Type type, ValueList<WrittenForm<TValue>> forms)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (forms.FirstOrDefault(form => form.Name == name) is { } taken)
            throw new ArgumentException($"Every form has a name of its own; {name} is that of {taken.Type.Name}.", nameof(name));
        if (forms.FirstOrDefault(form => form.Type == type) is { } other)
            throw new ArgumentException($"{type.Name} has a form already, by the name {other.Name}.", nameof(name));
    }
}
