using System.Numerics;
using System.Runtime.InteropServices;
using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Models;
using DeepLearn.Models.Specifications;
using DeepLearn.Onnx.Export;
using DeepLearn.Onnx.Messages;
using DeepLearn.Tensors;

namespace DeepLearn.Onnx.Import;

/// <summary>
/// Reads a file of ours by the specification that it keeps. The graph has the last word: the specification is exported once more, and is
/// believed only where that gives the graph of the file, weights apart.
/// </summary>
/// <remarks>
/// The export rearranges weights. Where each of them comes to stand is found by exporting a network whose weights are their own positions,
/// so that every way of writing a layer, also a user's own, is undone without code of its own.
/// </remarks>
internal sealed class SpecifiedImport
{
    /// <summary>The largest position that a float holds exactly.</summary>
    private const int MostFeatures = 1 << 24;

    private readonly GraphMessage _graph;
    private readonly Dictionary<string, TensorMessage> _tensors = [];
    private readonly TensorReading _reading;
    private readonly Layer _network;
    private readonly (Shape Input, PixelOrder Order) _kept;
    private readonly OnnxEnding _ending;
    private readonly HashSet<string> _steps;
    private readonly OnnxExportOptions _export;

    private SpecifiedImport(
        GraphMessage graph, int operatorSet, IReadOnlyDictionary<string, string> texts, OnnxImportOptions options, TensorReading reading)
    {
        _graph = graph;
        _reading = reading;
        foreach (TensorMessage tensor in graph.Initializers)
            _tensors[tensor.Name] = tensor;
        _kept = OwnTexts.Read(texts);
        (_ending, _steps) = OwnTexts.ReadSteps(texts);
        _network = NetworkSpecification.FromJson(texts[OwnTexts.Specification], options.Formats);
        _export = (options.Exporters ?? new()) with
        {
            OperatorSet = operatorSet,
            Order = _kept.Order,
            InputName = graph.Inputs[0].Name,
            OutputName = graph.Outputs[0].Name,
        };
    }

