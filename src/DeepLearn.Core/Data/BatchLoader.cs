using System.Numerics;
using DeepLearn.Foundation;

namespace DeepLearn.Data;

/// <summary>
/// The endless sequence of training batches of a data set. Each batch is a pure function of (data set, options, key, number of the batch).
/// So a run that is resumed gets the same batches without going through the earlier ones.
/// </summary>
/// <remarks>
/// <para>
/// Batch s belongs to epoch <c>s / BatchesPerEpoch</c>, whose order is drawn from the random stream named (key, "shuffle", epoch). Within
/// an epoch each example comes once; with <see cref="BatchLoaderOptions.DropLast"/> at most once. The last batch of an epoch is smaller
/// where the batch size does not divide the number of examples.
/// </para>
/// <para>
/// A loader allocates nothing per batch. One thread at a time uses it. Examples that stand as bytes, and that are normalized but neither
/// augmented nor prefetched, are not copied: a network whose first layer reads bytes reads them in the data set.
/// </para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <example><code>
/// using var loader = new BatchLoader&lt;float&gt;(training, batchSize: 100, RandomKey.FromSeed(1));
/// for (int i = 0; i &lt; loader.BatchesPerEpoch; i++)
/// {
///     Batch&lt;float&gt; batch = loader.Next();
///     Console.WriteLine($"{batch.Count} examples of {batch.Features.Columns} numbers");    // prints 100 examples of 3072 numbers
/// }
/// </code></example>
public sealed class BatchLoader<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly BatchSequence<T> _sequence;
    private readonly BatchMaker<T> _maker;
    private readonly WorkerPool _workers;
    private BatchPrefetcher<T>? _prefetcher;
    private Batch<T>? _batch;
    private long _position;
    private bool _isDisposed;

    /// <summary>Makes a loader at the first batch of its sequence.</summary>
    /// <param name="dataset">The examples. The loader keeps the data set and copies nothing of it.</param>
    /// <param name="batchSize">
    /// The number of examples in a batch, at least 1. Where it is more than the data set has, a batch is the whole data set.
    /// </param>
    /// <param name="key">The name of all random numbers that the loader draws.</param>
    /// <param name="options">How batches are made; null for the defaults.</param>
    /// <param name="workers">
    /// The threads that share the making of a batch; the caller owns them. Null: the calling thread alone. A batch that is made ahead of
    /// time is made by a thread of the loader's own, where these leave a processor for it.
    /// </param>
    /// <exception cref="ArgumentException">
    /// There are no examples, a number is out of range, the normalization has another number of features, the augmentation needs images, or
    /// dropping the last batch leaves none.
    /// </exception>
    public BatchLoader(Dataset dataset, int batchSize, RandomKey key, BatchLoaderOptions? options = null, WorkerPool? workers = null)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        options ??= new();
        if (dataset.Count == 0)
            throw new ArgumentException("A loader needs at least one example; found none.", nameof(dataset));
        if (options.Prefetch < 0)
            throw new ArgumentException($"The number of batches to prefetch is at least 0; found {options.Prefetch}.", nameof(options));
        if (options.DropLast && batchSize > dataset.Count)
        {
            throw new ArgumentException(
                $"Without its last, smaller batch, {dataset.Count} examples in batches of {batchSize} leave none.", nameof(options));
        }
        options.Normalization?.RequireFit(dataset.Description, nameof(options));
        if (options.TargetScaling is { } scaling && scaling.Features != dataset.TargetWidth)
        {
            throw new ArgumentException(
                $"The scaling of targets must have {dataset.TargetWidth} of them, one for each of an example's; found {scaling.Features}.",
                nameof(options));
        }
        if (options.Augmentation is not null)
            options.Augmentation.Check(ImageLayout.Of(dataset.Description));
        _sequence = new(dataset, Math.Min(batchSize, dataset.Count), key, options);
        _workers = workers ?? WorkerPool.Single;
        _maker = new(_sequence, _workers);
    }

    /// <summary>Stops the thread of a loader that was not disposed of: the thread refers to the data set, not to the loader.</summary>
    ~BatchLoader() => _prefetcher?.Stop();

    /// <summary>
    /// Whether a batch may leave examples as bytes until their numbers are asked for, which one thread then computes. A caller that needs
    /// numbers anyway sets it to false, and all threads share the work.
    /// </summary>
    internal bool LeavesBytes { get; init; } = true;

    /// <summary>
    /// Whether batches are made ahead of time: if the options ask for it and a processor is free. A thread that shared a processor with one
    /// of the workers would delay all of them.
    /// </summary>
    internal bool MakesAhead => Options.Prefetch > 0 && _workers.LeavesProcessor;

    /// <summary>The number of batches that are in memory at once.</summary>
    internal int BatchesHeld => MakesAhead ? Options.Prefetch + 1 : 1;

    /// <summary>
    /// The size of its memory in bytes once it is in use: the batches that it holds at once, the normalization, and for each maker of
    /// batches (the caller, and the thread that works ahead) the order of an epoch and some scratch.
    /// </summary>
    internal unsafe long MemoryInBytes
    {
        get
        {
            long batch = new Batch<T>(1, Dataset.Description).MemoryInBytes * BatchSize;
            batch += Dataset.Weights.IsEmpty ? 0 : BatchSize * (long)sizeof(double);
            batch += Options.TargetScaling is null ? 0 : BatchSize * (long)Dataset.TargetWidth * sizeof(double);
            long transform = Transform is null ? 0 : 2L * Dataset.ExampleShape.Count * sizeof(T);
            long makers = BatchMaker<T>.MemoryInBytes(this, _workers.Threads) + (MakesAhead ? BatchMaker<T>.MemoryInBytes(this, 1) : 0);
            return (batch * BatchesHeld) + transform + makers;
        }
    }

    /// <summary>The examples.</summary>
    public Dataset Dataset => _sequence.Dataset;

    /// <summary>The number of examples in a batch, from 1 to that of the data set.</summary>
    public int BatchSize => _sequence.BatchSize;

    /// <summary>The name of the random numbers.</summary>
    public RandomKey Key => _sequence.Key;

    /// <summary>How batches are made.</summary>
    public BatchLoaderOptions Options => _sequence.Options;

    /// <summary>The number of batches that an epoch has.</summary>
    public int BatchesPerEpoch => _sequence.BatchesPerEpoch;

    /// <summary>The normalization at precision <typeparamref name="T"/>; null if there is none.</summary>
    public FeatureTransform<T>? Transform => _sequence.Transform;

    /// <summary>
    /// The number of the batch that <see cref="Next"/> gives next, from 0. Setting it goes to that batch at once, without replay.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">A negative number.</exception>
    /// <exception cref="ObjectDisposedException">The loader has been disposed of.</exception>
    public long Position
    {
        get => _position;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _prefetcher?.Seek(value);
            _position = value;
        }
    }

    /// <summary>The epoch that a batch belongs to, from 0.</summary>
    /// <param name="step">The number of the batch, from 0.</param>
    public long EpochOf(long step) => _sequence.EpochOf(step);

    /// <summary>The number of examples of a batch.</summary>
    /// <param name="step">The number of the batch, from 0.</param>
    public int CountAt(long step) => _sequence.CountAt(step);

    /// <summary>An empty batch of the right size for <see cref="Load"/>; the caller owns it.</summary>
    public Batch<T> CreateBatch() => _sequence.CreateBatch();

    /// <summary>Makes any batch of the sequence, on the calling thread; <see cref="Position"/> stays what it is.</summary>
    /// <param name="step">The number of the batch, from 0.</param>
    /// <param name="destination">What is filled, with room for <see cref="BatchSize"/> examples.</param>
    /// <exception cref="ArgumentException">A negative number, or a batch made for other examples.</exception>
    /// <exception cref="ObjectDisposedException">The loader has been disposed of.</exception>
    public void Load(long step, Batch<T> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        ArgumentNullException.ThrowIfNull(destination);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _maker.Make(step, destination);
    }

    /// <summary>The batch at <see cref="Position"/>, which moves on by one.</summary>
    /// <returns>A batch that the loader owns. It is valid until the next call.</returns>
    /// <exception cref="ObjectDisposedException">The loader has been disposed of.</exception>
    /// <remarks>
    /// An exception while a batch is made, ahead of time too, is thrown here when that batch is due. <see cref="Position"/> does not move
    /// then, and the next call tries again.
    /// </remarks>
    public Batch<T> Next()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        Batch<T> batch;
        if (MakesAhead)
        {
            _prefetcher ??= new(_sequence, _position);
            batch = _prefetcher.Take();
        }
        else
        {
            batch = _batch ??= CreateBatch();
            _maker.Make(_position, batch, mayRefer: LeavesBytes);
        }
        _position++;
        return batch;
    }

    /// <summary>Stops the thread that makes batches ahead of time and waits for its end. May be called more than once.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        _prefetcher?.Dispose();
        GC.SuppressFinalize(this);
    }
}
