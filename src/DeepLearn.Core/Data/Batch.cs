using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Tensors;

namespace DeepLearn.Data;

/// <summary>
/// Reusable memory for some examples in the form in which training takes them. Its first <see cref="Count"/> rows are in use.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Batch<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Matrix<T> _features;

    // The examples where they stand as bytes, until the next filling or until somebody may write over their features; and whether these are
    // still to be made.
    private readonly ByteReferences _bytes;
    private int[]? _range;
    private bool _isOfBytes;
    private FeatureTransform<T>? _transform;
    private volatile bool _isPending;

    // Whoever has the memory itself may look into it at any time: from then on features are made at once.
    private bool _isShared;

    /// <summary>An empty batch.</summary>
    /// <param name="capacity">The largest number of examples, at least 1.</param>
    /// <param name="description">What an example looks like: it says whether there are labels and targets.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="capacity"/> is below 1.</exception>
    public Batch(int capacity, DatasetDescription description)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentNullException.ThrowIfNull(description);
        _features = new Matrix<T>(capacity, description.ExampleShape.Count);
        _bytes = new(capacity, _features.Columns);
        Labels = description.Classes > 0 ? new int[capacity] : [];
        Targets = description.TargetWidth > 0 ? new Matrix<T>(capacity, description.TargetWidth) : null;
    }

    /// <summary>The largest number of examples.</summary>
    public int Capacity => _features.Rows;

    /// <summary>The number of examples there are at the moment, from 0 to <see cref="Capacity"/>.</summary>
    public int Count { get; private set; }

    /// <summary>The memory of the examples, <c>[Capacity, features]</c>. What is written there is what a model sees.</summary>
    public Matrix<T> Features
    {
        get
        {
            _isShared = true;
            LeaveBytes();
            return _features;
        }
    }

    /// <summary>The memory of the class labels: <see cref="Capacity"/> elements, or none where examples have no labels.</summary>
    public int[] Labels { get; }

    /// <summary>The memory of the real-valued targets, <c>[Capacity, targets]</c>; null where examples have none.</summary>
    public Matrix<T>? Targets { get; }

    /// <summary>The bytes of its memory.</summary>
    public unsafe long MemoryInBytes =>
        (((long)_features.Count + (Targets?.Count ?? 0)) * sizeof(T)) + (Labels.Length * (long)sizeof(int)) + _bytes.MemoryInBytes;

    /// <summary>The examples in use, <c>[Count, features]</c>. What is written there is what a model sees.</summary>
    public MatrixView<T> FeatureView
    {
        get
        {
            LeaveBytes();
            return _features.SliceRows(0, Count);
        }
    }

    /// <summary>The class labels in use; empty where examples have none.</summary>
    public ReadOnlySpan<int> LabelView => Labels.AsSpan(0, Labels.Length == 0 ? 0 : Count);

    /// <summary>The targets in use, <c>[Count, targets]</c>; empty where examples have none.</summary>
    public MatrixView<T> TargetView => Targets is null ? default : Targets.SliceRows(0, Count);

    /// <summary>The examples in use as a model reads them, only to be read: <c>[Count, features]</c>.</summary>
    /// <param name="readsBytes">
    /// Whether the model reads bytes. Then examples that stand as bytes stay what they are; otherwise, and where they do not, they are
    /// numbers, which are made now where nobody has asked for them before.
    /// </param>
    public LayerInput<T> InputFor(bool readsBytes)
    {
        if (readsBytes && _isOfBytes)
            return Bytes();
        MakePending();
        return _features.SliceRows(0, Count);
    }

    /// <summary>Fills the batch with examples of a data set.</summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="indices">Which examples, at most <see cref="Capacity"/>.</param>
    /// <param name="transform">What is done to each feature; null takes the examples as they are.</param>
    /// <exception cref="ArgumentException">Too many examples, examples of another form, or an index that is out of range.</exception>
    public void Fill(Dataset dataset, ReadOnlySpan<int> indices, FeatureTransform<T>? transform)
    {
        Prepare(dataset, indices.Length);
        dataset.Gather(indices, transform, FeatureView);
        FillLabelsAndTargets(dataset, indices);
    }

    /// <summary>Fills the batch with consecutive examples of a data set.</summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="first">The first example.</param>
    /// <param name="count">The number of examples, at most <see cref="Capacity"/>.</param>
    /// <param name="transform">What is done to each feature; null takes the examples as they are.</param>
    /// <exception cref="ArgumentException">Too many examples, examples of another form, or not so many in the data set.</exception>
    public void FillRange(Dataset dataset, int first, int count, FeatureTransform<T>? transform)
    {
        Prepare(dataset, count);
        dataset.GatherRange(first, transform, FeatureView);
        FillRangeOfTargets(dataset, first, count);
    }

    /// <summary>
    /// As <see cref="FillRange"/>; but where the examples stand as bytes, their features are made when somebody asks for them.
    /// </summary>
    internal void ReferRange(Dataset dataset, int first, int count, FeatureTransform<T>? transform)
    {
        Prepare(dataset, count);
        dataset.CheckRange(first, count);
        Span<int> indices = (_range ??= new int[Capacity]).AsSpan(0, count);
        for (int i = 0; i < count; i++)
            indices[i] = first + i;
        if (!TryRefer(dataset, indices, transform, WorkerPool.Single))
            dataset.GatherRange(first, transform, FeatureView);
        FillRangeOfTargets(dataset, first, count);
    }

    internal void Prepare(Dataset dataset, int count)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        if (count < 0 || count > Capacity)
            throw new ArgumentException($"The batch has room for {Capacity} examples; found {count}.", nameof(count));
        int targets = Targets?.Columns ?? 0;
        if (dataset.ExampleShape.Count != _features.Columns || dataset.Classes > 0 != Labels.Length > 0 || dataset.TargetWidth != targets)
        {
            throw new ArgumentException(
                $"The batch was made for {_features.Columns} features, {Speak(Labels.Length > 0)} and {targets} targets; the data set has "
                + $"{dataset.ExampleShape.Count} features, {Speak(dataset.Classes > 0)} and {dataset.TargetWidth} targets.",
                nameof(dataset));
        }
        Count = count;
        _isOfBytes = false;
        _isPending = false;
    }

    /// <summary>
    /// Notes where the examples stand instead of making their features, which are made when somebody asks for them; false where they do not
    /// stand as bytes in memory.
    /// </summary>
    internal bool TryRefer(Dataset dataset, ReadOnlySpan<int> indices, FeatureTransform<T>? transform, WorkerPool workers)
    {
        if (transform is null || _isShared || !dataset.HoldsBytes)
            return false;
        dataset.CheckTransform(transform);
        _bytes.Find(dataset, indices, workers);
        _transform = transform;
        _isOfBytes = true;
        _isPending = true;
        return true;
    }

    internal void FillLabelsAndTargets(Dataset dataset, ReadOnlySpan<int> indices)
    {
        if (Labels.Length > 0)
            dataset.GatherLabels(indices, Labels);
        if (Targets is not null)
            dataset.GatherTargets(indices, TargetView);
    }

    private void FillRangeOfTargets(Dataset dataset, int first, int count)
    {
        Span<int> index = stackalloc int[1];
        for (int i = 0; i < count; i++)
        {
            index[0] = first + i;
            if (Labels.Length > 0)
                Labels[i] = dataset.Labels[first + i];
            if (Targets is not null)
                dataset.GatherTargets(index, Targets.SliceRows(i, 1));
        }
    }

    // Whoever can write over the features expects that to count: from then on the batch is one of numbers, until it is filled again.
    private void LeaveBytes()
    {
        MakePending();
        _isOfBytes = false;
    }

    private ByteRows<T> Bytes() => new(_bytes.Source.Span, _bytes.Starts(Count), _transform!.Scale, _transform.Offset);

    // Where several threads ask at once, one makes them: another that came later would write over what the first has changed.
    private void MakePending()
    {
        if (!_isPending)
            return;
        lock (_bytes)
        {
            if (!_isPending)
                return;
            ByteConversion.ConvertRows(Bytes(), _features.SliceRows(0, Count));
            _isPending = false;
        }
    }

    private static string Speak(bool hasLabels) => hasLabels ? "labels" : "no labels";
}
