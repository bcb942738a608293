using DeepLearn.Layers;
using DeepLearn.Tensors;

namespace DeepLearn.Onnx.Import;

/// <summary>
/// A computation of the graph for each example, in the library's terms: most steps become a layer. Steps form a graph of their own, from
/// which layers are assembled at the end.
/// </summary>
internal sealed class Step
{
    /// <summary>A step.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="node">The node that it stands for, for messages.</param>
    /// <param name="operator">The node's operator.</param>
    /// <param name="shape">The shape of an example after it, channels last.</param>
    /// <param name="parents">What it reads.</param>
    public Step(StepKind kind, string node, string @operator, Shape shape, params Step[] parents)
    {
        Kind = kind;
        Node = node;
        Operator = @operator;
        Shape = shape;
        Parents = parents;
        foreach (Step parent in parents)
            parent.Uses++;
    }

    public StepKind Kind { get; }

    public string Node { get; }

    public string Operator { get; }

    /// <summary>The shape; that of the input may change until it is first used.</summary>
    public Shape Shape { get; set; }

    public Step[] Parents { get; }

    /// <summary>How many steps read it; the output counts too.</summary>
    public int Uses { get; set; }

    /// <summary>The layer; for an element-wise function that no layer computes, and for a sum, null.</summary>
    public Layer? Layer { get; set; }

    /// <summary>The numbers of the layer's parameters, in their order.</summary>
    public List<double[]> Parameters { get; } = [];

    /// <summary>The numbers of the layer's buffers, in their order.</summary>
    public List<double[]> Buffers { get; } = [];

    /// <summary>Whether the layer is an average over a whole image, which a flattening makes a <see cref="GlobalAveragePool"/>.</summary>
    public bool IsGlobal { get; init; }

    /// <summary>What it does to each element, where it is a function of one number.</summary>
    public Func<double, double>? Function { get; init; }

    /// <summary>What it does to two elements, where it is a function of two.</summary>
    public Func<double, double, double>? Function2 { get; init; }

    /// <summary>For <see cref="StepKind.Affine"/>: the factors, of all elements, of each channel, or of each feature.</summary>
    public double[]? Factors { get; init; }

    /// <summary>For a division: what it divides by, whose inverses the factors are. Null for others.</summary>
    public double[]? Divisors { get; init; }

    /// <summary>For <see cref="StepKind.Affine"/>: what is added, as many.</summary>
    public double[]? Terms { get; init; }

    /// <summary>Whether it works on each element alone, by a function that is known.</summary>
    public bool IsElementwise => Function is not null || Function2 is not null;

    /// <summary>Whether it multiplies what it reads by itself.</summary>
    public bool IsSquare => Kind == StepKind.Pair
        ? Operator == "Mul" && Parents[0] == Parents[1]
        : Kind == StepKind.Function && Operator == "Pow" && Function!(3) == 9;

    /// <summary>The place in an order in which they can be computed.</summary>
    public int Position { get; set; }

    /// <summary>The step itself or, where it was fused into another, that one.</summary>
    public Step Resolved => Fused is null ? this : Fused.Resolved;

    /// <summary>The step that does its work too; null if there is none.</summary>
    public Step? Fused { get; set; }

    /// <summary>The node and its operator, for messages.</summary>
    public override string ToString() => $"'{Node}' ({Operator})";
}
