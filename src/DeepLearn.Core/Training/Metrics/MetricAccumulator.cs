using System.Numerics;
using DeepLearn.Losses;
using DeepLearn.Tensors;

namespace DeepLearn.Training.Metrics;

/// <summary>
/// The runtime of a <see cref="Metric"/>: it takes batch after batch. One caller at a time. It allocates nothing in doing so, unless the
/// metric needs every score, as <c>RocAuc</c> does, or examples of weights other than 1 come for the first time.
/// </summary>
/// <remarks>
/// What it holds are exact sums, so that neither the order of the batches, nor how they are cut, nor how several accumulators' shares are
/// merged changes the value, nor does a power of two as a factor on all weights. The class that outputs predict is the one with the largest
/// of them, the first of equals; a NaN counts as less than every number. A single output predicts class 1 where it is above 0, which is a
/// probability above one half.
/// </remarks>
public abstract class MetricAccumulator
{
    /// <summary>Makes an accumulator at the beginning.</summary>
    /// <param name="task">What is predicted.</param>
    protected MetricAccumulator(PredictionTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        Task = task;
    }

    /// <summary>Makes an accumulator of one of several classes, at the beginning.</summary>
    /// <param name="classes">The number of classes, at least 2.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="classes"/> is below 2.</exception>
    protected MetricAccumulator(int classes)
        : this(PredictionTask.Multiclass(classes))
    {
    }

    /// <summary>What is predicted.</summary>
    public PredictionTask Task { get; }

    /// <summary>The number of classes of which an example has one; 0 where it has none or several labels.</summary>
    public int Classes => Task.Classes;

    /// <summary>
    /// Whether it takes examples that do not weigh the same. By default not: then data with weights are refused, since what does not know
    /// of them would be wrong without a word.
    /// </summary>
    public virtual bool TakesWeights => false;

    /// <summary>The weight of the example that is being added, 1 where there are no weights.</summary>
    protected double Weight { get; private set; } = 1;

    /// <summary>The number of examples taken.</summary>
    public long Count { get; private set; }

    /// <summary>
    /// The measure of the examples taken; NaN where it has no value, as without examples, or where nothing varies that it compares with.
    /// </summary>
    public double Value => Count == 0 ? double.NaN : ComputeValue();

    /// <summary>Takes a batch of examples with class labels.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="outputs">The network's outputs, <c>[batch, outputs]</c>.</param>
    /// <param name="labels">The class of each example.</param>
    /// <exception cref="ArgumentException">The shapes or labels do not fit. Nothing has been taken then.</exception>
    public void Add<T>(ReadOnlyMatrixView<T> outputs, ReadOnlySpan<int> labels)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Add(outputs, Targets<T>.FromLabels(labels));

