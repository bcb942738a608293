using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Tensors;
using DeepLearn.Tensors.Files;

namespace DeepLearn.Data;

/// <summary>Checks arrays of examples and labels, and converts them.</summary>
internal static class ArrayExamples
{
    /// <summary>The shape of an example.</summary>
    public static Shape ShapeOf(NumericArray features, Shape? exampleShape)
    {
        ArgumentNullException.ThrowIfNull(features);
        return ShapeOf(ValueList.Create<long>([.. features.Shape.Select(extent => (long)extent)]), features.Source, exampleShape);
    }

    /// <summary>The shape of an example of an array of given extents.</summary>
    public static Shape ShapeOf(ValueList<long> extents, string source, Shape? exampleShape)
    {
        if (extents.Count == 0)
            throw new InvalidDataException($"{source}: expected examples along the first axis; found a single number.");
        Int128 count = 1;
        foreach (long extent in extents.Skip(1))
            count = Int128.Min(count * extent, (Int128)int.MaxValue + 1);
        if (count < 1 || count > int.MaxValue)
        {
            throw new InvalidDataException(
                $"{source}: expected examples of 1 to {int.MaxValue} numbers; found the extents {extents}.");
        }
        if (exampleShape is not null && exampleShape.Count != count)
        {
            throw new InvalidDataException(
                $"{source}: expected examples of shape {exampleShape}, {exampleShape.Count} numbers; found the extents {extents}.");
        }
        return exampleShape ?? (extents.Count == 1 ? new Shape(1) : new Shape([.. extents.Skip(1).Select(extent => (int)extent)]));
    }

    /// <summary>The class of each example, and the number of classes where it is 0.</summary>
    /// <param name="labels">The labels; null for none.</param>
    /// <param name="examples">The number of examples.</param>
    /// <param name="source">Where they are from.</param>
    /// <param name="classes">The number of classes; 0 for one more than the largest label, unless that looks like no class.</param>
    /// <param name="withTargets">What takes numbers instead of classes.</param>
    public static int[]? LabelsOf(NumericArray? labels, long examples, string source, ref int classes, string withTargets)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(classes);
        if (labels is null)
        {
            return classes == 0 ? null
                : throw new ArgumentException($"Examples of {classes} classes have labels; found none.", nameof(labels));
        }
        int[] classOfEach = labels.ToIntegers();
        bool isColumn = labels.Shape.Count == 1 || (labels.Shape.Count == 2 && labels.Shape[1] == 1);
        if (!isColumn || classOfEach.Length != examples)
        {
            throw new InvalidDataException(
                $"{labels.Source}: expected {examples} labels, one for each example of {source}; found the shape {labels.Shape}.");
        }
        int most = classes > 0 ? classes : int.MaxValue, largest = 0;
        for (int i = 0; i < classOfEach.Length; i++)
        {
            if (classOfEach[i] < 0 || classOfEach[i] >= most)
                throw new InvalidDataException($"{labels.Source}, element {i}: a label is from 0 to {most - 1}; found {classOfEach[i]}.");
            largest = Math.Max(largest, classOfEach[i]);
        }
        if (classes == 0)
        {
            LabelNumbers.Require(classOfEach, largest, labels.Source, withTargets);
            classes = largest + 1;
        }
        return classOfEach;
    }

    /// <summary>The examples as rows.</summary>
    public static Matrix<T> RowsOf<T>(NumericArray features, Shape shape)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var rows = new Matrix<T>(features.Shape[0], shape.Count);
        features.CopyTo(rows.AsSpan(), mayRound: true);
        if (typeof(T) == typeof(float) && features.ElementType is not (NumericType.Float32 or NumericType.Float16))
            RequirePrecision<T>(features, shape.Count);
        return rows;
    }

    // Column by column, in pieces of many columns, so that an array is walked row by row.
    private static void RequirePrecision<T>(NumericArray array, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (array.ElementType is NumericType.UInt8 or NumericType.Int8 or NumericType.Boolean or NumericType.UInt16 or NumericType.Int16)
            return;
        var exact = new double[columns];
        var guard = new RoundingGuard<T>(columns);
        int size = array.AsBytes().Length / Math.Max(array.Count, 1) * columns;
        for (int row = 0; row < array.Shape[0]; row++)
        {
            NumericConversion.Convert(array.AsBytes().Slice(row * size, size), array.ElementType, exact.AsSpan(), mayRound: true);
            guard.Add(exact, column => $"{array.Source}, row {row}, column {column}");
        }
        guard.Require(column => $"{array.Source}, column {column}");
    }
}
