using System.Diagnostics.CodeAnalysis;

namespace DeepLearn.Tensors;

/// <summary>The checks that the matrix and its two views share, and how messages write a shape.</summary>
internal static class MatrixLayout
{
    public static void Check(int available, int rows, int columns, int stride)
    {
        if (rows < 0 || columns < 0)
            throw new ArgumentException($"A matrix has at least 0 rows and columns; found [{rows}, {columns}].");
        if (stride < columns)
        {
            throw new ArgumentException(
                $"The stride of a [{rows}, {columns}] matrix is at least {columns}; found {stride}.", nameof(stride));
        }
        long needed = rows == 0 || columns == 0 ? 0 : ((long)(rows - 1) * stride) + columns;
        if (available < needed)
        {
            throw new ArgumentException(
                $"A [{rows}, {columns}] matrix with a stride of {stride} needs {needed} elements; found {available}.");
        }
    }

    public static void CheckIndex(int row, int column, int rows, int columns)
    {
        if ((uint)row >= (uint)rows || (uint)column >= (uint)columns)
            ThrowIndex(row, column, rows, columns);
    }

    public static void CheckSlice(int row, int column, int rows, int columns, int ofRows, int ofColumns)
    {
        if (row < 0 || column < 0 || rows < 0 || columns < 0 || (long)row + rows > ofRows || (long)column + columns > ofColumns)
            throw new ArgumentOutOfRangeException(
                nameof(row), $"A slice of [{rows}, {columns}] at ({row}, {column}) does not lie within [{ofRows}, {ofColumns}].");
    }

    public static void CheckContiguous(bool isContiguous, int rows, int columns, int stride)
    {
        if (!isContiguous)
            throw new InvalidOperationException($"The rows of a [{rows}, {columns}] matrix with a stride of {stride} are not contiguous.");
    }

    public static void CheckSameShape(int rows, int columns, int otherRows, int otherColumns)
    {
        if (rows != otherRows || columns != otherColumns)
            throw new ArgumentException($"The destination must be [{rows}, {columns}]; found [{otherRows}, {otherColumns}].");
    }

    public static string Describe(int rows, int columns, int stride) =>
        stride == columns ? $"[{rows}, {columns}]" : $"[{rows}, {columns}] with a stride of {stride}";

    [DoesNotReturn]
    private static void ThrowIndex(int row, int column, int rows, int columns) =>
        throw new ArgumentOutOfRangeException(nameof(row), $"({row}, {column}) lies outside a [{rows}, {columns}] matrix.");
}
