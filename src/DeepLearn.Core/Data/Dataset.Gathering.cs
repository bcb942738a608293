using System.Numerics;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Tensors;

namespace DeepLearn.Data;

// How examples, labels and targets are written into the memory of a batch.
public abstract partial class Dataset
{
    private const int Chunk = 256;

    /// <summary>Whether <see cref="GatherFeatures"/> can be called. By default it cannot, and whole examples are gathered.</summary>
    public virtual bool GathersFeatures => false;

    /// <summary>Writes examples as they are, without normalization.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="indices">Which examples, in any order, repeats allowed.</param>
    /// <param name="destination">Where to, <c>[indices.Length, ExampleShape.Count]</c>.</param>
    /// <exception cref="ArgumentException">
    /// The destination has another shape, or an index is out of range. Nothing has been written.
    /// </exception>
    public void Gather<T>(ReadOnlySpan<int> indices, MatrixView<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Gather(indices, null, destination);

    /// <summary>
    /// Writes examples, normalized in the same pass: <c>destination = fma(example, scale, offset)</c>, feature by feature.
    /// </summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="indices">Which examples, in any order, repeats allowed.</param>
    /// <param name="transform">What is done to each feature; null writes the examples as they are.</param>
    /// <param name="destination">Where to, <c>[indices.Length, ExampleShape.Count]</c>.</param>
    /// <exception cref="ArgumentException">
    /// The destination or the transform has another shape, or an index is out of range. Nothing has been written.
    /// </exception>
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
    /// Writes some features of examples, normalized in the same pass. Where several threads make a batch, each so writes the features that
    /// it will read, and finds them in its own cache.
    /// </summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="indices">Which examples, in any order, repeats allowed.</param>
    /// <param name="transform">What is done to each feature of whole examples; null writes them as they are.</param>
    /// <param name="first">The first of the features.</param>
    /// <param name="destination">Where to, <c>[indices.Length, number of features]</c>.</param>
    /// <exception cref="NotSupportedException"><see cref="GathersFeatures"/> is false.</exception>
    /// <exception cref="ArgumentException">
    /// The destination or the transform does not fit, or an index is out of range. Nothing has been written.
    /// </exception>
    public void GatherFeatures<T>(ReadOnlySpan<int> indices, FeatureTransform<T>? transform, int first, MatrixView<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckIndices(indices);
        if (destination.Rows != indices.Length || first < 0 || destination.Columns > ExampleShape.Count - first)
        {
            throw new ArgumentException(
                $"Some features of {indices.Length} examples of shape {ExampleShape} fill as many rows of at most {ExampleShape.Count}; "
                + $"found {destination.ToString()} from feature {first} on.",
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
    /// <exception cref="ArgumentException">The destination or the transform has another shape, or there are fewer examples.</exception>
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

    /// <summary>Adds examples to the sums that means and standard deviations are made of.</summary>
    /// <remarks>
    /// The default adds bytes exactly where the data set <see cref="HoldsBytes"/>, and gathers in double elsewhere; a data set of other
    /// integers overrides it to add them exactly and faster.
    /// </remarks>
    /// <param name="indices">Which examples.</param>
    /// <param name="moments">The sums, of <c>ExampleShape.Count</c> features.</param>
    public virtual void AddTo(ReadOnlySpan<int> indices, FeatureMoments moments)
    {
        ArgumentNullException.ThrowIfNull(moments);
        if (HoldsBytes)
        {
            foreach (int index in indices)
                moments.Add(Bytes(index).Span);
            return;
        }
        var row = new Matrix<double>(1, ExampleShape.Count);
        foreach (int index in indices)
        {
            Gather(new ReadOnlySpan<int>(in index), row.View);
            moments.Add(row.AsSpan());
        }
    }

    /// <summary>
    /// Writes examples; the shapes and indices have been checked. To be overridden, unless the data set <see cref="HoldsBytes"/>: then the
    /// default converts them.
    /// </summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="indices">Which examples.</param>
    /// <param name="transform">What is done to each feature; null writes the examples as they are.</param>
    /// <param name="destination">Where to, <c>[indices.Length, ExampleShape.Count]</c>; its stride may exceed its columns.</param>
    protected virtual void GatherCore<T>(ReadOnlySpan<int> indices, FeatureTransform<T>? transform, MatrixView<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < indices.Length; i++)
        {
            ReadOnlySpan<byte> example = Bytes(indices[i]).Span;
            if (transform is null)
                ByteConversion.Convert(example, T.One, T.Zero, destination.Row(i));
            else
                transform.Apply(example, destination.Row(i));
        }
    }

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

    /// <summary>
    /// Writes targets; the shapes and indices have been checked. To be overridden where <see cref="TargetWidth"/> is not 0.
    /// </summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="indices">Which examples.</param>
    /// <param name="destination">Where to, <c>[indices.Length, TargetWidth]</c>.</param>
    protected virtual void GatherTargetsCore<T>(ReadOnlySpan<int> indices, MatrixView<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        throw new InvalidOperationException(
            $"{GetType().Name} says that it has {TargetWidth} targets, and does not override {nameof(GatherTargetsCore)}.");

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
}
