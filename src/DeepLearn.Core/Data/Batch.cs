using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Tensors;

namespace DeepLearn.Data;

/// <summary>
/// Reusable memory for one batch of examples: their features, class labels and targets, a row for each example. Only the first
/// <see cref="Count"/> rows are in use.
/// </summary>
/// <remarks>
/// The batch owns its memory, and its views stay valid until it is filled again. Filling allocates nothing. One thread at a time fills it;
/// several may read it. Examples that a data set keeps as bytes are converted only when their numbers are asked for: see
/// <see cref="InputFor"/>.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Batch<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Matrix<T> _features;

    // Where the examples stand as bytes. It is valid until the next filling, or until a caller gets a writable view.
    private readonly ByteReferences _bytes;
    private int[]? _range;
    private bool _isOfBytes;
    private FeatureTransform<T>? _transform;

    // Whether the features are still to be computed from the bytes.
    private volatile bool _isPending;

    // Whether a caller was given the whole memory, and may read it at any time: from then on features are computed at once.
    private bool _isShared;

    private readonly ExampleTargets<T> _targets;

    /// <summary>Allocates an empty batch.</summary>
    /// <param name="capacity">The largest number of examples that it can hold, at least 1.</param>
    /// <param name="description">What an example looks like: its number of features, and whether it has a class and targets.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="capacity"/> is below 1.</exception>
    public Batch(int capacity, DatasetDescription description)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentNullException.ThrowIfNull(description);
        _features = new Matrix<T>(capacity, description.ExampleShape.Count);
        _bytes = new(capacity, _features.Columns);
        _targets = new(capacity, description);
    }

    /// <summary>The largest number of examples that it can hold, at least 1.</summary>
    public int Capacity => _features.Rows;

    /// <summary>The number of examples that it holds now, from 0 to <see cref="Capacity"/>.</summary>
    public int Count { get; private set; }

    /// <summary>
    /// The memory of the features, <c>[Capacity, features]</c>; rows from <see cref="Count"/> on are undefined. A model sees what you write
    /// there.
    /// </summary>
    /// <remarks>
    /// Prefer <see cref="FeatureView"/>: once this property was read, every later filling computes all features at once, since the batch
    /// cannot know when you look.
    /// </remarks>
    public Matrix<T> Features
    {
        get
        {
            _isShared = true;
            LeaveBytes();
            return _features;
        }
    }

    /// <summary>
    /// The memory of the class labels, each from 0 to the number of classes less 1: <see cref="Capacity"/> elements, or none where examples
    /// have no class.
    /// </summary>
    public int[] Labels => _targets.Labels;

    /// <summary>The memory of the numeric targets, <c>[Capacity, targets]</c>; null if examples have none.</summary>
    public Matrix<T>? Targets => _targets.Values;

    /// <summary>The size of its memory in bytes.</summary>
    public unsafe long MemoryInBytes => ((long)_features.Count * sizeof(T)) + _bytes.MemoryInBytes + _targets.MemoryInBytes;

    /// <summary>The scaling of the targets as the batch is filled; null, the default, for none.</summary>
    internal FeatureTransform<T>? TargetScaling { get; init; }

    /// <summary>The targets in use before they were scaled, <c>[Count, targets]</c>; empty if they are not.</summary>
    internal ReadOnlyMatrixView<double> ExactTargetView => _targets.ExactValues is { } exact ? exact.SliceRows(0, Count) : default;

    /// <summary>The features of the examples that it holds, <c>[Count, features]</c>. A model sees what you write there.</summary>
    public MatrixView<T> FeatureView
    {
        get
        {
            LeaveBytes();
            return _features.SliceRows(0, Count);
        }
    }

    /// <summary>The class labels of the examples that it holds, <see cref="Count"/> of them; empty if examples have no class.</summary>
    public ReadOnlySpan<int> LabelView => Labels.AsSpan(0, Labels.Length == 0 ? 0 : Count);

    /// <summary>The targets of the examples that it holds, <c>[Count, targets]</c>; empty if examples have none.</summary>
    public MatrixView<T> TargetView => Targets is null ? default : Targets.SliceRows(0, Count);

    /// <summary>The weights of the examples that it holds; empty if each counts 1.</summary>
    public ReadOnlySpan<double> WeightView => _targets.Weights[..(_targets.Weights.IsEmpty ? 0 : Count)];

    /// <summary>The input of a model, <c>[Count, features]</c>, read-only.</summary>
    /// <param name="readsBytes">
    /// Whether the model reads bytes, as <c>Model.ReadsBytes</c> says. If so, and if the examples stand as bytes, the input is those bytes.
    /// Otherwise it is numbers, computed now if they have not been before.
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
    /// <param name="transform">The scale and offset of each feature; null takes the features as they are.</param>
    /// <exception cref="ArgumentException">
    /// There are too many examples, the data set does not fit the batch's description, or an index is out of range. In the first two cases
    /// the batch is unchanged.
    /// </exception>
    public void Fill(Dataset dataset, ReadOnlySpan<int> indices, FeatureTransform<T>? transform)
    {
        Prepare(dataset, indices.Length);
        dataset.Gather(indices, transform, FeatureView);
        FillLabelsAndTargets(dataset, indices);
    }

    /// <summary>Fills the batch with consecutive examples of a data set.</summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="first">The first example, from 0.</param>
    /// <param name="count">The number of examples, at most <see cref="Capacity"/>.</param>
    /// <param name="transform">The scale and offset of each feature; null takes the features as they are.</param>
    /// <exception cref="ArgumentException">
    /// There are too many examples, the data set does not fit the batch's description, or it does not have these examples.
    /// </exception>
    public void FillRange(Dataset dataset, int first, int count, FeatureTransform<T>? transform)
    {
        Prepare(dataset, count);
        dataset.GatherRange(first, transform, FeatureView);
        _targets.FillRange(dataset, first, count, TargetScaling);
    }

    /// <summary>
    /// As <see cref="FillRange"/>; but if the examples stand as bytes, their features are computed when they are asked for.
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
        _targets.FillRange(dataset, first, count, TargetScaling);
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
        _targets.Prepare(dataset);
        _isOfBytes = false;
        _isPending = false;
    }

    /// <summary>
    /// Notes where the examples stand instead of computing their features, which are computed when they are asked for. False if the
    /// examples do not stand as bytes in memory.
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

    internal void FillLabelsAndTargets(Dataset dataset, ReadOnlySpan<int> indices) => _targets.Fill(dataset, indices, TargetScaling);

    // A caller that can write features expects the model to see them: from then on the batch holds numbers, until it is filled again.
    private void LeaveBytes()
    {
        MakePending();
        _isOfBytes = false;
    }

    private ByteRows<T> Bytes() => new(_bytes.Source.Span, _bytes.Starts(Count), _transform!.Scale, _transform.Offset);

    // If several threads ask at once, one computes them: a later one would overwrite what the first has changed.
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
