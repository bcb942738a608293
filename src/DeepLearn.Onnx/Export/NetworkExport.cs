using System.Numerics;
using DeepLearn.Data;
using DeepLearn.Layers;
using DeepLearn.Models;
using DeepLearn.Onnx.Messages;
using DeepLearn.Tensors;

namespace DeepLearn.Onnx.Export;

/// <summary>Makes the graph of a model, layer by layer; an <see cref="Activation"/> describes each value between layers.</summary>
internal sealed class NetworkExport
{
    private readonly OnnxExportOptions _options;
    private readonly GraphBuilder _graph;
    private readonly Dictionary<string, Matrix<float>> _values;
    private readonly Rearrangement _rearrangement;
    private readonly LayerNodes _nodes;

    private NetworkExport(Dictionary<string, Matrix<float>> values, OnnxExportOptions options)
    {
        _options = options;
        _graph = new(options.OperatorSet);
        _values = values;
        _rearrangement = new(_graph);
        _nodes = new(_graph, _rearrangement, _values);
    }

    /// <summary>The graph of a model, and of what the file computes around it.</summary>
    /// <exception cref="OnnxUnsupportedException">A layer has no exporter.</exception>
    /// <exception cref="ArgumentException">A number of 64 bits would be rounded, which is not allowed.</exception>
    public static GraphMessage Of<T>(Model<T> model, PredictionSteps steps, OnnxExportOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var export = new NetworkExport(FloatValues.Of(model, options.MayRound), options);
        export._graph.Graph.Name = options.GraphName;
        Activation given = export.Input(model.InputShape), input = given;
        if (steps.Columns is { } columns)
            input = export.Standardize(input, columns, StepNames.Columns);
        if (steps.Inputs is { } normalization)
            input = export.Standardize(input, normalization, StepNames.Inputs);
        export.End(export.Layer(model.Network, new("", model.Network.Kind), input), steps, given);
        return export._graph.Graph;
    }

    private Activation Input(Shape shape)
    {
        var input = new Activation(_options.InputName, shape, shape.Rank == 3 && _options.Order == PixelOrder.Planar ? shape : null);
        _graph.Input(input.Name, input.Extents, shape.Rank != 3 ? 0 : input.Planar is null ? 3 : 1);
        return input;
    }

    /// <summary>(x - mean) / standard deviation.</summary>
    private Activation Standardize(Activation input, Standardization by, string step)
    {
        string mean = Features(StepNames.MeanOf(step), by.Mean, input);
        string centered = _graph.Node("Sub", $"{step}/centered", [input.Name, mean], input.Extents);
        if (by.Rest is { } rest)
        {
            mean = Features(StepNames.RestOf(step), rest, input);
            centered = _graph.Node("Sub", $"{step}/centered_rest", [centered, mean], input.Extents);
        }
        string deviation = Features(StepNames.DeviationOf(step), by.Deviation, input);
        return input with { Name = _graph.Node("Div", StepNames.ScaledOf(step), [centered, deviation], input.Extents) };
    }

    /// <summary>y * standard deviation + mean.</summary>
    private Activation Unscale(Activation outputs, Standardization by)
    {
        const string Step = StepNames.Targets;
        string deviation = Features(StepNames.DeviationOf(Step), by.Deviation, outputs);
        string scaled = _graph.Node("Mul", StepNames.ScaledOf(Step), [outputs.Name, deviation], outputs.Extents);
        string mean = Features(StepNames.MeanOf(Step), by.Mean, outputs);
        return outputs with { Name = _graph.Node("Add", StepNames.ShiftedOf(Step), [scaled, mean], outputs.Extents) };
    }

    private string Features(string name, float[] numbers, Activation of)
    {
        bool isOne = numbers.AsSpan().IndexOfAnyExcept(numbers[0]) < 0;
        return isOne
            ? _graph.Floats(name, [], [numbers[0]])
            : _graph.Floats(name, [.. of.Extents.Select(extent => (long)extent)], of.Arrange(numbers));
    }

