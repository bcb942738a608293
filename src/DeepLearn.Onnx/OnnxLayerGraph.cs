using DeepLearn.Layers;
using DeepLearn.Onnx.Export;
using DeepLearn.Tensors;

namespace DeepLearn.Onnx;

/// <summary>What an exporter of a layer of your own is given: the layer, and the graph that it adds its nodes to.</summary>
public sealed class OnnxLayerGraph
{
    private readonly GraphBuilder _graph;
    private readonly IReadOnlyDictionary<string, Matrix<float>> _values;
    private readonly LayerPath _path;
    private int _nodes;

    internal OnnxLayerGraph(
        GraphBuilder graph, IReadOnlyDictionary<string, Matrix<float>> values, LayerPath path, Layer layer, string input, Shape inputShape)
    {
        _graph = graph;
        _values = values;
        _path = path;
        Layer = layer;
        Input = input;
        InputShape = inputShape;
        OutputShape = layer.OutputShape(inputShape);
    }

    /// <summary>The layer.</summary>
    public Layer Layer { get; }

    /// <summary>The name of the value that the layer reads: <c>[batch, ...]</c> with the extents of <see cref="InputShape"/>, channels
    /// last.</summary>
    public string Input { get; }

    /// <summary>The shape of one example before the layer.</summary>
    public Shape InputShape { get; }

    /// <summary>The shape of one example after it, which the last node is to write: <c>[batch, ...]</c>, channels last.</summary>
    public Shape OutputShape { get; }

    /// <summary>The operator set of the file, which says what operators there are.</summary>
    public int OperatorSet => _graph.OperatorSet;

    /// <summary>Adds a parameter or buffer of the layer to the file.</summary>
    /// <param name="what">What it is: its name in the model without the layer's path, as in <c>weights</c>.</param>
    /// <param name="extents">
    /// The extents that the file gives it, with the same product; omit them for those of its matrix, <c>[rows, columns]</c>.
    /// </param>
    /// <returns>Its name, for <see cref="Add"/>.</returns>
    /// <exception cref="ArgumentException">The layer has no such parameter, or the extents do not fit.</exception>
    public string Parameter(string what, params int[] extents)
    {
        ArgumentNullException.ThrowIfNull(what);
        ArgumentNullException.ThrowIfNull(extents);
        string name = _path.NameOf(what);
        if (!_values.TryGetValue(name, out Matrix<float>? value))
        {
            IEnumerable<string> known = _values.Keys.Where(key => key.StartsWith($"{_path.Prefix}/", StringComparison.Ordinal));
            throw new ArgumentException($"Layer {_path} has {string.Join(", ", known)}; found no {name}.", nameof(what));
        }
        return extents.Length == 0
            ? _graph.Floats(name, [value.Rows, value.Columns], value.AsSpan())
            : Floats(name, extents, value.AsSpan());
    }

    /// <summary>Adds numbers to the file.</summary>
    /// <param name="what">What they are, as in <c>factors</c>; not the name of a parameter.</param>
    /// <param name="extents">Their extents; none for a single number.</param>
    /// <param name="numbers">The numbers.</param>
    /// <returns>Their name, for <see cref="Add"/>.</returns>
    /// <exception cref="ArgumentException">There are more or fewer numbers than the extents say, or the name is taken.</exception>
    public string Constant(string what, int[] extents, params float[] numbers) =>
        Floats(_path.NameOf(what), extents, numbers);

    /// <summary>Adds whole numbers to the file, as axes and shapes are given to operators.</summary>
    /// <param name="what">What they are, as in <c>axes</c>.</param>
    /// <param name="numbers">The numbers: a vector.</param>
    /// <returns>Their name, for <see cref="Add"/>.</returns>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public string Integers(string what, params long[] numbers) => _graph.Integers(_path.NameOf(what), numbers);

    /// <summary>Adds a node.</summary>
    /// <param name="operator">ONNX's operator, as in <c>Mul</c>.</param>
    /// <param name="inputs">The names of what it reads; an empty one for an input that is left out.</param>
    /// <param name="attributes">Its options.</param>
    /// <returns>The name of what it writes.</returns>
    public string Add(string @operator, string[] inputs, params OnnxAttribute[] attributes)
    {
        ArgumentException.ThrowIfNullOrEmpty(@operator);
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(attributes);
        var messages = new Messages.AttributeMessage[attributes.Length];
        for (int i = 0; i < messages.Length; i++)
            messages[i] = attributes[i].Message;
        string name = $"{_path.Node}/{@operator.ToLowerInvariant()}{++_nodes}";
        return _graph.Node(@operator, name, inputs, null, messages);
    }

    private string Floats(string name, ReadOnlySpan<int> extents, ReadOnlySpan<float> numbers)
    {
        long count = 1;
        var longs = new long[extents.Length];
        for (int i = 0; i < longs.Length; i++)
        {
            longs[i] = extents[i];
            count *= extents[i];
        }
        return count == numbers.Length
            ? _graph.Floats(name, longs, numbers)
            : throw new ArgumentException($"The extents of {name} are for {count} numbers; found {numbers.Length}.", nameof(numbers));
    }
}