    /// <summary>Reads the file by its specification.</summary>
    /// <param name="message">The file.</param>
    /// <param name="operatorSet">Its version of the operators.</param>
    /// <param name="texts">Its texts.</param>
    /// <param name="options">How.</param>
    /// <param name="reading">Reads numbers.</param>
    /// <param name="difference">In what the graph is another than the specification's; null where the specification holds.</param>
    /// <returns>The model, and what the file does around it; null where the graph is another, or there is no specification.</returns>
    /// <exception cref="InvalidDataException">The specification is damaged.</exception>
    public static (Model<T> Model, FileSteps Steps, PixelOrder Order)? TryRead<T>(
        ModelMessage message,
        int operatorSet,
        IReadOnlyDictionary<string, string> texts,
        OnnxImportOptions options,
        TensorReading reading,
        out string? difference)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        difference = null;
        bool isAsked = options is { Output: null, InputShape: null, InputOrder: null, EndsBeforeSigmoid: false };
        if (!isAsked || !texts.ContainsKey(OwnTexts.Specification))
            return null;
        GraphMessage graph = message.Graph!;
        bool isInRange = operatorSet is >= OnnxExportOptions.LeastOperatorSet and <= OnnxExportOptions.LatestOperatorSet;
        if (!isInRange || graph.Inputs is not [{ Name.Length: > 0 }] || graph.Outputs is not [{ Name.Length: > 0 }])
        {
            difference = "expected one input, one output and an operator set that is written here; found others";
            return null;
        }
        try
        {
            var import = new SpecifiedImport(graph, operatorSet, texts, options, reading);
            difference = import.Read(out Model<T>? model, out FileSteps? steps);
            return model is null ? null : (model, steps!, import._kept.Order);
        }
        catch (OnnxUnsupportedException exception)
        {
            difference = exception.Message;
            return null;
        }
        catch (Exception exception) when (exception is InvalidDataException or ArgumentException)
        {
            throw new InvalidDataException(
                $"{OwnTexts.Specification}: {exception.Message} {nameof(OnnxImportOptions)}.{nameof(OnnxImportOptions.GraphAlone)} reads "
                + "the graph without it.",
                exception);
        }
    }

    private string? Read<T>(out Model<T>? model, out FileSteps? steps)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (model, steps) = (null, null);

        // Nothing is reserved that the file could not fill.
        long needed = _network.CountNumbers(_kept.Input), held = 0;
        foreach (TensorMessage tensor in _graph.Initializers)
            held += TensorReading.CountHeld(tensor);
        if (needed > held)
            return $"expected tensors of {needed} numbers; found {held}";
        SpecifiedSize size = SpecifiedSize.Of(_network, _kept.Input, layer => _export.Exporters.ContainsKey(layer.GetType()));
        if (size.Nodes > _graph.Nodes.Count)
            return $"expected at least {size.Nodes:g3} nodes; found {_graph.Nodes.Count}";
        if (size.Places > held - needed)
            return $"expected tensors of {size.Places:g3} numbers besides the weights; found {held - needed}";
        Model<float> positions = _network.Build<float>(_kept.Input, 0);
        (string Name, Matrix<float> Value)[] values = ValuesOf(positions);
        foreach ((_, Matrix<float> value) in values)
        {
            Span<int> bits = MemoryMarshal.Cast<float, int>(value.AsSpan());
            for (int i = 0; i < bits.Length; i++)
                bits[i] = i;
        }
        if (StepsOf(positions.OutputShape.Count, out PredictionSteps around) is { } missingStep)
            return missingStep;
        GraphMessage expected;
        try
        {
            expected = NetworkExport.Of(positions, around, _export);
        }
        catch (ArgumentException exception)
        {
            // The file's output or input has the name of an inner value, as where a part of the graph was cut out.
            return exception.Message;
        }
        if (GraphDifference.Describe(expected, _graph) is { } difference)
            return difference;

        Model<T> filled = _network.Build<T>(_kept.Input, 0);
        Dictionary<string, Matrix<T>> targets = ValuesOf(filled).ToDictionary(value => value.Name, value => value.Value);
        var known = new HashSet<string>();
        foreach (TensorMessage tensor in expected.Initializers)
        {
            TensorMessage found = _tensors[tensor.Name];
            if (targets.TryGetValue(tensor.Name, out Matrix<T>? target))
                Fill(target, tensor, _reading.Read(found).Elements, known);
            else if (!StepNames.AreOfStep(tensor.Name) && !HoldSame(tensor, found))
                return $"expected other numbers of '{tensor.Name}'";
        }
        if (targets.Keys.FirstOrDefault(name => !known.Contains(name)) is { } missing)
            return $"expected a tensor for {missing}; found none";
        steps = new()
        {
            Columns = around.Columns is null ? null : Standardized(StepNames.Columns, _kept.Input.Count, around.Columns, expected),
            Normalization = around.Inputs is null ? null : Standardized(StepNames.Inputs, _kept.Input.Count, around.Inputs, expected),
            Temperature = around.Temperature is null ? 1 : _reading.Read(_tensors[StepNames.Temperature]).Elements[0],
            TargetScaling = around.Targets is null
                ? null : Standardized(StepNames.Targets, positions.OutputShape.Count, around.Targets, expected),
            Ending = _ending,
        };
        model = filled;
        return null;
    }

    /// <summary>The steps that the file says it has, with positions instead of numbers.</summary>
    /// <param name="outputs">The number of the network's outputs.</param>
    /// <param name="steps">The steps.</param>
    /// <returns>What is missing; null where nothing is.</returns>
    private string? StepsOf(int outputs, out PredictionSteps steps)
    {
        steps = new();
        foreach ((string step, int count) in new[]
        {
            (StepNames.Columns, _kept.Input.Count), (StepNames.Inputs, _kept.Input.Count), (StepNames.Targets, outputs),
        })
        {
            if (!_steps.Contains(step))
                continue;
            if (!_tensors.ContainsKey(StepNames.MeanOf(step)) || !_tensors.ContainsKey(StepNames.DeviationOf(step)))
                return $"expected the tensors {StepNames.MeanOf(step)} and {StepNames.DeviationOf(step)}; found others";
            if (count > MostFeatures)
                return $"expected a {step} of at most {MostFeatures} numbers; found {count}";
            var positions = new Standardization(
                PositionsFor(StepNames.MeanOf(step), count),
                _tensors.ContainsKey(StepNames.RestOf(step)) ? PositionsFor(StepNames.RestOf(step), count) : null,
                PositionsFor(StepNames.DeviationOf(step), count));
            steps = step switch
            {
                StepNames.Columns => steps with { Columns = positions },
                StepNames.Inputs => steps with { Inputs = positions },
                _ => steps with { Targets = positions },
            };
        }
        steps = steps with { Temperature = _steps.Contains(StepNames.Temperature) ? 1 : null, Ending = _ending };
        return null;
    }

    private Normalization Standardized(string step, int count, Standardization positions, GraphMessage expected) => new Standardization(
        FeaturesOf(StepNames.MeanOf(step), count, expected),
        positions.Rest is null ? null : FeaturesOf(StepNames.RestOf(step), count, expected),
        FeaturesOf(StepNames.DeviationOf(step), count, expected)).ToNormalization();

    /// <summary>What each feature has in a tensor that stands in the order of the graph.</summary>
    private float[] FeaturesOf(string name, int count, GraphMessage expected)
    {
        double[] numbers = _reading.Read(_tensors[name]).Elements;
        var features = new float[count];
        if (numbers.Length == 1)
        {
            Array.Fill(features, (float)numbers[0]);
            return features;
        }
        TensorMessage arranged = expected.Initializers.Find(tensor => tensor.Name == name)!;
        ReadOnlySpan<float> positions = MemoryMarshal.Cast<byte, float>(arranged.Raw.Span);
        for (int i = 0; i < numbers.Length; i++)
            features[(int)positions[i] - 1] = (float)numbers[i];
        return features;
    }

    private float[] PositionsFor(string name, int count) => TensorReading.CountHeld(_tensors[name]) == 1
        ? [.. Enumerable.Repeat(1f, count)]
        : [.. Enumerable.Range(1, count).Select(position => (float)position)];

    private static void Fill<T>(Matrix<T> target, TensorMessage positions, double[] numbers, HashSet<string> known)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ReadOnlySpan<int> bits = MemoryMarshal.Cast<byte, int>(positions.Raw.Span);
        Span<T> elements = target.AsSpan();
        for (int i = 0; i < bits.Length; i++)
            elements[bits[i]] = T.CreateTruncating(numbers[i]);
        known.Add(positions.Name);
    }

    private bool HoldSame(TensorMessage expected, TensorMessage found) => TensorReading.IsWhole(expected)
        ? _reading.ReadWhole(expected).Elements.AsSpan().SequenceEqual(_reading.ReadWhole(found).Elements)
        : _reading.Read(expected).Elements.AsSpan().SequenceEqual(_reading.Read(found).Elements);

    private static (string Name, Matrix<T> Value)[] ValuesOf<T>(Model<T> model)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
    [
        .. model.Parameters.Select(parameter => (parameter.Name, parameter.Value)),
        .. model.Buffers.Select(buffer => (buffer.Name, buffer.Value)),
    ];
}
