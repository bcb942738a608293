using DeepLearn.Data;
using DeepLearn.Layers;
using DeepLearn.Onnx.Messages;
using DeepLearn.Tensors;

namespace DeepLearn.Onnx.Import;

/// <summary>Reads a graph node by node and makes the steps of which the network is put together.</summary>
internal sealed partial class GraphImport
{
    /// <summary>The largest average number of nodes that share a weight.</summary>
    private const int MostUses = 16;

    private readonly GraphMessage _graph;
    private readonly OnnxImportOptions _options;
    private readonly TensorReading _tensors;
    private readonly int _operatorSet;
    private readonly Dictionary<string, object> _values = [];
    private readonly HashSet<string> _needed = [];
    private readonly List<Step> _steps = [];
    private long? _fixedBatch;
    private long _numbers;

    private GraphImport(GraphMessage graph, int operatorSet, OnnxImportOptions options, TensorReading tensors)
    {
        _graph = graph;
        _operatorSet = operatorSet;
        _options = options;
        _tensors = tensors;
    }

    /// <summary>The steps in an order in which they can be computed.</summary>
    public IReadOnlyList<Step> Steps => _steps;

    public Step Input { get; private set; } = null!;

    public Value Output { get; private set; } = null!;

    public string InputName { get; private set; } = "";

    public string OutputName { get; private set; } = "";

    public PixelOrder InputOrder { get; private set; }

    public List<string> Notes { get; } = [];

    /// <summary>The names of the classes, where the graph has them.</summary>
    public string[] ClassNames { get; private set; } = [];

    /// <summary>Reads a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="operatorSet">The version of the operators.</param>
    /// <param name="producer">What wrote the file.</param>
    /// <param name="options">How.</param>
    /// <param name="tensors">Reads fixed numbers.</param>
    public static GraphImport Of(
        GraphMessage graph, int operatorSet, string producer, OnnxImportOptions options, TensorReading tensors)
    {
        var import = new GraphImport(graph, operatorSet, options, tensors);
        import.FindOutput();
        import.FindNeeded();
        import.AddInitializers();
        import.AddInput(producer);
        for (int i = 0; i < graph.Nodes.Count; i++)
        {
            if (graph.Nodes[i].Outputs.Exists(import._needed.Contains))
                import.AddNode(graph.Nodes[i], i);
        }
        import.Output = import._values.GetValueOrDefault(import.OutputName) switch
        {
            Value value => value,
            null => throw new InvalidDataException($"The output '{import.OutputName}' is written by no node."),
            _ => throw new OnnxUnsupportedException($"The output '{import.OutputName}' does not depend on the examples."),
        };
        import.CountUses();
        return import;
    }

    /// <summary>
    /// Counts how many steps read each, of those that the output depends on: what became part of a larger layer, as the squares of a layer
    /// normalization, reads nothing.
    /// </summary>
    private void CountUses()
    {
        foreach (Step step in _steps)
            step.Uses = 0;
        Output.Step.Uses = 1;
        for (int i = Output.Step.Position; i >= 0; i--)
        {
            if (_steps[i].Uses == 0)
                continue;
            foreach (Step parent in _steps[i].Parents)
                parent.Uses++;
        }
    }

    /// <summary>Finds the output: the one that is asked for, the only one, or the only one of numbers beside labels.</summary>
    private void FindOutput()
    {
        if (_options.Output is { } named)
        {
            OutputName = named;
            return;
        }
        ValueMessage[] numbers = _graph.Outputs.Count == 1 ? [.. _graph.Outputs] : [.. _graph.Outputs.Where(IsOfNumbers)];
        if (numbers.Length == 1)
        {
            OutputName = numbers[0].Name;
            if (_graph.Outputs.Count > 1)
            {
                Notes.Add(
                    $"The model gives the file's output '{OutputName}'; left out: "
                    + $"{string.Join(", ", _graph.Outputs.Where(output => output.Name != OutputName).Select(output => output.Name))}.");
            }
            return;
        }
        string found = _graph.Outputs.Count == 0 ? "none" : string.Join(", ", _graph.Outputs.Select(output => output.Name));
        throw new OnnxUnsupportedException(
            $"Expected one output of numbers; found {found}. "
            + $"{nameof(OnnxImportOptions)}.{nameof(OnnxImportOptions.Output)} names the one that is wanted.");
    }

    // A list of dictionaries from classes to probabilities has no tensor's type.
    private bool IsOfNumbers(ValueMessage output) => output.Type?.Tensor is { } tensor
        ? tensor.Type is ElementType.Float or ElementType.Double
        : _graph.Nodes.Exists(node => node.Operator == "ZipMap" && node.Outputs.Contains(output.Name));

    /// <summary>Finds what the output depends on: other nodes are ignored.</summary>
    private void FindNeeded()
    {
        _needed.Add(OutputName);
        for (int i = _graph.Nodes.Count - 1; i >= 0; i--)
        {
            if (_graph.Nodes[i].Outputs.Exists(_needed.Contains))
                _needed.UnionWith(_graph.Nodes[i].Inputs);
        }
    }

    private void AddInitializers()
    {
        if (_graph.SparseInitializers > 0)
            throw new OnnxUnsupportedException("Expected tensors with all their elements; found sparse ones.");
        foreach (TensorMessage tensor in _graph.Initializers)
        {
            if (_needed.Contains(tensor.Name))
                Set(tensor.Name, TensorReading.IsWhole(tensor) ? _tensors.ReadWhole(tensor) : _tensors.Read(tensor));
        }
    }

