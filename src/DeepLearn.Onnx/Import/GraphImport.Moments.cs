using DeepLearn.Layers;

namespace DeepLearn.Onnx.Import;

/// <content>
/// A layer normalization as single operators. PyTorch writes it so for operator sets below 17, <c>(x - m) / sqrt(mean((x - m)^2) +
/// epsilon)</c> with the mean m; Keras multiplies by the inverse, takes the variance as <c>mean(x^2) - m^2</c>, and gathers what does not
/// depend on x: <c>x s / d + (b - m s / d)</c>. A scale and a shift that follow are fused into it.
/// </content>
internal sealed partial class GraphImport
{
    /// <summary>What an operator makes of a part of a layer normalization; null if it is none.</summary>
    private object? OfMoment(NodeReader node)
    {
        object? first = node.InputCount > 0 ? node.TryInput(0) : null, second = node.InputCount > 1 ? node.TryInput(1) : null;
        if (first is not Moment && second is not Moment)
            return null;
        object? result = (first, second) switch
        {
            (Moment one, null) => OfOneMoment(node, one),
            (Moment one, Moment other) when one.Of == other.Of => OfTwoMoments(node, one, other),
            (Moment one, Tensor tensor) => OfMomentAndNumbers(node, one, tensor, false),
            (Tensor tensor, Moment one) => OfMomentAndNumbers(node, one, tensor, true),
            (Value value, Moment { Kind: MomentKind.Mean } mean) when node.Operator == "Sub" && value == mean.Of =>
                mean with { Kind = MomentKind.Centered },
            (Value value, Moment { Kind: MomentKind.InverseDeviation } inverse) when node.Operator == "Mul" && value == inverse.Of =>
                inverse with { Kind = MomentKind.Scaled },
            (Moment { Kind: MomentKind.InverseDeviation } inverse, Value value) when node.Operator == "Mul" && value == inverse.Of =>
                inverse with { Kind = MomentKind.Scaled },
            _ => null,
        };
        return result ?? throw node.Refuse("the nodes around a mean over the last axis are not those of a layer normalization");
    }

    private static Moment? OfOneMoment(NodeReader node, Moment one) => (node.Operator, one.Kind) switch
    {
        ("Identity", _) => one,
        ("Cast", _) => (Moment)Cast(node),
        ("Neg", MomentKind.Mean) => one with { Kind = MomentKind.NegatedMean },
        ("Neg", MomentKind.ScaledMean) => one with { Kind = MomentKind.Offset },
        ("ReduceMean", MomentKind.Squared) when IsLastAxis(node, one.Of) => one with { Kind = MomentKind.Variance },
        ("Sqrt", MomentKind.Variance) => one with { Kind = MomentKind.StandardDeviation },
        ("Reciprocal", MomentKind.StandardDeviation) => one with { Kind = MomentKind.InverseDeviation },
        _ => null,
    };

    /// <summary>Two parts of one normalization.</summary>
    private object? OfTwoMoments(NodeReader node, Moment one, Moment other) => (node.Operator, one.Kind, other.Kind) switch
    {
        ("Mul", MomentKind.Centered, MomentKind.Centered) => one with { Kind = MomentKind.Squared },
        ("Mul", MomentKind.Mean, MomentKind.Mean) => one with { Kind = MomentKind.SquaredMean },
        ("Sub", MomentKind.MeanOfSquares, MomentKind.SquaredMean) => one with { Kind = MomentKind.Variance },
        ("Div", MomentKind.Centered, MomentKind.StandardDeviation) => Normalized(node, other),
        ("Mul", MomentKind.Centered, MomentKind.InverseDeviation) => Normalized(node, other),
        ("Mul", MomentKind.InverseDeviation, MomentKind.Centered) => Normalized(node, one),
        ("Mul", MomentKind.Mean, MomentKind.InverseDeviation) => other with { Kind = MomentKind.ScaledMean },
        ("Mul", MomentKind.InverseDeviation, MomentKind.Mean) => one with { Kind = MomentKind.ScaledMean },
        ("Mul", MomentKind.NegatedMean, MomentKind.InverseDeviation) => other with { Kind = MomentKind.Offset },
        ("Mul", MomentKind.InverseDeviation, MomentKind.NegatedMean) => one with { Kind = MomentKind.Offset },
        ("Sub", MomentKind.Scaled, MomentKind.ScaledMean) when AreAlike(one, other) => Normalized(node, one),
        ("Add", MomentKind.Scaled, MomentKind.Offset) when AreAlike(one, other) => Normalized(node, other),
        ("Add", MomentKind.Offset, MomentKind.Scaled) when AreAlike(one, other) => Normalized(node, one),
        _ => null,
    };

