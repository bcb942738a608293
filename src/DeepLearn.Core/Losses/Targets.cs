using System.Numerics;
using DeepLearn.Tensors;

namespace DeepLearn.Losses;

/// <summary>
/// What a network is to predict for a batch: one class label for each example, or one row of numbers. It lives on the stack and copies
/// nothing.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <example><code>
/// Targets&lt;float&gt; classes = Targets&lt;float&gt;.FromLabels([0, 2, 1]);
/// Targets&lt;float&gt; numbers = Targets&lt;float&gt;.FromValues(Matrix&lt;float&gt;.FromArray(new float[,] { { 1.5f }, { 2 }, { 0 } }));
/// </code></example>
public readonly ref struct Targets<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private Targets(ReadOnlySpan<int> labels, ReadOnlyMatrixView<T> values, bool areLabels, ReadOnlySpan<double> weights = default)
    {
        Labels = labels;
        Values = values;
        AreLabels = areLabels;
        Weights = weights;
    }

    /// <summary>Whether these are labels.</summary>
    public bool AreLabels { get; }

    /// <summary>The class of each example, from 0; empty where these are not labels.</summary>
    public ReadOnlySpan<int> Labels { get; }

    /// <summary>
    /// A row for each example, <c>[batch, outputs]</c>: probabilities of the classes, or real numbers; empty where these are labels.
    /// </summary>
    public ReadOnlyMatrixView<T> Values { get; }

    /// <summary>How much each example counts, at least 0 and finite; empty where each counts 1.</summary>
    public ReadOnlySpan<double> Weights { get; }

    /// <summary>The number of examples.</summary>
    public int Count => AreLabels ? Labels.Length : Values.Rows;

    /// <summary>Class labels.</summary>
    /// <param name="labels">The class of each example, from 0.</param>
    public static Targets<T> FromLabels(ReadOnlySpan<int> labels) => new(labels, default, true);

    /// <summary>Rows of numbers.</summary>
    /// <param name="values">A row for each example, <c>[batch, outputs]</c>.</param>
    public static Targets<T> FromValues(ReadOnlyMatrixView<T> values) => new(default, values, false);

    /// <summary>The same targets with a weight for each example.</summary>
    /// <param name="weights">The weights, finite and at least 0; empty for 1 each.</param>
    public Targets<T> WithWeights(ReadOnlySpan<double> weights) => new(Labels, Values, AreLabels, weights);

    /// <summary>The targets of consecutive examples.</summary>
    /// <param name="first">The first example.</param>
    /// <param name="count">The number of examples.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many.</exception>
    public Targets<T> Slice(int first, int count) => new(
        AreLabels ? Labels.Slice(first, count) : default,
        AreLabels ? default : Values.SliceRows(first, count),
        AreLabels,
        Weights.IsEmpty ? default : Weights.Slice(first, count));
}
