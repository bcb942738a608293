using System.Numerics;
using DeepLearn.Tensors;

namespace DeepLearn.Tests.Support;

/// <summary>A matrix whose rows do not follow each other without a gap; what stands in the gaps has to stay as it was.</summary>
public sealed class SpacedRows<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Gap = 3;
    private readonly Matrix<T> _matrix;
    private readonly int _columns;

    /// <summary>A matrix in which everything is the same number.</summary>
    public SpacedRows(int rows, int columns, T fill)
    {
        (_matrix, _columns) = (new(rows, columns + Gap), columns);
        _matrix.AsSpan().Fill(T.CreateChecked(77));
        View.Fill(fill);
    }

    /// <summary>A matrix of given numbers, row after row.</summary>
    public SpacedRows(int rows, int columns, IReadOnlyList<double> numbers)
        : this(rows, columns, T.Zero)
    {
        for (int i = 0; i < numbers.Count; i++)
            View[i / columns, i % columns] = T.CreateChecked(numbers[i]);
    }

    public MatrixView<T> View => _matrix.View.Slice(0, 0, _matrix.Rows, _columns);

    /// <summary>The numbers, row after row.</summary>
    /// <exception cref="InvalidOperationException">Something was written between the rows.</exception>
    public T[] Numbers()
    {
        var numbers = new List<T>();
        for (int row = 0; row < _matrix.Rows; row++)
        {
            numbers.AddRange(_matrix.Row(row)[.._columns]);
            foreach (T beside in _matrix.Row(row)[_columns..])
            {
                if (beside != T.CreateChecked(77))
                    throw new InvalidOperationException($"Row {row} was written beyond its {_columns} columns.");
            }
        }
        return [.. numbers];
    }
}
