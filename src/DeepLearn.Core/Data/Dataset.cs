using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Tensors;

namespace DeepLearn.Data;

/// <summary>
/// A fixed list of examples of one shape, each with a class label, a row of real-valued targets, both or neither.
/// </summary>
/// <remarks>
/// Nothing is kept in the form that training wants: examples stay as they were read (bytes, where they are bytes) and are converted and
/// normalized as they are gathered into a batch. A data set does not change, so any number of threads may read it at once, and subsets
/// share the one copy of the examples. To add a kind of data, derive from this class and write <see cref="GatherCore"/>.
/// </remarks>
public abstract class Dataset
{
    private const int Chunk = 256;

    private readonly int[] _labels;

    /// <summary>Sets what every data set has.</summary>
    /// <param name="count">The number of examples, at least 0.</param>
    /// <param name="description">What an example looks like.</param>
    /// <param name="labels">The class of each example, or none where <see cref="DatasetDescription.Classes"/> is 0. Kept, not copied: not
    /// to be changed afterwards.</param>
    /// <exception cref="ArgumentException">A count below 0, a description that contradicts itself, a number of labels other than that of
    /// the examples, or a label outside 0 to classes - 1.</exception>
    protected Dataset(int count, DatasetDescription description, int[]? labels)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentNullException.ThrowIfNull(description);
        description.Check();
        _labels = labels ?? [];
        Count = count;
        Description = description;
        int expected = description.Classes > 0 ? count : 0;
        if (_labels.Length != expected)
        {
            throw new ArgumentException(
                $"{count} examples of {description.Classes} classes have {expected} labels; found {_labels.Length}.", nameof(labels));
        }
        for (int i = 0; i < _labels.Length; i++)
        {
            if ((uint)_labels[i] >= (uint)description.Classes)
            {
                throw new ArgumentException(
                    $"A label is from 0 to {description.Classes - 1}; example {i} has {_labels[i]}.", nameof(labels));
            }
        }
    }

    /// <summary>The number of examples.</summary>
    public int Count { get; }

    /// <summary>What an example looks like.</summary>
    public DatasetDescription Description { get; }

    /// <summary>The shape of one example.</summary>
    public Shape ExampleShape => Description.ExampleShape;

    /// <summary>The number of classes; 0 where the examples have no class labels.</summary>
    public int Classes => Description.Classes;

    /// <summary>The number of real-valued targets of an example; 0 where there are none.</summary>
    public int TargetWidth => Description.TargetWidth;

    /// <summary>The class of each example, from 0 to <see cref="Classes"/> - 1; empty where <see cref="Classes"/> is 0. Valid as long as
    /// the data set.</summary>
    public ReadOnlySpan<int> Labels => _labels;

    /// <summary>Whether <see cref="GatherFeatures"/> can be called. By default it cannot, and whole examples are gathered.</summary>
    public virtual bool GathersFeatures => false;

    /// <summary>
    /// The data sets that this one is a view on; empty, the default, where it holds its examples itself.
    /// </summary>
    public virtual IReadOnlyList<Dataset> Sources => [];

    /// <summary>
    /// The bytes that this data set holds itself: examples, labels, indices; not those of its <see cref="Sources"/>. By default the labels'.
    /// </summary>
    public virtual long OwnMemoryInBytes => _labels.Length * (long)sizeof(int);

    /// <summary>The bytes that some data sets hold together, with all that they are views on, each counted once.</summary>
    /// <param name="datasets">The data sets.</param>
    public static long MemoryInBytes(params ReadOnlySpan<Dataset> datasets)
    {
        var seen = new HashSet<Dataset>(ReferenceEqualityComparer.Instance);
        long total = 0;
        foreach (Dataset dataset in datasets)
            Add(dataset);
        return total;

        void Add(Dataset dataset)
        {
            if (!seen.Add(dataset))
                return;
            total += dataset.OwnMemoryInBytes;
            foreach (Dataset source in dataset.Sources)
                Add(source);
        }
    }

    /// <summary>Writes examples as they are, without normalization.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="indices">Which examples, in any order, repeats allowed.</param>
    /// <param name="destination">Where to, <c>[indices.Length, ExampleShape.Count]</c>.</param>
    /// <exception cref="ArgumentException">The destination has another shape, or an index is out of range. Nothing has been
    /// written.</exception>
    public void Gather<T>(ReadOnlySpan<int> indices, MatrixView<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Gather(indices, null, destination);

    /// <summary>Writes examples, normalized in the same pass: <c>destination = fma(example, scale, offset)</c>, feature by
    /// feature.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="indices">Which examples, in any order, repeats allowed.</param>
    /// <param name="transform">What is done to each feature; null writes the examples as they are.</param>
    /// <param name="destination">Where to, <c>[indices.Length, ExampleShape.Count]</c>.</param>
    /// <exception cref="ArgumentException">The destination or the transform has another shape, or an index is out of range. Nothing has
    /// been written.</exception>
    public void Gather<T>(ReadOnlySpan<int> indices, FeatureTransform<T>? transform, MatrixView<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckIndices(indices);
        if (destination.Rows != indices.Length || destination.Columns != ExampleShape.Count)
        {
            throw new ArgumentException(
                $"{indices.Length} examples of shape {ExampleShape} fill [{indices.Length}, {ExampleShape.Count}]; found "
                + $"{destination.ToString()}.",
                nameof(destination));
        }
        CheckTransform(transform);
        GatherCore(indices, transform, destination);
    }

    /// <summary>
    /// Writes some features of examples, normalized in the same pass. Where several threads make a batch, each so writes the features that it
    /// will read, and finds them in its own cache.
    /// </summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="indices">Which examples, in any order, repeats allowed.</param>
    /// <param name="transform">What is done to each feature of whole examples; null writes them as they are.</param>
    /// <param name="first">The first of the features.</param>
    /// <param name="destination">Where to, <c>[indices.Length, number of features]</c>.</param>
    /// <exception cref="NotSupportedException"><see cref="GathersFeatures"/> is false.</exception>
    /// <exception cref="ArgumentException">The destination or the transform does not fit, or an index is out of range. Nothing has
    /// been written.</exception>
    public void GatherFeatures<T>(ReadOnlySpan<int> indices, FeatureTransform<T>? transform, int first, MatrixView<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckIndices(indices);
        if (destination.Rows != indices.Length || first < 0 || destination.Columns > ExampleShape.Count - first)
        {
            throw new ArgumentException(
                $"Some features of {indices.Length} examples of shape {ExampleShape} fill as many rows of at most {ExampleShape.Count}; found "
                + $"{destination.ToString()} from feature {first} on.",
                nameof(destination));
        }
        CheckTransform(transform);
        if (!destination.IsEmpty)
            GatherFeaturesCore(indices, transform, first, destination);
    }

    /// <summary>Writes consecutive examples, normalized in the same pass.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="first">The first example.</param>
    /// <param name="transform">What is done to each feature; null writes the examples as they are.</param>
    /// <param name="destination">Where to, <c>[number of examples, ExampleShape.Count]</c>.</param>
    /// <exception cref="ArgumentException">The destination or the transform has another shape, or there are not so many
    /// examples.</exception>
    public void GatherRange<T>(int first, FeatureTransform<T>? transform, MatrixView<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckRange(first, destination.Rows);
        Span<int> indices = stackalloc int[Chunk];
        for (int done = 0; done < destination.Rows; done += Chunk)
        {
            Span<int> some = indices[..Math.Min(Chunk, destination.Rows - done)];
            for (int i = 0; i < some.Length; i++)
                some[i] = first + done + i;
            Gather(some, transform, destination.SliceRows(done, some.Length));
        }
    }

    /// <summary>Writes the class labels of examples.</summary>
    /// <param name="indices">Which examples.</param>
    /// <param name="destination">Where to: at least as many elements as there are indices.</param>
    /// <exception cref="InvalidOperationException">The examples have no class labels.</exception>
    /// <exception cref="ArgumentException">The destination is too short, or an index is out of range.</exception>
    public void GatherLabels(ReadOnlySpan<int> indices, Span<int> destination)
    {
        if (Classes == 0)
            throw new InvalidOperationException("The examples of this data set have no class labels.");
        CheckIndices(indices);
        if (destination.Length < indices.Length)
            throw new ArgumentException($"{indices.Length} labels need as many elements; found {destination.Length}.", nameof(destination));
        for (int i = 0; i < indices.Length; i++)
            destination[i] = _labels[indices[i]];
    }

    /// <summary>Writes the real-valued targets of examples.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="indices">Which examples.</param>
    /// <param name="destination">Where to, <c>[indices.Length, TargetWidth]</c>.</param>
    /// <exception cref="InvalidOperationException">The examples have no real-valued targets.</exception>
    /// <exception cref="ArgumentException">The destination has another shape, or an index is out of range.</exception>
    public void GatherTargets<T>(ReadOnlySpan<int> indices, MatrixView<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (TargetWidth == 0)
            throw new InvalidOperationException("The examples of this data set have no real-valued targets.");
        CheckIndices(indices);
        if (destination.Rows != indices.Length || destination.Columns != TargetWidth)
        {
            throw new ArgumentException(
                $"The targets of {indices.Length} examples fill [{indices.Length}, {TargetWidth}]; found {destination.ToString()}.",
                nameof(destination));
        }
        GatherTargetsCore(indices, destination);
    }

    /// <summary>Adds examples to the sums that means and deviations are made of.</summary>
    /// <remarks>The default gathers in double; a data set of integers overrides it to add them exactly and faster.</remarks>
    /// <param name="indices">Which examples.</param>
    /// <param name="moments">The sums, of <c>ExampleShape.Count</c> features.</param>
    public virtual void AddTo(ReadOnlySpan<int> indices, FeatureMoments moments)
    {
        ArgumentNullException.ThrowIfNull(moments);
        var row = new Matrix<double>(1, ExampleShape.Count);
        foreach (int index in indices)
        {
            Gather(new ReadOnlySpan<int>(in index), row.View);
            moments.Add(row.AsSpan());
        }
    }

    /// <summary>The examples at the given places, in that order, as a view: no example is copied.</summary>
    /// <param name="indices">Which examples; copied.</param>
    /// <exception cref="ArgumentException">An index is out of range.</exception>
    public Dataset Subset(ReadOnlySpan<int> indices) => new Subset(this, indices.ToArray());

    /// <summary>Consecutive examples, as a view.</summary>
    /// <param name="first">The first example.</param>
    /// <param name="count">The number of examples.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many examples.</exception>
    public Dataset Slice(int first, int count)
    {
        CheckRange(first, count);
        var indices = new int[count];
        for (int i = 0; i < count; i++)
            indices[i] = first + i;
        return new Subset(this, indices);
    }

    /// <summary>The first examples, as a view.</summary>
    /// <param name="count">How many.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many examples.</exception>
    public Dataset Take(int count) => Slice(0, count);

    /// <summary>All but the first examples, as a view.</summary>
    /// <param name="count">How many are left out.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many examples.</exception>
    public Dataset Skip(int count)
    {
        CheckRange(0, count);
        return Slice(count, Count - count);
    }

    /// <summary>Sets examples chosen at random aside for validation; both parts are views, each in the order of the whole.</summary>
    /// <param name="validationCount">How many are set aside, from 0 to <see cref="Count"/>.</param>
    /// <param name="key">The name of the random choice: the same key chooses the same examples.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many examples.</exception>
    public (Dataset Training, Dataset Validation) Split(int validationCount, RandomKey key)
    {
        CheckRange(0, validationCount);
        var order = new int[Count];
        for (int i = 0; i < order.Length; i++)
            order[i] = i;
        RandomStream random = key.Open();
        random.Shuffle(order.AsSpan());
        Span<int> validation = order.AsSpan(0, validationCount);
        Span<int> training = order.AsSpan(validationCount);
        validation.Sort();
        training.Sort();
        return (Subset(training), Subset(validation));
    }

    /// <summary>Data sets one after the other, as a view.</summary>
    /// <param name="parts">The data sets: at least one, all of the same shape, order of pixels, number of classes and width of
    /// targets.</param>
    /// <exception cref="ArgumentException">There is none, or they do not fit together.</exception>
    public static Dataset Concatenate(params ReadOnlySpan<Dataset> parts) =>
        parts.Length == 1 ? parts[0] : new Concatenation(parts.ToArray());

    /// <summary>Writes examples; the shapes and indices have been checked.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="indices">Which examples.</param>
    /// <param name="transform">What is done to each feature; null writes the examples as they are.</param>
    /// <param name="destination">Where to, <c>[indices.Length, ExampleShape.Count]</c>; its stride may exceed its columns.</param>
    protected abstract void GatherCore<T>(ReadOnlySpan<int> indices, FeatureTransform<T>? transform, MatrixView<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>
    /// Writes some features of examples; the shapes and indices have been checked. To be overridden together with
    /// <see cref="GathersFeatures"/>.
    /// </summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="indices">Which examples.</param>
    /// <param name="transform">What is done to each feature of whole examples; null writes them as they are.</param>
    /// <param name="first">The first of the features.</param>
    /// <param name="destination">Where to, <c>[indices.Length, number of features]</c>; its stride may exceed its columns.</param>
    protected virtual void GatherFeaturesCore<T>(
        ReadOnlySpan<int> indices, FeatureTransform<T>? transform, int first, MatrixView<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        throw new NotSupportedException($"{GetType().Name} gathers whole examples only.");

    /// <summary>Writes targets; the shapes and indices have been checked. To be overridden where <see cref="TargetWidth"/> is not
    /// 0.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="indices">Which examples.</param>
    /// <param name="destination">Where to, <c>[indices.Length, TargetWidth]</c>.</param>
    protected virtual void GatherTargetsCore<T>(ReadOnlySpan<int> indices, MatrixView<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        throw new InvalidOperationException(
            $"{GetType().Name} says that it has {TargetWidth} targets, and does not override {nameof(GatherTargetsCore)}.");

    /// <summary>
    /// Where examples stand as bytes, one after the other in one array, each of <c>ExampleShape.Count</c> of them: then they need not be
    /// gathered to be read.
    /// </summary>
    /// <param name="indices">Which examples; they have been checked.</param>
    /// <param name="rows">Which rows of the array they are; as many.</param>
    /// <returns>The array; null, by default, where the examples do not stand so.</returns>
    internal virtual byte[]? Locate(ReadOnlySpan<int> indices, Span<int> rows) => null;

    internal void CheckTransform<T>(FeatureTransform<T>? transform)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (transform is not null && transform.Features != ExampleShape.Count)
        {
            throw new ArgumentException(
                $"The transform must have {ExampleShape.Count} features, one for each of an example's; found {transform.Features}.",
                nameof(transform));
        }
    }

    internal void CheckIndices(ReadOnlySpan<int> indices)
    {
        for (int i = 0; i < indices.Length; i++)
        {
            if ((uint)indices[i] >= (uint)Count)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(indices), $"An example's index is from 0 to {Count - 1}; found {indices[i]} at position {i}.");
            }
        }
    }

    internal void CheckRange(int first, int count)
    {
        if (first < 0 || count < 0 || (long)first + count > Count)
        {
            throw new ArgumentOutOfRangeException(
                nameof(count), $"{count} examples from {first} on do not lie within the {Count} there are.");
        }
    }
}
