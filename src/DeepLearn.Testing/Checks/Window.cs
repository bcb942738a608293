using System.Numerics;
using DeepLearn.Tensors;

namespace DeepLearn.Testing.Checks;

/// <summary>A window within a wider matrix of NaN: a read outside it gives NaN, and a write outside it is found.</summary>
internal sealed class Window<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Left = 2, Right = 3;
    private readonly Matrix<T> _wide;
    private readonly int _rows;
    private readonly int _columns;

    /// <summary>Makes a window whose own elements are NaN too.</summary>
    public Window(int rows, int columns)
    {
        (_rows, _columns) = (rows, columns);
        _wide = Numbers.Filled(rows, Left + columns + Right, T.NaN);
    }

    /// <summary>Makes a window on a copy of some numbers.</summary>
    public Window(ReadOnlyMatrixView<T> content)
        : this(content.Rows, content.Columns) => content.CopyTo(View);

    public MatrixView<T> View => _wide.View.Slice(0, Left, _rows, _columns);

    /// <summary>The elements of the window, row after row; a copy.</summary>
    public T[] ToArray() => Matrix<T>.CopyOf(View).AsSpan().ToArray();

    public void ExpectMarginsUntouched(string what)
    {
        Expect.StillFilledWith(T.NaN, _wide.View.Slice(0, 0, _rows, Left), $"left of {what}");
        Expect.StillFilledWith(T.NaN, _wide.View.Slice(0, Left + _columns, _rows, Right), $"right of {what}");
    }
}