    private static object? OfMomentAndNumbers(NodeReader node, Moment one, Tensor tensor, bool isReversed)
    {
        double? number = tensor.IsScalar ? tensor.Elements[0] : null;
        switch (node.Operator, one.Kind)
        {
            // Since operator set 18, the axes are an input.
            case ("ReduceMean", _) when !isReversed:
                return OfOneMoment(node, one);
            case ("Pow", MomentKind.Centered) when !isReversed && number == 2:
                return one with { Kind = MomentKind.Squared };
            case ("Pow", MomentKind.Mean) when !isReversed && number == 2:
                return one with { Kind = MomentKind.SquaredMean };
            case ("Pow", MomentKind.Variance) when !isReversed && number == 0.5:
                return one with { Kind = MomentKind.StandardDeviation };
            case ("Pow", MomentKind.Variance) when !isReversed && number == -0.5:
                return one with { Kind = MomentKind.InverseDeviation };
            case ("Add", MomentKind.Variance) when number is { } epsilon:
                return one with { Epsilon = one.Epsilon + NodeReader.Shortest((float)epsilon) };
            case ("Div", MomentKind.StandardDeviation) when isReversed && number == 1:
                return one with { Kind = MomentKind.InverseDeviation };
            case ("Mul", MomentKind.InverseDeviation) when one.Scale is null:
                return one with { Scale = OfLastAxis(node, one, tensor) };
            case ("Sub", MomentKind.ScaledMean) when isReversed:
                return one with { Kind = MomentKind.Offset, Shift = OfLastAxis(node, one, tensor) };
            case ("Add", MomentKind.Offset) when one.Shift is null:
                return one with { Shift = OfLastAxis(node, one, tensor) };
            default:
                return null;
        }
    }

    private static bool AreAlike(Moment one, Moment other) => one.Epsilon == other.Epsilon
        && (one.Scale ?? []).AsSpan().SequenceEqual(other.Scale ?? []);

    private static double[] OfLastAxis(NodeReader node, Moment one, Tensor tensor)
    {
        int features = one.Of.Extents[^1];
        bool fits = tensor.Elements.Length == features && (features == 1 || tensor.Extents is [.., int last] && last == features);
        return fits ? tensor.Elements : throw node.Refuse($"expected a number for each of the {features} of the last axis; found {tensor}");
    }

    /// <summary>
    /// The mean over the last axis, which begins a layer normalization, or that of squares; null if another mean is meant.
    /// </summary>
    private static Moment? MeanOfLastAxis(NodeReader node, Value input)
    {
        if (!IsLastAxis(node, input))
            return null;
        return input.Step.IsSquare
            ? new(MomentKind.MeanOfSquares, input with { Step = input.Step.Parents[0] })
            : new(MomentKind.Mean, input);
    }

    private static bool IsLastAxis(NodeReader node, Value input)
    {
        long[]? axes = AxesOf(node);
        int last = input.Extents.Length;
        return axes is { Length: 1 } && (axes[0] == -1 || axes[0] == last) && node.Whole("keepdims", 1) != 0
            && (input.IsVector || (input.Planar is null && input.Shape.Rank == input.Extents.Length));
    }

    private Value Normalized(NodeReader node, Moment whole)
    {
        Value input = whole.Of;
        double[] scale = whole.Scale ?? [.. Enumerable.Repeat(1.0, input.Extents[^1])];
        return AddLayer(
            node, new LayerNorm { Epsilon = whole.Epsilon }, input, input.Extents, input.Planar, scale,
            whole.Shift ?? new double[scale.Length]);
    }
}
