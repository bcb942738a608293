using System.Numerics;
using System.Numerics.Tensors;
using DeepLearn.Foundation;
using DeepLearn.Tensors;
using DeepLearn.Tensors.Files;

namespace DeepLearn.Data;

/// <summary>Examples of floating-point numbers in memory, such as the rows of a table.</summary>
/// <typeparam name="TValue">
/// The precision in memory, <see cref="float"/> or <see cref="double"/>. A batch may have either: float to double is exact, double to float
/// rounds to nearest.
/// </typeparam>
/// <example><code>
/// var flowers = DenseDataset&lt;float&gt;.FromArray(new float[,] { { 5.1f, 3.5f }, { 7, 3.2f } }, labels: [0, 1], classes: 2);
/// var numbers = DenseDataset&lt;float&gt;.FromArray(new float[,] { { 1 }, { 2 } }, targets: new float[,] { { 2 }, { 4 } });
/// </code></example>
public sealed class DenseDataset<TValue> : Dataset
    where TValue : unmanaged, IBinaryFloatingPointIeee754<TValue>
{
    private readonly Matrix<TValue> _features;
    private readonly Matrix<TValue>? _targets;

    /// <summary>Makes a data set of matrices, which it keeps and does not copy: do not change them afterwards.</summary>
    /// <param name="features">The features, <c>[examples, description.ExampleShape.Count]</c>.</param>
    /// <param name="labels">The class of each example, from 0; null if there are no classes.</param>
    /// <param name="targets">The numeric targets, <c>[examples, description.TargetWidth]</c>; null if there are none.</param>
    /// <param name="description">What an example looks like.</param>
    /// <exception cref="ArgumentException">Shapes or labels do not fit the description.</exception>
    public DenseDataset(Matrix<TValue> features, int[]? labels, Matrix<TValue>? targets, DatasetDescription description)
        : base(CountOf(features, targets, description), description, labels)
    {
        _features = features;
        _targets = targets;
    }

    /// <summary>Makes a data set for classification. It keeps the arrays and does not copy them: do not change them afterwards.</summary>
    /// <param name="features">The features, <c>[examples, features]</c>, at least one feature.</param>
    /// <param name="labels">The class of each example, from 0 to <paramref name="classes"/> - 1.</param>
    /// <param name="classes">The number of classes, at least 1.</param>
    /// <exception cref="ArgumentException">The number of labels is not that of the examples, or a number is out of range.</exception>
    public DenseDataset(Matrix<TValue> features, int[] labels, int classes)
        : this(features, labels, null, new DatasetDescription(WidthOf(features)) { Classes = AtLeastOne(classes) })
    {
    }

    /// <summary>
    /// Makes a data set with numeric targets: for regression, or for soft labels. It keeps the matrices and does not copy them: do not
    /// change them afterwards.
    /// </summary>
    /// <param name="features">The features, <c>[examples, features]</c>, at least one feature.</param>
    /// <param name="targets">The targets, <c>[examples, targets]</c>, at least one target.</param>
    /// <exception cref="ArgumentException">The number of rows differs, or there is no feature or no target.</exception>
    public DenseDataset(Matrix<TValue> features, Matrix<TValue> targets)
        : this(features, null, targets, new DatasetDescription(WidthOf(features)) { TargetWidth = WidthOf(targets).Count })
    {
    }

    /// <inheritdoc/>
    public override unsafe long OwnMemoryInBytes =>
        base.OwnMemoryInBytes + (((long)_features.Count + (_targets?.Count ?? 0)) * sizeof(TValue));

    /// <summary>Makes a data set for classification from a two-dimensional array, which is copied.</summary>
    /// <param name="features">The features, <c>[examples, features]</c>, at least one feature.</param>
    /// <param name="labels">The class of each example, from 0 to <paramref name="classes"/> - 1; copied.</param>
    /// <param name="classes">The number of classes, at least 1.</param>
    /// <exception cref="ArgumentException">The number of labels is not that of the examples, or a number is out of range.</exception>
    public static DenseDataset<TValue> FromArray(TValue[,] features, ReadOnlySpan<int> labels, int classes) =>
        new(Matrix<TValue>.FromArray(features), labels.ToArray(), classes);

    /// <summary>Makes a data set with numeric targets from two-dimensional arrays, which are copied.</summary>
    /// <param name="features">The features, <c>[examples, features]</c>, at least one feature.</param>
    /// <param name="targets">The targets, <c>[examples, targets]</c>, at least one target.</param>
    /// <exception cref="ArgumentException">The number of rows differs, or there is no feature or no target.</exception>
    public static DenseDataset<TValue> FromArray(TValue[,] features, TValue[,] targets) =>
        new(Matrix<TValue>.FromArray(features), Matrix<TValue>.FromArray(targets));

    /// <summary>Makes a data set with numeric targets: as <see cref="FromArray(TValue[,], TValue[,])"/>.</summary>
    /// <param name="features">The features, <c>[examples, features]</c>, at least one feature.</param>
    /// <param name="targets">The targets, <c>[examples, targets]</c>, at least one target.</param>
    /// <exception cref="ArgumentException">The number of rows differs, or there is no feature or no target.</exception>
    public static DenseDataset<TValue> FromArrays(TValue[,] features, TValue[,] targets) => FromArray(features, targets);

    /// <summary>Makes a data set with numeric targets from two arrays that were read: as <see cref="Dataset.FromArrays"/>.</summary>
    /// <param name="features">The examples along the first axis; the other axes are the shape of an example.</param>
    /// <param name="targets">The targets, <c>[examples]</c> or <c>[examples, targets]</c>.</param>
    /// <param name="order">Of images, which axis is the channels, as for <see cref="Dataset.FromArray"/>.</param>
    /// <exception cref="InvalidDataException">As for <see cref="Dataset.FromArrays"/>.</exception>
    public static DenseDataset<TValue> FromArrays(NumericArray features, NumericArray targets, PixelOrder? order = null) =>
        (DenseDataset<TValue>)FromArrays<TValue>(features, targets, order);

    /// <summary>
    /// Makes a data set for classification from a tensor of <c>System.Numerics.Tensors</c>, which is copied. A <c>Tensor&lt;T&gt;</c>
    /// converts to the span by itself.
    /// </summary>
    /// <param name="features">The examples along the first axis; the other axes are the shape of an example.</param>
    /// <param name="labels">The class of each example; copied.</param>
    /// <param name="classes">The number of classes, at least 1.</param>
    /// <param name="order">Of images, which axis is the channels, as for <see cref="Dataset.FromArray"/>.</param>
    /// <exception cref="InvalidDataException">The examples look like planar images, and nothing is said of it.</exception>
    /// <exception cref="ArgumentException">
    /// The tensor has fewer than two axes or no element, the number of labels is not that of the examples, or a label is out of range.
    /// </exception>
    public static DenseDataset<TValue> FromTensor(
        in ReadOnlyTensorSpan<TValue> features, ReadOnlySpan<int> labels, int classes, PixelOrder? order = null)
    {
        (Matrix<TValue> rows, Shape shape) = RowsOf(features);
        return new(rows, labels.ToArray(), null, new DatasetDescription(shape)
        {
            Classes = AtLeastOne(classes),
            Order = PixelOrders.Of(shape, order, "a tensor"),
        });
    }

    /// <summary>Makes a data set with numeric targets from tensors of <c>System.Numerics.Tensors</c>, which are copied.</summary>
    /// <param name="features">The examples along the first axis; the other axes are the shape of an example.</param>
    /// <param name="targets">The targets along the first axis; the product of the others is the number of targets.</param>
    /// <param name="order">Of images, which axis is the channels, as for <see cref="Dataset.FromArray"/>.</param>
    /// <exception cref="InvalidDataException">The examples look like planar images, and nothing is said of it.</exception>
    /// <exception cref="ArgumentException">A tensor has fewer than two axes or no element, or the number of rows differs.</exception>
    public static DenseDataset<TValue> FromTensor(
        in ReadOnlyTensorSpan<TValue> features, in ReadOnlyTensorSpan<TValue> targets, PixelOrder? order = null)
    {
        (Matrix<TValue> rows, Shape shape) = RowsOf(features);
        (Matrix<TValue> targetRows, Shape targetShape) = RowsOf(targets);
        return new(rows, null, targetRows, new DatasetDescription(shape)
        {
            TargetWidth = targetShape.Count,
            Order = PixelOrders.Of(shape, order, "a tensor"),
        });
    }

    /// <inheritdoc/>
    public override bool GathersFeatures => true;

    /// <inheritdoc/>
    protected override void GatherCore<T>(ReadOnlySpan<int> indices, FeatureTransform<T>? transform, MatrixView<T> destination) =>
        GatherFeaturesCore(indices, transform, 0, destination);

    /// <inheritdoc/>
    protected override void GatherFeaturesCore<T>(
        ReadOnlySpan<int> indices, FeatureTransform<T>? transform, int first, MatrixView<T> destination)
    {
        for (int i = 0; i < indices.Length; i++)
        {
            Span<T> row = destination.Row(i);
            ReadOnlySpan<TValue> example = _features.Row(indices[i]).Slice(first, row.Length);
            if (transform is null)
                PrecisionConversion.Convert(example, row);
            else
                transform.ApplyTo(first, example, row);
        }
    }

    /// <inheritdoc/>
    protected override void GatherTargetsCore<T>(ReadOnlySpan<int> indices, MatrixView<T> destination)
    {
        for (int i = 0; i < indices.Length; i++)
            PrecisionConversion.Convert(_targets!.Row(indices[i]), destination.Row(i));
    }

    private static Shape WidthOf(Matrix<TValue> matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        return new Shape(matrix.Columns);
    }

    private static int AtLeastOne(int classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        return classes;
    }

    private static (Matrix<TValue> Rows, Shape Shape) RowsOf(in ReadOnlyTensorSpan<TValue> tensor)
    {
        if (tensor.Rank < 2 || tensor.FlattenedLength == 0)
        {
            throw new ArgumentException(
                $"Examples are a tensor of at least two axes with at least one element; found {tensor.Rank} axes and "
                + $"{tensor.FlattenedLength} elements.");
        }
        var extents = new int[tensor.Rank - 1];
        for (int i = 0; i < extents.Length; i++)
            extents[i] = checked((int)tensor.Lengths[i + 1]);
        var shape = new Shape(extents);
        var rows = new Matrix<TValue>(checked((int)tensor.Lengths[0]), shape.Count);
        tensor.FlattenTo(rows.AsSpan());
        return (rows, shape);
    }

    private static int CountOf(Matrix<TValue> features, Matrix<TValue>? targets, DatasetDescription description)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(description);
        if (features.Columns != description.ExampleShape.Count)
        {
            throw new ArgumentException(
                $"Examples of shape {description.ExampleShape} have {description.ExampleShape.Count} columns; found {features}.");
        }
        if ((targets?.Columns ?? 0) != description.TargetWidth || (targets is not null && targets.Rows != features.Rows))
        {
            string found = targets is null ? "none" : targets.ToString();
            throw new ArgumentException(
                $"The targets must be [{features.Rows}, {description.TargetWidth}]; found {found}.", nameof(targets));
        }
        return features.Rows;
    }
}
