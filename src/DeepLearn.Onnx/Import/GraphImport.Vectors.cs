using DeepLearn.Layers;
using DeepLearn.Onnx.Export;
using DeepLearn.Tensors;

namespace DeepLearn.Onnx.Import;

/// <content>Dense layers, normalizations and endings.</content>
internal sealed partial class GraphImport
{
    private Value Gemm(NodeReader node)
    {
        Value input = node.Example(0);
        Tensor weights = node.Fixed(1, "weights");
        Tensor? biases = node.TryFixed(2, "biases");
        double alpha = node.Number("alpha", 1), beta = node.Number("beta", 1);
        node.Require("transA", 0, "examples in rows");
        bool isTransposed = node.Whole("transB", 0) != 0;

        // Operator set 6 says so for biases, which any later one has to spread anyway.
        node.Ignore("broadcast");
        if (weights.Extents.Length != 2)
            throw node.Refuse($"expected weights [inputs, outputs]; found {weights}");
        if (!input.IsVector)
            throw node.Refuse($"expected vectors [batch, features]; found {input.Text}");
        weights = isTransposed ? weights.Transposed() : weights;
        if (alpha != 1)
            weights = weights with { Elements = [.. weights.Elements.Select(weight => alpha * weight)] };
        if (biases is not null)
        {
            int outputs = weights.Extents[1];
            bool fits = biases.Elements.Length == 1 || (biases.Elements.Length == outputs && biases.Extents[^1] == outputs);
            if (!fits)
                throw node.Refuse($"expected {outputs} biases; found {biases}");
            var spread = new double[outputs];
            for (int i = 0; i < outputs; i++)
                spread[i] = beta * biases.Elements[biases.Elements.Length == 1 ? 0 : i];
            biases = new([outputs], spread);
        }
        return Dense(node, input, weights, biases);
    }

    private object MatMul(NodeReader node)
    {
        Value input = node.Example(0);
        Tensor weights = node.Fixed(1, "weights");
        if (weights.Extents.Length != 2)
            throw node.Refuse($"expected weights [inputs, outputs]; found {weights}");
        if (input.IsVector)
            return Dense(node, input, weights, null);
        if (input is { Extents.Length: 3, Planar: null, Shape.Rank: 3 } && input.Extents[2] == weights.Extents[0])
        {
            RequireUnpadded(node, input);
            var layer = new Convolution2D(weights.Extents[1], 1) { HasBiases = false };
            return AddLayer(node, layer, input, [.. input.Extents[..2], weights.Extents[1]], null, weights.Elements);
        }
        throw node.Refuse($"expected vectors [batch, features], or images with the channels last; found {input.Text}");
    }

    private Value Dense(NodeReader node, Value input, Tensor weights, Tensor? biases)
    {
        if (weights.Extents[0] != input.Extents[0])
            throw node.Refuse($"expected weights for {input.Extents[0]} inputs; found {weights}");
        var layer = new Dense(weights.Extents[1]) { HasBiases = biases is not null };
        double[] arranged = input.Arrange(weights.Elements);
        return AddLayer(node, layer, input, [weights.Extents[1]], null, biases is null ? [arranged] : [arranged, biases.Elements]);
    }

    private Value BatchNormalization(NodeReader node)
    {
        Value input = node.Example(0);
        double epsilon = node.Number("epsilon", 1e-5), momentum = node.Number("momentum", 0.9);
        node.Require("training_mode", 0, "inference");
        node.Require("spatial", 1, "a mean for each channel");
        if (node.OperatorSet < 7)
            RequireInference(node);
        if (node.OutputCount > 1)
            throw node.Refuse("expected inference, with one output; found outputs of training");
        if (!input.IsVector && !input.IsPlanarImage)
            throw node.Refuse($"expected vectors [batch, features] or images [batch, channels, height, width]; found {Described(input)}");
        RequireUnpadded(node, input);
        int channels = input.Extents[0];
        double[][] numbers = [Channels(1, "scale"), Channels(2, "shift"), Channels(3, "mean"), Channels(4, "variance")];
        if (!(momentum >= 0 && momentum < 1))
        {
            Notes.Add($"Node '{node.Name}' has a momentum of {momentum}, which matters in training alone; it became 0.9.");
            momentum = 0.9;
        }
        Value output = AddLayer(
            node, new BatchNorm { Epsilon = epsilon, Momentum = momentum }, input, input.Extents, input.Planar, numbers[0], numbers[1]);
        output.Step.Buffers.AddRange(numbers[2..]);
        return output;

        double[] Channels(int index, string what)
        {
            Tensor tensor = node.Fixed(index, what);
            if (tensor.Extents.Length != 1 || tensor.Elements.Length != channels)
                throw node.Refuse($"expected a {what} for each of {channels} channels; found {tensor}");
            return input.IsVector ? input.Arrange(tensor.Elements) : tensor.Elements;
        }
    }

