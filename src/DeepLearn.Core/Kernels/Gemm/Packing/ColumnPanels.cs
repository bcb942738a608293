using System.Numerics;
using DeepLearn.Kernels.Gemm.Contract;
using DeepLearn.Kernels.Gemm.MicroKernel;

namespace DeepLearn.Kernels.Gemm.Packing;

/// <summary>
/// The columns of the result, divided into panels as wide as a tile. A panel has full vectors; the last panel may have an edge. An edge
/// counts as a vector, except for a shared one, which changes neither the height of tiles nor the number of vectors in a panel.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal readonly struct ColumnPanels<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Division _vectors;
    private readonly int _shift;
    private readonly int _columns;
    private readonly int _leftOver;
    private readonly Edge _edge;

    /// <summary>Divides columns into panels with a limited number of vectors.</summary>
    /// <param name="columns">The columns.</param>
    /// <param name="set">The kernels.</param>
    /// <param name="panelVectors">The most vectors in a panel.</param>
    /// <param name="shareEdge">Whether the rows share a vector for the columns left over, where that is possible.</param>
    public ColumnPanels(int columns, KernelSet<T> set, int panelVectors, bool shareEdge = false)
    {
        _shift = set.WidthShift;
        _columns = columns;
        _leftOver = columns & (set.Width - 1);
        bool shared = shareEdge && set.CanShareEdge(columns);
        _edge = shared ? Edge.Shared : set.EdgeOf(_leftOver);
        _vectors = new Division(shared ? columns >> _shift : set.VectorsOf(columns), panelVectors);
    }

    /// <summary>The vectors divided into panels.</summary>
    public Division Panels => _vectors;

    /// <summary>The number of panels.</summary>
    public int Count => _vectors.Count;

    /// <summary>The columns of all packed panels together: the columns rounded up to whole vectors.</summary>
    public int PanelColumns => FirstColumn(Count - 1) + PanelStep(Count - 1);

    /// <summary>The first column of a panel.</summary>
    public int FirstColumn(int panel) => _vectors.First(panel) << _shift;

    /// <summary>The number of vectors of a panel, including the edge.</summary>
    public int Vectors(int panel) => _vectors.Size(panel);

    /// <summary>The number of full vectors of a panel.</summary>
    public int FullVectors(int panel) => _vectors.Size(panel) - (EdgeOf(panel) is Edge.Wide or Edge.Narrow ? 1 : 0);

    /// <summary>The number of columns of a panel.</summary>
    public int ColumnCount(int panel) => panel < Count - 1 ? _vectors.Size(panel) << _shift : _columns - FirstColumn(panel);

    /// <summary>The kind of a panel's last vector.</summary>
    public Edge EdgeOf(int panel) => panel < Count - 1 ? Edge.None : _edge;

    /// <summary>The number of columns in a panel's edge.</summary>
    public int EdgeCount(int panel) => EdgeOf(panel) == Edge.None ? 0 : _leftOver;

    /// <summary>
    /// The stride from one k to the next in a packed panel, in elements. It is a whole number of vectors, so that each vector is aligned.
    /// </summary>
    public int PanelStep(int panel) => (_vectors.Size(panel) + (EdgeOf(panel) == Edge.Shared ? 1 : 0)) << _shift;
}
