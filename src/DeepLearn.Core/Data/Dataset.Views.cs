using DeepLearn.Foundation;

namespace DeepLearn.Data;

// Views: lists of indices, without a copy of an example.
public abstract partial class Dataset
{
    /// <summary>The examples at the given places, in that order, as a view: no example is copied.</summary>
    /// <param name="indices">Which examples; copied.</param>
    /// <exception cref="ArgumentException">An index is out of range.</exception>
    public Dataset Subset(ReadOnlySpan<int> indices) => new Subset(this, indices.ToArray());

    /// <summary>Consecutive examples, as a view.</summary>
    /// <param name="first">The first example.</param>
    /// <param name="count">The number of examples.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer examples.</exception>
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
    /// <exception cref="ArgumentOutOfRangeException">There are fewer examples.</exception>
    public Dataset Take(int count) => Slice(0, count);

    /// <summary>All but the first examples, as a view.</summary>
    /// <param name="count">How many are left out.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer examples.</exception>
    public Dataset Skip(int count)
    {
        CheckRange(0, count);
        return Slice(count, Count - count);
    }

    /// <summary>Sets examples chosen at random aside for validation; both parts are views, each in the order of the whole.</summary>
    /// <param name="validationCount">How many are set aside, at least 1 and fewer than there are.</param>
    /// <param name="key">The name of the random choice: the same key chooses the same examples.</param>
    /// <exception cref="ArgumentOutOfRangeException">A part would have no example.</exception>
    public (Dataset Training, Dataset Validation) Split(int validationCount, RandomKey key)
    {
        RowParts rows = new RowSplits(Count, "examples").ByCount(validationCount, key);
        return (Subset(rows.Training), Subset(rows.Validation));
    }

    /// <summary>
    /// This data set with the classes and features of another one, matched by their names: a view, or this data set itself where they are
    /// the same already. Validation data that were read by themselves may have their columns in another order, or lack a class; images may
    /// have their pixels in the other order.
    /// </summary>
    /// <param name="description">What the other data set's examples look like.</param>
    /// <exception cref="ArgumentException">
    /// The shapes, the preparations or the number of targets differ, a name is missing on one side, or names are unknown where they would
    /// be needed; the message says what differs.
    /// </exception>
    public Dataset AlignedTo(DatasetDescription description)
    {
        ArgumentNullException.ThrowIfNull(description);
        return Alignment.Align(this, description);
    }

    /// <summary>
    /// These images in the other order of pixels, as a view: where a network of convolutions, which takes <c>[height, width, channels]</c>,
    /// is to learn from files that hold <c>[channels, height, width]</c>.
    /// </summary>
    /// <param name="order">The order. Where the images have it already, it is this data set itself.</param>
    /// <exception cref="ArgumentException">The examples are not images: they have not three axes.</exception>
    public Dataset InOrder(PixelOrder order)
    {
        if (!Enum.IsDefined(order))
            throw new ArgumentOutOfRangeException(nameof(order), $"The order of pixels is ChannelsLast or Planar; found {order}.");
        if (ImageLayout.Of(Description).Order == order)
            return this;
        DatasetDescription found = Description;
        return AlignedTo(new(PixelOrders.Reordered(found.ExampleShape, order))
        {
            Order = order,
            Classes = found.Classes,
            ClassNames = found.ClassNames,
            TargetWidth = found.TargetWidth,
            Preparation = found.Preparation,
        });
    }

    /// <summary>
    /// Data sets one after the other, as a view. Where they name their classes or features, these are matched to the first one's by name,
    /// and orders of pixels to its order.
    /// </summary>
    /// <param name="parts">
    /// The data sets: at least one, all of the same shape, order of pixels, number of classes and width of targets.
    /// </param>
    /// <exception cref="ArgumentException">There is none, they do not fit together, or the first one lacks a name of another's.</exception>
    public static Dataset Concatenate(params Dataset[] parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        foreach (Dataset part in parts)
            ArgumentNullException.ThrowIfNull(part, nameof(parts));
        return parts.Length == 1 ? parts[0] : new Concatenation([.. parts.Select(Named)]);

        Dataset Named(Dataset part)
        {
            DatasetDescription first = parts[0].Description, other = part.Description;
            return Differ(first.ClassNames, other.ClassNames) || Differ(first.FeatureNames, other.FeatureNames)
                || first.Order != other.Order || Likeness.AreOtherwise(first.Preparation, other.Preparation)
                ? part.AlignedTo(first)
                : part;
        }

        static bool Differ(ValueList<string> one, ValueList<string> other) => one.Count > 0 && other.Count > 0 && one != other;
    }
}
