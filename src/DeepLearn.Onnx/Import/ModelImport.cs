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
    private const int LeastOperatorSet = 6;
    private const int LatestOperatorSet = 24;

    /// <summary>The model of a file.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="source">What it is, for messages.</param>
    /// <param name="folder">Where it is; null if it is no file.</param>
    /// <param name="options">How.</param>
    public static OnnxImport<T> Read<T>(Stream stream, string source, string? folder, OnnxImportOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        long start = stream.CanSeek ? stream.Position : -1;
        try
        {
            return Read<T>(ModelMessage.Read(stream), folder, options);
        }
        catch (Exception exception) when (
            exception is InvalidDataException or OnnxUnsupportedException && start >= 0 && IsSafetensors(stream, start))
        {
            throw new InvalidDataException(
                $"{source} is no ONNX file, but one in the format safetensors, as model.Save writes: Model.Load<float>(path) reads it.",
                exception);
        }
        catch (InvalidDataException exception)
        {
            throw new InvalidDataException($"{source}: {exception.Message}", exception);
        }
        catch (OnnxUnsupportedException exception)
        {
            throw new OnnxUnsupportedException(source, exception);
        }
    }

    /// <summary>Whether there are a length of eight bytes and a header in JSON, as safetensors begins.</summary>
    private static bool IsSafetensors(Stream stream, long start)
    {
        Span<byte> beginning = stackalloc byte[10];
        stream.Position = start;
        return stream.ReadAtLeast(beginning, beginning.Length, throwOnEndOfStream: false) == beginning.Length
            && beginning[4..] is [0, 0, 0, 0, (byte)'{', (byte)'"' or (byte)'}'];
    }

    private static OnnxImport<T> Read<T>(ModelMessage message, string? folder, OnnxImportOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        GraphMessage graph = message.Graph ?? throw new InvalidDataException("Expected a model with a graph; found none.");
        int operatorSet = OperatorSetOf(message);
        if (message.Functions > 0)
            throw new OnnxUnsupportedException($"Expected operators of ONNX's own; found {message.Functions} functions of the file's own.");
        Dictionary<string, string> texts =
            message.Texts.GroupBy(text => text.Key).ToDictionary(group => group.Key, group => group.Last().Value);
        var tensors = new TensorReading(new(folder), options.MayRound, typeof(T) == typeof(double));
        var notes = new List<string>();
        (ModelCard Card, OnnxEnding Ending, HashSet<string> Steps)? kept = options.GraphAlone ? null : KeptCard.Read(texts);
        OnnxImport<T> import;
        FileSteps steps;
        string? difference = null;
        bool isSpecified = false;
        if (!options.GraphAlone
            && SpecifiedImport.TryRead<T>(message, operatorSet, texts, options, tensors, out difference) is { } specified)
        {
            isSpecified = true;
            steps = specified.Steps;
            import = new(specified.Model)
            {
                InputOrder = specified.Order,
                InputName = graph.Inputs[0].Name,
                OutputName = graph.Outputs[0].Name,
            };
        }
        else
        {
            if (difference is not null)
                notes.Add($"The graph is not that of the file's specification, and the network is made of the graph: {difference}.");
            (import, steps) = OfGraph<T>(graph, operatorSet, message.ProducerName, kept?.Ending, options, tensors, notes);
        }
        if (import is { InputOrder: PixelOrder.Planar, Model.InputShape: { Rank: 3 } shape })
            notes.Add($"The file takes images planar, [channels, height, width]; the model takes them channels last, {shape}.");
        if (kept is not null)
            steps = KeptCard.WithDigits(steps, kept.Value.Card);
        import.Model.Card = kept is not null && KeptCard.TryGive(import.Model, kept.Value.Card, kept.Value.Steps, steps, isSpecified, notes)
            is { } card ? card : KeptCard.OfGraph(import, steps);
        return new(import.Model)
        {
            Normalization = steps.Normalization,
            Temperature = steps.Temperature,
            TargetScaling = steps.TargetScaling,
            Ending = steps.Ending,
            InputOrder = import.InputOrder,
            InputName = import.InputName,
            OutputName = import.OutputName,
            Producer = message.ProducerVersion.Length > 0 ? $"{message.ProducerName} {message.ProducerVersion}" : message.ProducerName,
            OperatorSet = operatorSet,
            Texts = texts.Where(text => !text.Key.StartsWith(OwnTexts.Prefix, StringComparison.Ordinal)).ToDictionary(),
            Notes = ValueList.Create<string>(notes.ToArray()),
        };
    }

    private static (OnnxImport<T> Import, FileSteps Steps) OfGraph<T>(
        GraphMessage graph,
        int operatorSet,
        string producer,
        OnnxEnding? kept,
        OnnxImportOptions options,
        TensorReading tensors,
        List<string> notes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        GraphImport import = GraphImport.Of(graph, operatorSet, producer, options, tensors);
        var end = OwnEnd.Of(import, producer == OnnxModel.Producer, kept == OnnxEnding.Sigmoid);
        Normalization? normalization = new AffineFusion(import, end).Run();
        (Step output, OnnxEnding ending) = EndingOf(import, end, options);
        List<Piece> pieces = new Assembly(import.Steps, import.Notes).Between(import.Input, output);
        if (pieces.Count == 0)
            throw new OnnxUnsupportedException("Expected a graph with at least one layer; found none.");
        var network = new Sequential([.. pieces.Select(piece => piece.Layer)]);
        notes.AddRange(import.Notes);
        var read = new OnnxImport<T>(Build<T>(network, import.Input.Shape, pieces))
        {
            ClassNames = import.ClassNames,
            InputOrder = import.InputOrder,
            InputName = import.InputName,
            OutputName = import.OutputName,
        };
        return (read, new()
        {
            Normalization = normalization,
            Temperature = end.Temperature,
            TargetScaling = end.Targets,
            Ending = ending,
        });
    }

    private static int OperatorSetOf(ModelMessage message)
    {
        OperatorSetMessage[] own = [.. message.OperatorSets.Where(set => set.Domain is "" or "ai.onnx")];
        if (own.Length == 0 && message.OperatorSets.Count > 0)
        {
            throw new OnnxUnsupportedException(
                "Expected operators of ONNX's own; found those of "
                + $"{string.Join(", ", message.OperatorSets.Select(set => set.Domain))} alone.");
        }
        if (own.Length == 0)
            throw new InvalidDataException("Expected the version of ONNX's operators; found none.");
        long version = own[^1].Version;
        return version is >= LeastOperatorSet and <= LatestOperatorSet
            ? (int)version
            : throw new OnnxUnsupportedException($"Expected operator set {LeastOperatorSet} to {LatestOperatorSet}; found {version}.");
    }

    /// <summary>What the graph does at its end, and the step before that.</summary>
    private static (Step Output, OnnxEnding Ending) EndingOf(GraphImport import, OwnEnd end, OnnxImportOptions options)
    {
        Step step = import.Output.Step.Resolved;
        OnnxEnding ending = step switch
        {
            { Kind: StepKind.Softmax or StepKind.MeanProbabilities } => OnnxEnding.Softmax,
            { Kind: StepKind.LogSoftmax } => OnnxEnding.LogSoftmax,
            { Kind: StepKind.TwoClasses } => OnnxEnding.Sigmoid,
            { Layer: Sigmoid } when options.EndsBeforeSigmoid || end.IsSigmoid => OnnxEnding.Sigmoid,
            _ => OnnxEnding.None,
        };
        Step output = step;
        if (ending != OnnxEnding.None && step.Kind != StepKind.MeanProbabilities)
            output = step.Parents[0].Resolved;
        while (end.Has(output))
            output = output.Parents[0].Resolved;
        if (ending != OnnxEnding.None)
            import.Notes.Add($"The file ends in {ending}, node '{step.Node}': the model gives what is before it, the scores (logits).");
        else if (step.Layer is Sigmoid)
        {
            import.Notes.Add(
                $"The file ends in a sigmoid, node '{step.Node}', which is the model's last layer; "
                + $"{nameof(OnnxImportOptions.EndsBeforeSigmoid)} leaves it out.");
        }
        if (end.Temperature != 1)
            import.Notes.Add($"The file divides scores by {end.Temperature:r}, the temperature of the model's card; the model does not.");
        if (end.Targets is not null)
        {
            import.Notes.Add(
                "The file brings the outputs to the units of the targets, by the scaling on the model's card; the model does not.");
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
