using DeepLearn.Layers;

namespace DeepLearn.Onnx.Import;

/// <content>
/// A layer normalization as single operators, which is how PyTorch writes it for operator sets below 17: <c>(x - mean(x)) / sqrt(mean((x -
/// mean(x))^2) + epsilon)</c>. A scale and a shift that follow are fused into it.
/// </content>
internal sealed partial class GraphImport
{
    /// <summary>What an operator makes of a part of a layer normalization; null if it is none.</summary>
    private object? OfMoment(NodeReader node)
    {
        object? first = node.InputCount > 0 ? node.TryInput(0) : null, second = node.InputCount > 1 ? node.TryInput(1) : null;
        if (first is not Moment && second is not Moment)
            return null;
        switch (node.Operator, first, second)
        {
            case ("Sub", Value value, Moment { Kind: MomentKind.Mean } mean) when value == mean.Of:
                return mean with { Kind = MomentKind.Centered };
            case ("Pow", Moment { Kind: MomentKind.Centered } centered, Tensor { IsScalar: true } exponent) when exponent.Elements[0] == 2:
                return centered with { Kind = MomentKind.Squared };
            case ("Mul", Moment { Kind: MomentKind.Centered } centered, Moment) when centered == second as Moment:
                return centered with { Kind = MomentKind.Squared };
            case ("ReduceMean", Moment { Kind: MomentKind.Squared } squared, _) when IsLastAxis(node, squared.Of):
                return squared with { Kind = MomentKind.Variance };
            case ("Add", Moment { Kind: MomentKind.Variance } variance, Tensor { IsScalar: true } epsilon):
                return variance with { Epsilon = variance.Epsilon + NodeReader.Shortest((float)epsilon.Elements[0]) };
            case ("Sqrt", Moment { Kind: MomentKind.Variance } variance, _):
                return variance with { Kind = MomentKind.StandardDeviation };
            case ("Div", Moment { Kind: MomentKind.Centered } centered, Moment { Kind: MomentKind.StandardDeviation } deviation)
                when centered.Of == deviation.Of:
                return Normalized(node, centered.Of, deviation.Epsilon);
            default:
                throw node.Refuse("the nodes around a mean over the last axis are not those of a layer normalization");
        }
    }

    /// <summary>The mean over the last axis, which begins a layer normalization; null if another mean is meant.</summary>
    private static Moment? MeanOfLastAxis(NodeReader node, Value input) => IsLastAxis(node, input) ? new(MomentKind.Mean, input) : null;

    private static bool IsLastAxis(NodeReader node, Value input)
    {
        long[]? axes = AxesOf(node);
        int last = input.Extents.Length;
        return axes is { Length: 1 } && (axes[0] == -1 || axes[0] == last) && node.Whole("keepdims", 1) != 0
            && (input.IsVector || (input.Planar is null && input.Shape.Rank == input.Extents.Length));
    }

    private Value Normalized(NodeReader node, Value input, double epsilon)
    {
        var scale = new double[input.Extents[^1]];
        Array.Fill(scale, 1);
        return AddLayer(
            node, new LayerNorm { Epsilon = epsilon }, input, input.Extents, input.Planar, scale, new double[scale.Length]);
    }
}
