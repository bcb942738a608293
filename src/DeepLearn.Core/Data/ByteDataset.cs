using System.Numerics;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Tensors;

namespace DeepLearn.Data;

/// <summary>
/// Examples of bytes in memory, one after the other, as image files have them. They take a quarter of the memory that floats take, and a
/// model that reads bytes uses them where they stand.
/// </summary>
/// <example><code>
/// var description = new DatasetDescription(new Shape(2, 2, 1)) { Classes = 2, ClassNames = ["dark", "light"] };
/// var images = new ByteDataset([0, 10, 20, 0, 250, 240, 255, 255], labels: [0, 1], description);
/// Console.WriteLine(images.Example(1)[2]);    // prints 255
/// </code></example>
public sealed class ByteDataset : Dataset
{
    private readonly byte[] _examples;

    /// <summary>Makes a data set over bytes, which are not copied.</summary>
    /// <param name="examples">
    /// The examples one after the other, each of <c>description.ExampleShape.Count</c> bytes. Kept, not copied: not to be changed
    /// afterwards.
    /// </param>
    /// <param name="labels">The class of each example, or null where there are none. Kept, not copied.</param>
    /// <param name="description">What an example looks like; without real-valued targets.</param>
    /// <exception cref="ArgumentException">
    /// The number of bytes is not a whole number of examples, the labels do not fit, or targets are described.
    /// </exception>
    public ByteDataset(byte[] examples, int[]? labels, DatasetDescription description)
        : base(CountOf(examples, description), description, labels)
    {
        _examples = examples;
    }

    /// <inheritdoc/>
    public override long OwnMemoryInBytes => base.OwnMemoryInBytes + _examples.LongLength;

    /// <inheritdoc/>
    public override bool HoldsBytes => true;

    /// <summary>The bytes of one example. Valid as long as the data set.</summary>
    /// <param name="index">The example.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such example.</exception>
    public ReadOnlySpan<byte> Example(int index) => Bytes(index).Span;

    /// <inheritdoc/>
    public override bool GathersFeatures => true;

    /// <inheritdoc/>
    protected override void GatherCore<T>(ReadOnlySpan<int> indices, FeatureTransform<T>? transform, MatrixView<T> destination) =>
        GatherFeaturesCore(indices, transform, 0, destination);

    /// <inheritdoc/>
    protected override void GatherFeaturesCore<T>(
        ReadOnlySpan<int> indices, FeatureTransform<T>? transform, int first, MatrixView<T> destination)
    {
        ReadOnlySpan<byte> source = _examples.AsSpan(first);
        int stride = ExampleShape.Count, count = destination.Columns;
        if (transform is null)
            ByteConversion.ConvertRows(source, stride, indices, T.One, T.Zero, destination);
        else
        {
            ByteConversion.ConvertRows(
                source, stride, indices, transform.Scale.Slice(first, count), transform.Offset.Slice(first, count), destination);
        }
    }

    /// <inheritdoc/>
    protected override ReadOnlyMemory<byte> BytesCore(int index) => _examples.AsMemory(index * ExampleShape.Count, ExampleShape.Count);

    private static int CountOf(byte[] examples, DatasetDescription description)
    {
        ArgumentNullException.ThrowIfNull(examples);
        ArgumentNullException.ThrowIfNull(description);
        if (description.TargetWidth != 0)
        {
            throw new ArgumentException(
                $"A data set of bytes has no real-valued targets; found {description.TargetWidth}.", nameof(description));
        }
        int features = description.ExampleShape.Count;
        if (examples.Length % features != 0)
        {
            throw new ArgumentException(
                $"Examples of shape {description.ExampleShape} take {features} bytes each; found {examples.Length} bytes, "
                + $"{examples.Length % features} too many.",
                nameof(examples));
        }
        return examples.Length / features;
    }
}
