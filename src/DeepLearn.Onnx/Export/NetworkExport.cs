using DeepLearn.Data;
using DeepLearn.Layers;
using DeepLearn.Models;
using DeepLearn.Onnx.Messages;
using DeepLearn.Tensors;

namespace DeepLearn.Onnx.Export;

/// <summary>Makes the graph of a model, layer by layer; an <see cref="Activation"/> describes each value between layers.</summary>
internal sealed class NetworkExport
{
    public const string Mean = "normalization/mean";

    public const string StandardDeviation = "normalization/standard_deviation";

    private readonly OnnxExportOptions _options;
    private readonly GraphBuilder _graph;
    private readonly Dictionary<string, Matrix<float>> _values = [];
    private readonly Rearrangement _rearrangement;
    private readonly LayerNodes _nodes;

    private NetworkExport(Model<float> model, OnnxExportOptions options)
    {
        _options = options;
        _graph = new(options.OperatorSet);
        foreach (var parameter in model.Parameters)
            _values.Add(parameter.Name, parameter.Value);
        foreach (var buffer in model.Buffers)
            _values.Add(buffer.Name, buffer.Value);
        _rearrangement = new(_graph);
        _nodes = new(_graph, _rearrangement, _values);
    }

    /// <summary>The graph of a model.</summary>
    /// <exception cref="OnnxUnsupportedException">A layer has no exporter.</exception>
    public static GraphMessage Of(Model<float> model, OnnxExportOptions options)
    {
        var export = new NetworkExport(model, options);
        export._graph.Graph.Name = options.GraphName;
        Activation input = export.Input(model.InputShape);
        if (options.Normalization is { } normalization)
            input = export.Normalize(input, normalization);
        Activation scores = export.Layer(model.Network, new("", model.Network.Kind), input);
        export.End(scores, input);
        return export._graph.Graph;
    }

    private Activation Input(Shape shape)
    {
        var input = new Activation(_options.InputName, shape, shape.Rank == 3 && _options.Order == PixelOrder.Planar ? shape : null);
        _graph.Input(input.Name, input.Extents, shape.Rank != 3 ? 0 : input.Planar is null ? 3 : 1);
        return input;
    }

    private Activation Normalize(Activation input, Normalization normalization)
    {
        if (normalization.Features != input.Shape.Count)
        {
            throw new ArgumentException(
                $"The normalization has an element for each of the {input.Shape.Count} features; found {normalization.Features}.");
        }
        string mean = Features(Mean, [.. normalization.Mean.Select(value => (float)value)]);
        string deviation = Features(
            StandardDeviation, [.. normalization.StandardDeviation.Select(value => (float)value)]);
        string centered = _graph.Node("Sub", "normalization/centered", [input.Name, mean], input.Extents);
        return input with { Name = _graph.Node("Div", "normalization/scaled", [centered, deviation], input.Extents) };

        string Features(string name, float[] numbers)
        {
            bool isOne = numbers.AsSpan().IndexOfAnyExcept(numbers[0]) < 0;
            return isOne
                ? _graph.Floats(name, [], [numbers[0]])
                : _graph.Floats(name, [.. input.Extents.Select(extent => (long)extent)], input.Arrange(numbers));
        }
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

    private void End(Activation scores, Activation input)
    {
        if (_options.Ending == OnnxEnding.Sigmoid)
            scores = scores with { Name = _graph.Node("Sigmoid", "ending", [scores.Name], scores.Extents) };
        else if (_options.Ending != OnnxEnding.None)
        {
            scores = _rearrangement.Vector(scores, "ending/flatten");
            string @operator = _options.Ending == OnnxEnding.Softmax ? "Softmax" : "LogSoftmax";
            string name = _graph.Node(@operator, "ending", [scores.Name], scores.Extents, AttributeMessage.Of("axis", -1));
            scores = scores with { Name = name };
        }
        scores = scores.Shape.Rank == 3 && _options.Order == PixelOrder.Planar
            ? _rearrangement.ChannelsFirst(scores)
            : _rearrangement.ChannelsLast(scores);
        if (scores.Name == input.Name)
            scores = scores with { Name = _graph.Node("Identity", "identity", [scores.Name], scores.Extents) };
        _graph.Output(scores.Name, _options.OutputName, scores.Extents);
    }
}
