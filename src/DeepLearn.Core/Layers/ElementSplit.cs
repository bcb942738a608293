namespace DeepLearn.Layers;

/// <summary>
/// How elementwise work on a matrix is divided into parts: by elements where its rows follow each other without a gap, else by rows.
/// No result depends on it.
/// </summary>
internal readonly struct ElementSplit
{
    private readonly int _rows;
    private readonly int _columns;
    private readonly bool _isFlat;
    private readonly int _size;

    public ElementSplit(int rows, int columns, bool isFlat, int elementsOfPart)
    {
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
    public (int First, int End, int Length) RunsOf(int part, out int offset)
    {
        offset = _isFlat ? part * _size : 0;
        return _isFlat
            ? (0, 1, Math.Min(_size, (_rows * _columns) - offset))
            : (part * _size, Math.Min(_rows, (part + 1) * _size), _columns);
    }
}
