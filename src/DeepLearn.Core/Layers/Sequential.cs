using DeepLearn.Foundation;
using DeepLearn.Tensors;

namespace DeepLearn.Layers;

/// <summary>
/// Layers one after another: the output of each is the input of the next. It is a layer itself, and can be part of another one.
/// </summary>
/// <example><code>
/// var network = new Sequential(new Dense(50), new Relu(), new Dense(10));
/// Console.WriteLine(network.OutputShape(new Shape(32, 32, 3)));    // prints [10]
/// Model&lt;float&gt; model = network.Build&lt;float&gt;(new Shape(32, 32, 3), seed: 1);
/// </code></example>
public sealed record Sequential : Layer
{
    /// <summary>Makes a sequence of layers.</summary>
    /// <param name="layers">The layers, at least one.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public Sequential(params Layer[] layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        if (layers.Length == 0)
            throw new ArgumentException("A sequence has at least one layer; found none.", nameof(layers));
        foreach (Layer layer in layers)
            ArgumentNullException.ThrowIfNull(layer, nameof(layers));
        Layers = ValueList.Create(layers);
    }

    /// <summary>The layers in order.</summary>
    public ValueList<Layer> Layers { get; }

    /// <inheritdoc/>
    public override Nonlinearity GetNonlinearity() => After(-1, Nonlinearity.PassesOn);

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input)
    {
        foreach (Layer layer in Layers)
            input = layer.OutputShape(input);
        return input;
    }

    /// <summary>Whether one of its layers does, before another one has made something else of the image than an image.</summary>
    /// <param name="input">The shape of one example before it, which it takes.</param>
    public override bool ReadsPixels(Shape input)
    {
        ArgumentNullException.ThrowIfNull(input);
        foreach (Layer layer in Layers)
        {
            if (layer.ReadsPixels(input))
                return true;
            input = layer.OutputShape(input);
            if (input.Rank != 3)
                return false;
        }
        return false;
    }

    /// <inheritdoc/>
    public override NumberRange OutputRange(NumberRange input)
    {
        foreach (Layer layer in Layers)
            input = layer.OutputRange(input);
        return input;
    }

    /// <inheritdoc/>
    public override LayerRuntime<T> CreateRuntime<T>(LayerBuild build)
    {
        ArgumentNullException.ThrowIfNull(build);
        var runtimes = new LayerRuntime<T>[Layers.Count];
        var names = new string[runtimes.Length];
        Shape shape = build.Input;
        foreach ((int i, (string name, _)) in NamedLayers().Index())
        {
            names[i] = name;
            runtimes[i] = Layers[i].CreateRuntime<T>(build.Inner(shape, names[i], i) with { Next = After(i, build.Next) });
            shape = runtimes[i].OutputShape;
        }
        return new SequentialRuntime<T>(runtimes, names);
    }

    /// <summary>The layers in order with the names that paths have for them: the kind, numbered from 1, as in <c>dense2</c>.</summary>
    public IEnumerable<(string Name, Layer Layer)> NamedLayers()
    {
        var ordinals = new Dictionary<string, int>();
        foreach (Layer layer in Layers)
        {
            string kind = layer.Kind;
            ordinals[kind] = ordinals.GetValueOrDefault(kind) + 1;
            yield return (FormattableString.Invariant($"{kind}{ordinals[kind]}"), layer);
        }
    }

    /// <summary>The layers between brackets.</summary>
    public override string ToString() => $"Sequential {Layers}";

    /// <summary>What follows a layer: the first of those after it that does anything, or else what follows them all.</summary>
    private Nonlinearity After(int layer, Nonlinearity end)
    {
        for (int i = layer + 1; i < Layers.Count; i++)
        {
            if (Layers[i].GetNonlinearity() is var next and not Nonlinearity.PassesOn)
                return next;
        }
        return end;
    }
}