    /// <summary>Takes a batch.</summary>
    /// <remarks>
    /// Where an example has one class and a row of numbers says which, the class is that of the greatest number, or, with one output, class
    /// 1 where the number is above one half.
    /// </remarks>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="outputs">The network's outputs, <c>[batch, outputs]</c>.</param>
    /// <param name="targets">What they should have been.</param>
    /// <exception cref="ArgumentException">
    /// The shapes or labels do not fit, or a weight is not finite and at least 0. Nothing has been taken then.
    /// </exception>
    public void Add<T>(ReadOnlyMatrixView<T> outputs, Targets<T> targets)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check(outputs, targets);
        for (int row = 0; row < outputs.Rows; row++)
        {
            Weight = targets.Weights.IsEmpty ? 1 : targets.Weights[row];
            if (Classes > 0)
                AddExample(outputs.Row(row), targets.AreLabels ? targets.Labels[row] : ClassOf(targets.Values.Row(row)));
            else
                AddExample(outputs.Row(row), targets.Values.Row(row));
        }
        Count += outputs.Rows;
    }

    /// <summary>Takes what another accumulator of the same metric has taken.</summary>
    /// <param name="other">The other one, which is left as it is.</param>
    /// <exception cref="ArgumentException">It is of another metric or another task. Nothing has been taken then.</exception>
    public void Merge(MetricAccumulator other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.Task != Task || !TryMerge(other))
            throw new ArgumentException($"Only the same metric of the same task, {Task}, can be merged; found {other} of {other.Task}.");
        Count += other.Count;
    }

    /// <summary>Forgets all examples.</summary>
    public void Reset()
    {
        Count = 0;
        ResetSums();
    }

    /// <summary>Takes one example that has one class. Overridden by the measures of classes.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="outputs">Its outputs.</param>
    /// <param name="label">Its class.</param>
    protected virtual void AddExample<T>(ReadOnlySpan<T> outputs, int label)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => throw new NotSupportedException(
            $"{this} does not measure examples with a class.");

    /// <summary>Takes one example that has a row of numbers. Overridden by the measures of several labels, and of numbers.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="outputs">Its outputs.</param>
    /// <param name="values">What they should have been.</param>
    protected virtual void AddExample<T>(ReadOnlySpan<T> outputs, ReadOnlySpan<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => throw new NotSupportedException(
            $"{this} does not measure examples with numbers.");

    /// <summary>The class that outputs predict.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="outputs">The outputs of an example that has one class.</param>
    protected int PredictedClass<T>(ReadOnlySpan<T> outputs)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Task.Kind == TaskKind.Binary ? outputs[0] > T.Zero ? 1 : 0 : Ranking.First(outputs);

    /// <summary>Adds another accumulator's sums to its own.</summary>
    /// <param name="other">An accumulator of as many classes.</param>
    /// <returns>Whether that one is of the same kind and options; nothing has been added otherwise.</returns>
    protected abstract bool TryMerge(MetricAccumulator other);

    /// <summary>Sets all sums to their beginning.</summary>
    protected abstract void ResetSums();

    /// <summary>Computes the measure of at least one example.</summary>
    protected abstract double ComputeValue();

    private int ClassOf<T>(ReadOnlySpan<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Task.Kind == TaskKind.Binary ? values[0] > T.CreateChecked(0.5) ? 1 : 0 : Ranking.First(values);

    private void Check<T>(ReadOnlyMatrixView<T> outputs, Targets<T> targets)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (outputs.Columns != Task.Outputs)
            throw new ArgumentException($"The outputs are those of {Task}; found {outputs.ToString()}.", nameof(outputs));
        if (outputs.Rows != targets.Count)
            throw new ArgumentException($"{outputs.Rows} outputs need as many targets; found {targets.Count}.", nameof(targets));
        if (!targets.Weights.IsEmpty && !TakesWeights)
            throw new ArgumentException($"{GetType().Name} takes examples without weights; found some with weights.", nameof(targets));
        if (!targets.Weights.IsEmpty && targets.Weights.Length != outputs.Rows)
        {
            throw new ArgumentException(
                $"{outputs.Rows} examples have as many weights; found {targets.Weights.Length}.", nameof(targets));
        }
        for (int i = 0; i < targets.Weights.Length; i++)
        {
            if (!double.IsFinite(targets.Weights[i]) || targets.Weights[i] < 0)
            {
                throw new ArgumentException(
                    $"A weight is finite and at least 0; example {i} has {targets.Weights[i]}.", nameof(targets));
            }
        }
        if (!targets.AreLabels)
        {
            if (targets.Values.Columns != Task.Outputs)
                throw new ArgumentException($"The targets of {Task} are as wide; found {targets.Values.ToString()}.", nameof(targets));
            return;
        }
        if (Classes == 0)
            throw new ArgumentException($"The targets of {Task} are rows of numbers; found class labels.", nameof(targets));
        for (int i = 0; i < targets.Labels.Length; i++)
        {
            if ((uint)targets.Labels[i] >= (uint)Classes)
            {
                throw new ArgumentException(
                    $"A label is from 0 to {Classes - 1}; found {targets.Labels[i]} at example {i}.", nameof(targets));
            }
        }
    }
}
