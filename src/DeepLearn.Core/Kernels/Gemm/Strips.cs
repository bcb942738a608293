using System.Numerics;

namespace DeepLearn.Kernels.Gemm;

/// <summary>
/// The columns of the result divided in strips, each as wide as a tile: some full vectors, and in the last strip perhaps an edge. A
/// unit is a vector or the edge; an edge that rows share is none, since it changes neither the height of tiles nor what fits in a strip.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal readonly struct Strips<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Division _units;
    private readonly int _shift;
    private readonly int _columns;
    private readonly int _leftOver;
    private readonly Edge _edge;

    /// <summary>Divides columns in strips of at most so many units.</summary>
    /// <param name="columns">The columns.</param>
    /// <param name="set">The kernels.</param>
    /// <param name="stripUnits">The most units in a strip.</param>
    /// <param name="shareEdge">Whether the columns left over share a vector, where they can.</param>
    public Strips(int columns, KernelSet<T> set, int stripUnits, bool shareEdge = false)
    {
        _shift = set.WidthShift;
        _columns = columns;
        _leftOver = columns & (set.Width - 1);
        bool shared = shareEdge && set.CanShareEdge(columns);
        _edge = shared ? Edge.Shared : set.EdgeOf(_leftOver);
        _units = new Division(shared ? columns >> _shift : set.UnitsOf(columns), stripUnits);
    }

    /// <summary>How many strips there are.</summary>
    public int Count => _units.Pieces;

    /// <summary>The columns of all panels together: the columns rounded up to whole vectors.</summary>
    public int PanelColumns => FirstColumn(Count - 1) + PanelStep(Count - 1);

    /// <summary>The first column of a strip.</summary>
    public int FirstColumn(int strip) => _units.First(strip) << _shift;

    /// <summary>The vectors of a strip, the edge included.</summary>
    public int Units(int strip) => _units.Size(strip);

    /// <summary>The full vectors of a strip.</summary>
    public int FullVectors(int strip) => _units.Size(strip) - (EdgeOf(strip) is Edge.Wide or Edge.Narrow ? 1 : 0);

    /// <summary>The columns of a strip.</summary>
    public int ColumnCount(int strip) => strip < Count - 1 ? _units.Size(strip) << _shift : _columns - FirstColumn(strip);

    /// <summary>The last vector of a strip.</summary>
    public Edge EdgeOf(int strip) => strip < Count - 1 ? Edge.None : _edge;

    /// <summary>The columns of a strip's edge.</summary>
    public int EdgeCount(int strip) => EdgeOf(strip) == Edge.None ? 0 : _leftOver;

    /// <summary>From one k to the next in the packed panel of a strip, in elements: whole vectors, so that each is aligned.</summary>
    public int PanelStep(int strip) => (_units.Size(strip) + (EdgeOf(strip) == Edge.Shared ? 1 : 0)) << _shift;
}