    private Value LayerNormalization(NodeReader node)
    {
        Value input = node.Example(0);
        double epsilon = node.Number("epsilon", 1e-5);
        long axis = node.Whole("axis", -1);
        node.Require("stash_type", 1, "moments of 32 bits");
        int rank = input.Extents.Length + 1;
        bool isLast = (axis < 0 ? axis + rank : axis) == rank - 1;
        if (!isLast || (input.Extents.Length > 1 && (input.Planar is not null || input.Shape.Rank == 1)))
            throw node.Refuse($"expected a normalization over the last axis, the channels; found axis {axis} of {Described(input)}");
        RequireUnpadded(node, input);
        int channels = input.Extents[^1];
        Tensor scale = node.Fixed(1, "scale");
        Tensor? shift = node.TryFixed(2, "shift");
        if (scale.Elements.Length != channels || (shift is not null && shift.Elements.Length != channels))
            throw node.Refuse($"expected a scale and a shift for each of {channels} channels; found {scale} and {shift}");
        double[] shifts = shift?.Elements ?? new double[channels];
        bool isVector = input.Extents.Length == 1;
        return AddLayer(
            node, new LayerNorm { Epsilon = epsilon }, input, input.Extents, input.Planar,
            isVector ? input.Arrange(scale.Elements) : scale.Elements, isVector ? input.Arrange(shifts) : shifts);
    }

    private object Dropout(NodeReader node)
    {
        Value input = node.Example(0);
        double rate = node.OperatorSet < 12 ? node.Number("ratio", 0.5) : node.TryNumber(1, "the ratio") ?? 0.5;
        node.Ignore("seed");
        if (node.OperatorSet < 7)
            RequireInference(node);
        if (node.InputCount > 2 && node.TryInput(2) is not null)
            throw node.Refuse("expected inference; found an input that asks for training");
        if (node.OutputCount > 1)
            throw node.Refuse("expected one output; found the mask as a second");
        if (rate == 0)
            return input;
        RequireUnpadded(node, input);
        return AddLayer(node, new Dropout(NodeReader.Shortest((float)rate)), input, input.Extents, input.Planar);
    }

    /// <summary>Operator set 6 says whether a node is for training, and means that where it says nothing.</summary>
    private static void RequireInference(NodeReader node)
    {
        if (node.Whole("is_test", 0) == 0)
            throw node.Refuse("expected inference, is_test 1; found training");
    }

    private Value Softmax(NodeReader node, StepKind kind)
    {
        Value input = node.Example(0);
        RequireUnpadded(node, input);
        int rank = input.Extents.Length + 1;
        long axis = node.Whole("axis", node.OperatorSet < 13 ? 1 : -1);
        axis = axis < 0 ? axis + rank : axis;

        // Before version 13 all axes from this one on were one.
        bool isAll = axis >= 1 && axis < rank
            && (node.OperatorSet < 13
                ? input.Extents[..(int)(axis - 1)].All(extent => extent == 1)
                : input.Extents[(int)axis - 1] == input.Shape.Count);
        if (!isAll)
            throw node.Refuse($"expected a softmax over all outputs of an example; found axis {axis} of {input.Text}");
        return input with { Step = Add(new(kind, node.Name, node.Operator, input.Shape, input.Step)) };
    }

    /// <summary>The mean of softmaxes: what an ensemble does.</summary>
    private Value Mean(NodeReader node)
    {
        var members = new Value[node.InputCount];
        for (int i = 0; i < members.Length; i++)
            members[i] = node.Example(i);
        Value first = members.Length > 0 ? members[0] : throw node.Refuse("expected an input; found none");
        bool areAlike = Array.TrueForAll(
            members,
            member => member.Step.Kind == StepKind.Softmax && member.IsVector && member.Shape == first.Shape
                && member.Planar == first.Planar);
        if (!areAlike)
            throw node.Refuse("expected the mean of softmaxes of several networks, as an ensemble gives; found something else");
        Step[] scores = [.. members.Select(member => member.Step.Parents[0])];
        return first with { Step = Add(new(StepKind.MeanProbabilities, node.Name, node.Operator, first.Shape, scores)) };
    }

    /// <summary>The mean's logarithm, or the mean held above the smallest float; null for what is neither.</summary>
    private Value? OfMean(NodeReader node, Value input)
    {
        if (input.Step.Kind != StepKind.MeanProbabilities)
            return null;
        if (node.Operator == "Clip")
        {
            (double least, double most) = Bounds(node);
            return least <= EnsembleNodes.Smallest && most >= 1
                ? input
                : throw node.Refuse($"expected no bound that probabilities reach; found {least}");
        }
        return node.Operator == "Log"
            ? input with { Step = Add(new(StepKind.Ensemble, node.Name, node.Operator, input.Shape, input.Step.Parents)) }
            : null;
    }
}
