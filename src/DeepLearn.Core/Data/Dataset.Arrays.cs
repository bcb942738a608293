using System.Numerics;
using DeepLearn.Tensors;
using DeepLearn.Tensors.Files;

namespace DeepLearn.Data;

// Data sets of arrays that were read from files of NumPy's or IDX's format, or were made in memory.
public abstract partial class Dataset
{
    /// <summary>What takes numbers to be predicted, for messages about labels that look like such.</summary>
    internal const string WithTargets = $"{nameof(Dataset)}.{nameof(FromArrays)}";

    /// <summary>Examples of an array: bytes stay bytes, other numbers become <typeparamref name="T"/>.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>. A double of the array is rounded to float.</typeparam>
    /// <param name="features">The examples along the first axis; the other axes are the shape of an example.</param>
    /// <param name="labels">The class of each example, whole numbers from 0; null, the default, if there are none.</param>
    /// <param name="classes">
    /// The number of classes; 0, the default, for one more than the largest label. Labels that look like numbers to be predicted, such as
    /// prices, are then refused.
    /// </param>
    /// <param name="exampleShape">
    /// The shape of an example, of as many elements, such as <c>[28, 28, 1]</c> for images without an axis of channels; null, the default,
    /// for that of the array.
    /// </param>
    /// <param name="order">
    /// Of images, which axis is the channels: <see cref="PixelOrder.ChannelsLast"/> or, as PyTorch has them,
    /// <see cref="PixelOrder.Planar"/>, which <see cref="InOrder"/> turns for a network of convolutions. Null, the default, for channels
    /// last, but refuses what looks planar.
    /// </param>
    /// <exception cref="InvalidDataException">
    /// The arrays do not fit, a label is out of range or looks like a number to be predicted, a number is beyond the range of
    /// <typeparamref name="T"/>, a feature's numbers are so close together that it would merge them, or images look planar and nothing is
    /// said of it; the message names the file.
    /// </exception>
    public static Dataset FromArray<T>(
        NumericArray features, NumericArray? labels = null, int classes = 0, Shape? exampleShape = null, PixelOrder? order = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Shape shape = ArrayExamples.ShapeOf(features, exampleShape);
        int[]? classOfEach = ArrayExamples.LabelsOf(labels, features.Shape[0], features.Source, ref classes, WithTargets);
        var description = new DatasetDescription(shape)
        {
            Classes = classes,
            Order = PixelOrders.Of(shape, order, features.Source),
        };
        if (features.ElementType == NumericType.UInt8)
            return new ByteDataset(features.Bytes, classOfEach, description);
        return new DenseDataset<T>(ArrayExamples.RowsOf<T>(features, shape), classOfEach, null, description);
    }

    /// <summary>Examples with real-valued targets of two arrays.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>. A double of an array is rounded to float.</typeparam>
    /// <param name="features">The examples along the first axis; the other axes are the shape of an example.</param>
    /// <param name="targets">The targets, <c>[examples]</c> or <c>[examples, targets]</c>.</param>
    /// <param name="order">Of images, which axis is the channels, as for <see cref="FromArray"/>.</param>
    /// <exception cref="InvalidDataException">
    /// The arrays do not fit, or as for <see cref="FromArray"/>; the message names the file.
    /// </exception>
    public static Dataset FromArrays<T>(NumericArray features, NumericArray targets, PixelOrder? order = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Shape shape = ArrayExamples.ShapeOf(features, null);
        ArgumentNullException.ThrowIfNull(targets);
        if (targets.Shape.Count is not (1 or 2) || targets.Shape[0] != features.Shape[0] || targets.Shape[^1] == 0)
        {
            throw new InvalidDataException(
                $"{targets.Source}: expected targets of the shape [{features.Shape[0]}] or [{features.Shape[0]}, targets], a row for each "
                + $"example of {features.Source}; found {targets.Shape}.");
        }
        Matrix<T> rows = ArrayExamples.RowsOf<T>(features, shape);
        Matrix<T> targetRows = ArrayExamples.RowsOf<T>(targets, targets.Shape.Count == 1 ? 1 : targets.Shape[1]);
        return new DenseDataset<T>(rows, null, targetRows, new DatasetDescription(shape)
        {
            TargetWidth = targetRows.Columns,
            Order = PixelOrders.Of(shape, order, features.Source),
        });
    }
}