    private Activation Layer(Layer layer, LayerPath path, Activation input)
    {
        if (_options.Exporters.TryGetValue(layer.GetType(), out Func<OnnxLayerGraph, string>? exporter))
        {
            input = _rearrangement.ChannelsLast(input);
            var graph = new OnnxLayerGraph(_graph, _values, path, layer, input.Name, input.Shape);
            return new(exporter(graph), graph.OutputShape, null);
        }
        return layer switch
        {
            Sequential sequence => Sequence(sequence, path, input),
            Residual residual => Residual(residual, path, input),
            Ensemble ensemble => Ensemble(ensemble, path, input),
            TestTimeAugmentation augmentation => Views(augmentation, path, input),
            _ => _nodes.Add(layer, path, input),
        };
    }

    private Activation Sequence(Sequential sequence, LayerPath path, Activation input)
    {
        var ordinals = new Dictionary<string, int>();
        foreach (Layer layer in sequence.Layers)
        {
            ordinals[layer.Kind] = ordinals.GetValueOrDefault(layer.Kind) + 1;
            input = Layer(layer, path.Inner($"{layer.Kind}{ordinals[layer.Kind]}"), input);
        }
        return input;
    }

    private Activation Residual(Residual residual, LayerPath path, Activation input)
    {
        Activation branch = Layer(
            residual.Branch, residual.Branch is Sequential ? path : path.Inner($"{residual.Branch.Kind}1"), input);
        Activation other = residual.Projection is null ? input : Layer(residual.Projection, path.Inner("projection"), input);
        (branch, other) = _rearrangement.Alike(branch, other);
        return branch with { Name = _graph.Node("Add", $"{path}/sum", [branch.Name, other.Name], branch.Extents) };
    }

    private Activation Ensemble(Ensemble ensemble, LayerPath path, Activation input)
    {
        var members = new Activation[ensemble.Members.Count];
        for (int i = 0; i < members.Length; i++)
            members[i] = Layer(ensemble.Members[i], path.Inner($"member{i + 1}"), input);
        return new EnsembleNodes(_graph, _rearrangement).Add(ensemble, path, members);
    }

    private Activation Views(TestTimeAugmentation augmentation, LayerPath path, Activation input)
    {
        var views = new ViewNodes(_graph, augmentation, path);
        var scores = new Activation[augmentation.Views.Count];
        for (int i = 0; i < scores.Length; i++)
            scores[i] = Layer(augmentation.Network, path.Again($"view{i + 1}"), views.Look(i, input));
        return views.Mean(scores);
    }

    private void End(Activation scores, PredictionSteps steps, Activation input)
    {
        bool isOfAll = steps.Ending is OnnxEnding.Softmax or OnnxEnding.LogSoftmax;
        if (isOfAll)
            scores = _rearrangement.Vector(scores, "ending/flatten");
        if (steps.Temperature is { } temperature)
        {
            string divisor = _graph.Floats(StepNames.Temperature, [], [temperature]);
            scores = scores with { Name = _graph.Node("Div", StepNames.Cooled, [scores.Name, divisor], scores.Extents) };
        }
        if (steps.Ending != OnnxEnding.None)
        {
            AttributeMessage[] attributes = isOfAll ? [AttributeMessage.Of("axis", -1)] : [];
            string name = _graph.Node(steps.Ending.ToString(), StepNames.Ending, [scores.Name], scores.Extents, attributes);
            scores = scores with { Name = name };
        }
        scores = scores.Shape.Rank == 3 && _options.Order == PixelOrder.Planar
            ? _rearrangement.ChannelsFirst(scores)
            : _rearrangement.ChannelsLast(scores);
        if (steps.Targets is { } scaling)
            scores = Unscale(scores, scaling);
        if (scores.Name == input.Name)
            scores = scores with { Name = _graph.Node("Identity", "identity", [scores.Name], scores.Extents) };
        _graph.Output(scores.Name, _options.OutputName, scores.Extents);
    }
}
