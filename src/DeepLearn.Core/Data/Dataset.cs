using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Tensors;

namespace DeepLearn.Data;

/// <summary>A fixed list of examples of one shape, each with a class label, a row of real-valued targets, both or neither.</summary>
/// <remarks>
/// Examples stay as they were read (bytes stay bytes) and are converted and normalized as they are gathered into a batch. A data set is
/// immutable: any number of threads may read it at once, and subsets share one copy of the examples. To add a kind of data, derive from
/// this class and write <see cref="GatherCore"/>; where examples stand as bytes in memory, <see cref="HoldsBytes"/> and
/// <see cref="BytesCore"/> do, and training reads them where they stand.
/// </remarks>
/// <example><code>
/// using DeepLearn.Tensors.Files;
///
/// NumericArray features = NumericArray.Of&lt;float&gt;([0.5f, 1, 1.5f, 2, 2.5f, 3], 3, 2);
/// Dataset data = Dataset.FromArray&lt;float&gt;(features, NumericArray.Of&lt;long&gt;([0, 1, 0]));
/// Console.WriteLine($"{data.Count} examples of {data.ExampleShape}, {data.Classes} classes");    // prints 3 examples of [2], 2 classes
/// </code></example>
/// <example><code>
/// // A data set of your own: stripes that lie or stand, made from their number.
/// sealed class Stripes(int count)
///     : Dataset(count, new DatasetDescription(new Shape(4, 4, 1)) { Classes = 2 }, [.. Enumerable.Range(0, count).Select(i => i % 2)])
/// {
///     private readonly byte[] _pixels =
///         [.. Enumerable.Range(0, count * 16).Select(i => (byte)((i / 16) + (60 * (i / 16 % 2 == 0 ? i % 16 / 4 : i % 4))))];
///
///     public override bool HoldsBytes => true;
///
///     protected override ReadOnlyMemory&lt;byte&gt; BytesCore(int index) => _pixels.AsMemory(index * 16, 16);
/// }
/// </code></example>
public abstract partial class Dataset
{
    private readonly int[] _labels;

    /// <summary>Sets what every data set has.</summary>
    /// <param name="count">The number of examples, at least 0.</param>
    /// <param name="description">What an example looks like.</param>
    /// <param name="labels">
    /// The class of each example, or none where <see cref="DatasetDescription.Classes"/> is 0. Kept, not copied: not to be changed
    /// afterwards.
    /// </param>
    /// <exception cref="ArgumentException">
    /// A count below 0, a description that contradicts itself, a number of labels other than that of the examples, or a label outside 0 to
    /// classes - 1.
    /// </exception>
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

    /// <summary>The number of classes; 0 if the examples have no class labels.</summary>
    public int Classes => Description.Classes;

    /// <summary>The number of real-valued targets of an example; 0 if there are none.</summary>
    public int TargetWidth => Description.TargetWidth;

    /// <summary>
    /// The class of each example, from 0 to <see cref="Classes"/> - 1; empty if <see cref="Classes"/> is 0. Valid as long as the data set.
    /// </summary>
    public ReadOnlySpan<int> Labels => _labels;

    /// <summary>The data sets that this one is a view on; empty, the default, if it holds its examples itself.</summary>
    public virtual IReadOnlyList<Dataset> Sources => [];

    /// <summary>
    /// The bytes that this data set holds itself: examples, labels, indices; not those of its <see cref="Sources"/>. By default the
    /// labels'.
    /// </summary>
    public virtual long OwnMemoryInBytes => _labels.Length * (long)sizeof(int);

    /// <summary>The bytes that some data sets hold together, with all that they are views on, each counted once.</summary>
    /// <param name="datasets">The data sets.</param>
    public static long MemoryInBytes(params Dataset[] datasets)
    {
        ArgumentNullException.ThrowIfNull(datasets);
        var seen = new HashSet<Dataset>(ReferenceEqualityComparer.Instance);
        long total = 0;
        foreach (Dataset dataset in datasets)
            Add(dataset);
        return total;

        void Add(Dataset dataset)
        {
            ArgumentNullException.ThrowIfNull(dataset, nameof(datasets));
            if (!seen.Add(dataset))
                return;
            total += dataset.OwnMemoryInBytes;
            foreach (Dataset source in dataset.Sources)
                Add(source);
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
