using System.Numerics;
using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Models;
using DeepLearn.Onnx.Messages;
using DeepLearn.Tensors;

namespace DeepLearn.Onnx.Import;

/// <summary>Makes a model of a file.</summary>
internal static class ModelImport
{
    private const int LeastOperatorSet = 7;
    private const int LatestOperatorSet = 24;

    /// <summary>The model of a file.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="source">What it is, for messages.</param>
    /// <param name="folder">Where it is; null if it is no file.</param>
    /// <param name="options">How.</param>
    public static OnnxImport<T> Read<T>(ReadOnlyMemory<byte> bytes, string source, string? folder, OnnxImportOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        try
        {
            return Read<T>(ModelMessage.Read(bytes), folder, options);
        }
        catch (InvalidDataException exception)
        {
            throw new InvalidDataException($"{source}: {exception.Message}", exception);
        }
    }

    private static OnnxImport<T> Read<T>(ModelMessage message, string? folder, OnnxImportOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        GraphMessage graph = message.Graph ?? throw new InvalidDataException("Expected a model with a graph; found none.");
        int operatorSet = OperatorSetOf(message);
        if (message.Functions > 0)
            throw new OnnxUnsupportedException($"Expected operators of ONNX's own; found {message.Functions} functions of the file's own.");
        var tensors = new TensorReading(new(folder), options.MayRound, typeof(T) == typeof(double));
        GraphImport import = GraphImport.Of(graph, operatorSet, message.ProducerName, options, tensors);
        Normalization? normalization = new AffineFusion(import).Run();
        (Step output, OnnxEnding ending) = EndingOf(import, options);
        List<Piece> pieces = new Assembly(import.Steps).Between(import.Input, output);
        if (pieces.Count == 0)
            throw new OnnxUnsupportedException("Expected a graph with at least one layer; found none.");
        var network = new Sequential([.. pieces.Select(piece => piece.Layer)]);
        if (import.InputOrder == PixelOrder.Planar && import.Input.Shape.Rank == 3)
        {
            import.Notes.Add(
                $"The file takes images planar, [channels, height, width]; the model takes them channels last, {import.Input.Shape}.");
        }
        return new(Build<T>(network, import.Input.Shape, pieces))
        {
            Normalization = normalization,
            Ending = ending,
            InputOrder = import.InputOrder,
            InputName = import.InputName,
            OutputName = import.OutputName,
            Producer = message.ProducerVersion.Length > 0 ? $"{message.ProducerName} {message.ProducerVersion}" : message.ProducerName,
            OperatorSet = operatorSet,
            Texts = message.Texts.GroupBy(text => text.Key).ToDictionary(group => group.Key, group => group.Last().Value),
            Notes = ValueList.Create<string>(import.Notes.ToArray()),
        };
    }

    private static int OperatorSetOf(ModelMessage message)
    {
        OperatorSetMessage[] own = [.. message.OperatorSets.Where(set => set.Domain is "" or "ai.onnx")];
        if (own.Length == 0)
            throw new InvalidDataException("Expected the version of ONNX's operators; found none.");
        long version = own[^1].Version;
        return version is >= LeastOperatorSet and <= LatestOperatorSet
            ? (int)version
            : throw new OnnxUnsupportedException($"Expected operator set {LeastOperatorSet} to {LatestOperatorSet}; found {version}.");
    }

    /// <summary>What the graph does at its end, and the step before that.</summary>
    private static (Step Output, OnnxEnding Ending) EndingOf(GraphImport import, OnnxImportOptions options)
    {
        Step step = import.Output.Step.Resolved;
        OnnxEnding ending = step switch
        {
            { Kind: StepKind.Softmax or StepKind.MeanProbabilities } => OnnxEnding.Softmax,
            { Kind: StepKind.LogSoftmax } => OnnxEnding.LogSoftmax,
            { Layer: Sigmoid } when options.EndsBeforeSigmoid => OnnxEnding.Sigmoid,
            _ => OnnxEnding.None,
        };
        Step output = step;
        if (ending != OnnxEnding.None && step.Kind != StepKind.MeanProbabilities)
            output = step.Parents[0].Resolved;
        if (ending != OnnxEnding.None)
            import.Notes.Add($"The file ends in {ending}, node '{step.Node}': the model gives what is before it, the scores (logits).");
        else if (step.Layer is Sigmoid)
        {
            import.Notes.Add(
                $"The file ends in a sigmoid, node '{step.Node}', which is the model's last layer; "
                + $"{nameof(OnnxImportOptions.EndsBeforeSigmoid)} leaves it out.");
        }
        if (!import.Output.IsMoved || output.Shape.Rank == 3)
            return (output, ending);
        if (output.Layer is Flatten && ending == OnnxEnding.None)
        {
            import.Notes.Add(
                "The file makes a vector of planar images at its end; the model gives the images, channels last, "
                + $"{output.Parents[0].Shape}.");
            return (output.Parents[0].Resolved, ending);
        }
        throw new OnnxUnsupportedException(
            step.Node,
            step.Operator,
            "the outputs are in the order of planar images, which the library's are not; expected a vector or images.");
    }

    private static Model<T> Build<T>(Sequential network, Shape input, List<Piece> pieces)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Model<T> model;
        try
        {
            model = network.Build<T>(input, 0);
        }
        catch (ArgumentException exception)
        {
            throw new OnnxUnsupportedException($"The library does not build the network of the file: {exception.Message}");
        }
        Fill(
            [.. model.Parameters.Select(parameter => (parameter.Name, parameter.Value))],
            [.. pieces.SelectMany(piece => piece.Parameters)]);
        Fill([.. model.Buffers.Select(buffer => (buffer.Name, buffer.Value))], [.. pieces.SelectMany(piece => piece.Buffers)]);
        return model;
    }

    private static void Fill<T>((string Name, Matrix<T> Value)[] to, double[][] numbers)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (to.Length != numbers.Length)
            throw new OnnxUnsupportedException($"The network has {to.Length} parameters; found numbers for {numbers.Length}.");
        for (int i = 0; i < to.Length; i++)
        {
            Span<T> elements = to[i].Value.AsSpan();
            if (elements.Length != numbers[i].Length)
                throw new OnnxUnsupportedException($"Parameter {to[i].Name} is {to[i].Value}; found {numbers[i].Length} numbers.");
            for (int j = 0; j < elements.Length; j++)
                elements[j] = T.CreateTruncating(numbers[i][j]);
        }
    }
}
