using System.Numerics;
using DeepLearn.Tensors;

namespace DeepLearn.Training.Metrics;

/// <summary>
/// The runtime of a <see cref="Metric"/>: it takes batch after batch and allocates nothing in doing so. One caller at a time.
/// </summary>
/// <remarks>
/// What it holds are exact sums, so that neither the order of the batches, nor how they are cut, nor how several accumulators' shares are
/// merged changes the value. The class that outputs predict is the one with the largest of them, the first of equals; a NaN counts as
/// less than every number.
/// </remarks>
public abstract class MetricAccumulator
{
    /// <summary>An accumulator at the beginning.</summary>
    /// <param name="classes">The number of classes, at least 2.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="classes"/> is below 2.</exception>
    protected MetricAccumulator(int classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 2);
        Classes = classes;
    }

    /// <summary>The number of classes.</summary>
    public int Classes { get; }

    /// <summary>The number of examples taken.</summary>
    public long Count { get; private set; }

    /// <summary>The measure of the examples taken; NaN where there are none.</summary>
    public double Value => Count == 0 ? double.NaN : ComputeValue();

    /// <summary>Takes a batch.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="outputs">The network's outputs, <c>[batch, classes]</c>.</param>
    /// <param name="labels">The class of each example.</param>
    /// <exception cref="ArgumentException">The shapes or labels do not fit. Nothing has been taken then.</exception>
    public void Add<T>(ReadOnlyMatrixView<T> outputs, ReadOnlySpan<int> labels)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (outputs.Columns != Classes)
            throw new ArgumentException($"The outputs are of {Classes} classes; found {outputs.ToString()}.", nameof(outputs));
        if (outputs.Rows != labels.Length)
            throw new ArgumentException($"{outputs.Rows} outputs need as many labels; found {labels.Length}.", nameof(labels));
        for (int i = 0; i < labels.Length; i++)
        {
            if ((uint)labels[i] >= (uint)Classes)
                throw new ArgumentException($"A label is from 0 to {Classes - 1}; found {labels[i]} at example {i}.", nameof(labels));
        }
        for (int row = 0; row < outputs.Rows; row++)
            AddExample(outputs.Row(row), labels[row]);
        Count += labels.Length;
    }

    /// <summary>Takes what another accumulator of the same metric has taken.</summary>
    /// <param name="other">The other one, which is left as it is.</param>
    /// <exception cref="ArgumentException">It is of another metric or another number of classes. Nothing has been taken then.</exception>
    public void Merge(MetricAccumulator other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.Classes != Classes || !TryMerge(other))
            throw new ArgumentException($"Only the same metric of {Classes} classes can be merged; found {other} of {other.Classes}.");
        Count += other.Count;
    }

    /// <summary>Forgets all examples.</summary>
    public void Reset()
    {
        Count = 0;
        ResetSums();
    }

    /// <summary>Takes one example.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="outputs">Its outputs, one for each class.</param>
    /// <param name="label">Its class.</param>
    protected abstract void AddExample<T>(ReadOnlySpan<T> outputs, int label)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>Adds another accumulator's sums to its own.</summary>
    /// <param name="other">An accumulator of as many classes.</param>
    /// <returns>Whether that one is of the same kind and options; nothing has been added otherwise.</returns>
    protected abstract bool TryMerge(MetricAccumulator other);

    /// <summary>Sets all sums to their beginning.</summary>
    protected abstract void ResetSums();

    /// <summary>Computes the measure of at least one example.</summary>
    protected abstract double ComputeValue();
}