    private void AddInput(string producer)
    {
        ValueMessage[] inputs = [.. _graph.Inputs.Where(input => !_values.ContainsKey(input.Name) && _needed.Contains(input.Name))];
        if (inputs.Length != 1)
        {
            string found = inputs.Length == 0 ? "none" : string.Join(", ", inputs.Select(input => input.Name));
            throw new OnnxUnsupportedException($"Expected one input that the output depends on; found {found}.");
        }
        InputName = inputs[0].Name;
        TensorTypeMessage type = inputs[0].Type?.Tensor
            ?? throw new OnnxUnsupportedException($"Expected a tensor as input '{InputName}'; found another type.");
        if (type.Type is not (ElementType.Float or ElementType.Double))
            throw new OnnxUnsupportedException($"Expected an input '{InputName}' of type Float or Double; found {type.Type}.");
        if (type.Shape is not { Dimensions.Count: >= 2 and <= 5 } shape)
        {
            string found = type.Shape?.ToString() ?? "one of unknown shape";
            throw new OnnxUnsupportedException($"Expected an input '{InputName}' of 2 to 5 axes, the batch first; found {found}.");
        }
        _fixedBatch = shape.Dimensions[0].Extent;
        if (_fixedBatch is not null)
            Notes.Add($"The file is for {_fixedBatch} examples at once; the model takes any number.");
        InputOrder = OrderOf(shape, producer);
        int[] extents = ExtentsOf(shape);
        bool isPlanar = extents.Length == 3 && InputOrder == PixelOrder.Planar;
        Shape ours = isPlanar ? new([.. extents[1..], extents[0]]) : new(extents);
        Input = Add(new(StepKind.Input, InputName, "input", ours));
        Set(InputName, new Value(Input, extents, isPlanar ? ours : null));
    }

    private int[] ExtentsOf(ShapeMessage shape)
    {
        var extents = new int[shape.Dimensions.Count - 1];
        int[]? given = _options.InputShape?.Extents.ToArray();
        if (given is { Length: 3 } && InputOrder == PixelOrder.Planar)
            given = [given[2], given[0], given[1]];
        if (given is not null && given.Length != extents.Length)
        {
            throw new OnnxUnsupportedException(
                $"Expected an input shape of {extents.Length} axes, as the file's input {shape} has besides the batch; found "
                + $"{_options.InputShape}.");
        }
        for (int i = 0; i < extents.Length; i++)
        {
            DimensionMessage dimension = shape.Dimensions[i + 1];
            long? extent = dimension.Extent is > 0 ? dimension.Extent : null;
            if (extent is null && given is null)
            {
                throw new OnnxUnsupportedException(
                    $"Expected an input of known extents but for the batch; found {shape}. {nameof(OnnxImportOptions)}."
                    + $"{nameof(OnnxImportOptions.InputShape)} gives what the file leaves free.");
            }
            if (extent is not null && given is not null && extent != given[i])
                throw new OnnxUnsupportedException($"Expected the input shape of the file, {shape}; found {_options.InputShape}.");
            extents[i] = extent is null ? given![i] : extent <= int.MaxValue ? (int)extent : throw TooLarge();
        }
        long count = 1;
        foreach (int extent in extents)
            count = count * extent <= int.MaxValue ? count * extent : throw TooLarge();
        return extents;

        OnnxUnsupportedException TooLarge() => new($"Expected examples of at most {int.MaxValue} numbers; found an input {shape}.");
    }

    private void AddNode(NodeMessage message, int position)
    {
        var node = new NodeReader(message, position, _operatorSet, _values, _tensors);
        object result;
        try
        {
            result = OfMoment(node) ?? Understand(node);
        }
        catch (ArgumentException exception)
        {
            // A layer refuses it: an option out of range, or a shape that it does not take.
            throw node.Refuse(exception.Message.TrimEnd('.'));
        }
        node.Finish();

        // A classifier's first output is the label, which nobody reads here.
        Set(message.Outputs[node.Operator == "LinearClassifier" && message.Outputs.Count > 1 ? 1 : 0], result);
    }

    private void Set(string name, object value)
    {
        if (name.Length > 0 && !_values.TryAdd(name, value))
            throw new InvalidDataException($"Every value of a graph is written once; found '{name}' twice.");
    }

    private Step Add(Step step)
    {
        step.Position = _steps.Count;
        _steps.Add(step);
        return step;
    }

    private Value AddLayer(NodeReader node, Layer layer, Value input, int[] extents, Shape? planar, params double[][] parameters)
    {
        var step = new Step(StepKind.Layer, node.Name, node.Operator, layer.OutputShape(input.Shape), input.Step) { Layer = layer };
        step.Parameters.AddRange(parameters);

        // Each node gets its own copy of shared weights: a small file must not become a huge network.
        _numbers += parameters.Sum(numbers => (long)numbers.Length);
        if (_numbers > (MostUses * _tensors.Elements) + 65536)
            throw node.Refuse($"expected weights of its own for each layer; found tensors that are shared by more than {MostUses} nodes");
        return new(Add(step), extents, planar);
    }

    private static int[] PlanarExtents(Shape shape) => [shape[2], shape[0], shape[1]];
}
