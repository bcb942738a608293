namespace DeepLearn.Layers;

/// <summary>
/// How elementwise work on a matrix is divided into parts for <see cref="Foundation.WorkerPool.Run"/>: by elements where its rows follow
/// each other without a gap, else by rows. No result depends on it.
/// </summary>
/// <example><code>
/// var matrix = new Matrix&lt;float&gt;(100, 64);
/// var split = new ElementSplit(matrix.Rows, matrix.Columns, isFlat: false, elementsOfPart: 1_000);
/// for (int part = 0; part &lt; split.Parts; part++)    // or a body of a WorkerPool
/// {
///     (int first, int end, int length) = split.RunsOf(part, out int offset);
///     for (int row = first; row &lt; end; row++)
///         matrix.Row(row).Slice(offset, length).Fill(1);
/// }
/// </code></example>
public readonly struct ElementSplit
{
    private readonly int _rows;
    private readonly int _columns;
    private readonly bool _isFlat;
    private readonly int _size;

    /// <summary>Divides a matrix.</summary>
    /// <param name="rows">The number of rows.</param>
    /// <param name="columns">The number of columns.</param>
    /// <param name="isFlat">Whether the rows of all matrices that take part follow each other without a gap.</param>
    /// <param name="elementsOfPart">
    /// About how many elements a part has, at least 1. Their work should take much longer than handing the part to another thread, which
    /// takes about a microsecond.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public ElementSplit(int rows, int columns, bool isFlat, int elementsOfPart)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        ArgumentOutOfRangeException.ThrowIfLessThan(elementsOfPart, 1);
        _rows = rows;
        _columns = columns;
        _isFlat = isFlat;
        _size = isFlat ? elementsOfPart : Math.Max(1, elementsOfPart / Math.Max(columns, 1));
        int total = isFlat ? rows * columns : rows;
        Parts = (int)(((long)total + _size - 1) / _size);
    }

    /// <summary>The number of parts.</summary>
    public int Parts { get; }

    /// <summary>The runs of a part: from a first row to before an end, so many elements each, from an offset in the row.</summary>
    /// <param name="part">The part, from 0.</param>
    /// <param name="offset">Where in each row the elements begin; a flat matrix counts as one row.</param>
    public (int First, int End, int Length) RunsOf(int part, out int offset)
    {
        offset = _isFlat ? part * _size : 0;
        return _isFlat
            ? (0, 1, Math.Min(_size, (_rows * _columns) - offset))
            : (part * _size, Math.Min(_rows, (part + 1) * _size), _columns);
    }
}
