using DeepLearn.Foundation;
using DeepLearn.Losses;

namespace DeepLearn.Training.Metrics;

/// <summary>Counts which classes are taken for which. Its value is whatever is to be made of the matrix, by default its accuracy.</summary>
public sealed class ConfusionMatrixAccumulator : MetricAccumulator
{
    private readonly long[] _counts;
    private readonly WeightedCounts _weighted;
    private readonly Func<ConfusionMatrix, double> _measure;

    /// <summary>Makes a matrix of zeros.</summary>
    /// <param name="classes">The number of classes, at least 2.</param>
    /// <param name="measure">What <see cref="MetricAccumulator.Value"/> makes of the matrix; null for its accuracy.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="classes"/> is below 2, or so large that an array cannot hold the matrix.
    /// </exception>
    public ConfusionMatrixAccumulator(int classes, Func<ConfusionMatrix, double>? measure = null)
        : this(PredictionTask.Multiclass(RequireRoom(classes)), measure)
    {
    }

    /// <summary>Makes a matrix of zeros for a task.</summary>
    /// <param name="task">What is predicted: one of several classes.</param>
    /// <param name="measure">What <see cref="MetricAccumulator.Value"/> makes of the matrix; null for its accuracy.</param>
    /// <exception cref="ArgumentException">
    /// The examples of the task have no class, or have so many classes that an array cannot hold the matrix.
    /// </exception>
    public ConfusionMatrixAccumulator(PredictionTask task, Func<ConfusionMatrix, double>? measure = null)
        : base(task)
    {
        if (Classes == 0)
            throw new ArgumentException($"A confusion matrix is one of classes; found {task}.", nameof(task));
        if ((long)Classes * Classes > Array.MaxLength)
            throw new ArgumentException($"A confusion matrix of {Classes} classes is larger than an array can be.", nameof(task));
        _counts = new long[Classes * Classes];
        _weighted = new(_counts.Length);
        _measure = measure ?? (static matrix => matrix.Accuracy);
    }

    /// <summary>The counts so far, in a value of the caller's own. Examples count once each, whatever their weights.</summary>
    public ConfusionMatrix ToMatrix() => new(Classes, ValueList.Create<long>(_counts));

    /// <inheritdoc/>
    public override bool TakesWeights => true;

    /// <inheritdoc/>
    protected override void AddExample<T>(ReadOnlySpan<T> outputs, int label)
    {
        int cell = (label * Classes) + PredictedClass(outputs);
        _counts[cell]++;
        _weighted.Add(cell, Weight);
    }

    /// <inheritdoc/>
    protected override bool TryMerge(MetricAccumulator other)
    {
        if (other is not ConfusionMatrixAccumulator matrix || !AreOfOneLambda(_measure, matrix._measure))
            return false;
        for (int i = 0; i < _counts.Length; i++)
            _counts[i] += matrix._counts[i];
        _weighted.Add(matrix._weighted);
        return true;
    }

    /// <inheritdoc/>
    protected override void ResetSums()
    {
        _counts.AsSpan().Clear();
        _weighted.Clear();
    }

    // Two delegates that a metric makes of one lambda are not equal where it captures something, such as the task: then each has an object
    // of its own, of one type. (Their methods would tell more, and bring all of reflection into a program under Native AOT.)
    private static bool AreOfOneLambda(Delegate one, Delegate other) => one.Equals(other)
        || (!ReferenceEquals(one.Target, other.Target) && one.Target?.GetType() == other.Target?.GetType());

    private static int RequireRoom(int classes) => (long)classes * classes <= Array.MaxLength
        ? classes
        : throw new ArgumentOutOfRangeException(
            nameof(classes), classes, "A confusion matrix is no larger than an array can be.");

    /// <inheritdoc/>
    protected override double ComputeValue() => _measure(
        _weighted.Whole is { } counts ? new(Classes, counts) : ConfusionMatrix.OfWeights(Classes, _weighted.InCommonUnits()));
}
