using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using DeepLearn.Onnx.Messages;

namespace DeepLearn.Onnx.Import;

/// <summary>Reads one node. An attribute that the importer did not ask for is one that it does not support, and is refused.</summary>
internal sealed class NodeReader
{
    private readonly NodeMessage _node;
    private readonly IReadOnlyDictionary<string, object> _values;
    private readonly TensorReading _tensors;
    private readonly HashSet<string> _read = [];

    public NodeReader(NodeMessage node, int position, int operatorSet, IReadOnlyDictionary<string, object> values, TensorReading tensors)
    {
        _node = node;
        _values = values;
        _tensors = tensors;
        OperatorSet = operatorSet;
        Name = node.Name.Length > 0 ? node.Name : node.Outputs.Find(output => output.Length > 0) ?? $"number {position + 1}";
        if (node.Attributes.GroupBy(attribute => attribute.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw Refuse($"expected each attribute once; found {twice.Key} twice");
    }

    /// <summary>The node's name or, where it has none, that of its output.</summary>
    public string Name { get; }

    public string Operator => _node.Operator;

    /// <summary>The operator, behind its domain where that is not ONNX's own.</summary>
    public string FullOperator => _node.Domain is "" or "ai.onnx" ? _node.Operator : $"{_node.Domain}.{_node.Operator}";

    public int OperatorSet { get; }

    public int InputCount => _node.Inputs.Count;

    public int OutputCount => _node.Outputs.Count(output => output.Length > 0);

    /// <summary>The error of a node that has no counterpart.</summary>
    public OnnxUnsupportedException Refuse(string message) => new(Name, Operator, message + ".");

    /// <summary>An input; null if it is left out.</summary>
    public object? TryInput(int index)
    {
        if (index >= _node.Inputs.Count || _node.Inputs[index].Length == 0)
            return null;
        string name = _node.Inputs[index];
        return _values.TryGetValue(name, out object? value)
            ? value
            : throw new InvalidDataException($"Node '{Name}' ({Operator}) reads '{name}', which nothing before it writes.");
    }

    /// <summary>An input that depends on the examples.</summary>
    public Value Example(int index) => TryInput(index) switch
    {
        Value value => value,
        null => throw Refuse($"expected input {index + 1}; found none"),
        object other => throw Refuse($"expected input {index + 1} to depend on the examples; found {Describe(other)}"),
    };

    /// <summary>A constant input.</summary>
    /// <param name="index">Which.</param>
    /// <param name="what">What it is, for messages.</param>
    public Tensor Fixed(int index, string what) =>
        TryFixed(index, what) ?? throw Refuse($"expected {what} as input {index + 1}; found none");

    /// <summary>A constant input; null if it is left out.</summary>
    public Tensor? TryFixed(int index, string what) => TryInput(index) switch
    {
        null => null,
        Tensor tensor => tensor,
        object other => throw Refuse($"expected {what}, input {index + 1}, to stand fixed; found {Describe(other)}"),
    };

    /// <summary>A constant scalar; null if it is left out.</summary>
    public double? TryNumber(int index, string what)
    {
        Tensor? tensor = TryFixed(index, what);
        return tensor is null or { IsScalar: true } ? tensor?.Elements[0] : throw Refuse($"expected one number as {what}; found {tensor}");
    }

    /// <summary>Constant whole numbers; null if they are left out.</summary>
    public Integers? TryWhole(int index, string what) => TryInput(index) switch
    {
        null => null,
        Integers integers => integers,
        object other => throw Refuse($"expected {what}, input {index + 1}, to be whole numbers that stand fixed; found {Describe(other)}"),
    };

    public double Number(string name, double otherwise) =>
        TryFind(name, AttributeKind.Float, out AttributeMessage? found) ? Shortest(found.Float) : otherwise;

    public long Whole(string name, long otherwise) =>
        TryFind(name, AttributeKind.Integer, out AttributeMessage? found) ? found.Integer : otherwise;

    public string Text(string name, string otherwise) =>
        TryFind(name, AttributeKind.Text, out AttributeMessage? found) ? found.Text : otherwise;

    public long[]? TryWholes(string name) =>
        TryFind(name, AttributeKind.Integers, out AttributeMessage? found) ? [.. found.Integers] : null;

    public float[]? TryNumbers(string name) =>
        TryFind(name, AttributeKind.Floats, out AttributeMessage? found) ? [.. found.Floats] : null;

    public string[]? TryTexts(string name) =>
        TryFind(name, AttributeKind.Texts, out AttributeMessage? found) ? [.. found.Texts] : null;

    public TensorMessage? TryTensor(string name) =>
        TryFind(name, AttributeKind.Tensor, out AttributeMessage? found) ? found.Tensor : null;

    public bool Has(string name) => _node.Attributes.Exists(attribute => attribute.Name == name);

    /// <summary>Refuses an option with a value other than the supported one.</summary>
    public void Require(string name, long only, string meaning)
    {
        long found = Whole(name, only);
        if (found != only)
            throw Refuse($"expected {name} {only}, {meaning}; found {found}");
    }

    /// <summary>An attribute that changes nothing here.</summary>
    public void Ignore(string name) => _read.Add(name);

    /// <summary>Refuses the node if it has an option that was not read.</summary>
    public void Finish()
    {
        if (_node.Attributes.Find(attribute => !_read.Contains(attribute.Name)) is { } unknown)
            throw Refuse($"attribute {unknown.Name} is not understood");
    }

    /// <summary>A fixed tensor or whole numbers, of an attribute.</summary>
    public object Constant(TensorMessage tensor) =>
        TensorReading.IsWhole(tensor) ? _tensors.ReadWhole(tensor) : _tensors.Read(tensor);

    /// <summary>
    /// The double of the fewest digits that rounds to a float: 0.1 is written as 0.1f, and is meant to be 0.1 again.
    /// </summary>
    public static double Shortest(float value) => float.IsFinite(value)
        ? double.Parse(value.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)
        : value;

    private static string Describe(object value) => value switch
    {
        Value example => $"{example.Text}, which depends on the examples",
        Tensor tensor => $"a fixed tensor {tensor}",
        Integers integers => $"the whole numbers {integers}",
        _ => "something else",
    };

    private bool TryFind(string name, AttributeKind kind, [NotNullWhen(true)] out AttributeMessage? found)
    {
        _read.Add(name);
        found = _node.Attributes.Find(attribute => attribute.Name == name);
        if (found is not null && found.Kind != kind)
            throw Refuse($"expected attribute {name} to be of kind {kind}; found {found.Kind}");
        return found is not null;
    }
}
