using System.Numerics;
using DeepLearn.Kernels.Gemm.Contract;
using DeepLearn.Kernels.Gemm.MicroKernel;

namespace DeepLearn.Kernels.Gemm.Packing;

/// <summary>
/// The columns of the result divided into panels, each as wide as a tile: some full vectors, and in the last panel perhaps an edge. The
/// edge counts as a vector, but not one that rows share: it changes neither the height of tiles nor what fits in a panel.
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

    /// <summary>Divides columns into panels of at most so many vectors.</summary>
    /// <param name="columns">The columns.</param>
    /// <param name="set">The kernels.</param>
    /// <param name="panelVectors">The most vectors in a panel.</param>
    /// <param name="shareEdge">Whether the columns left over share a vector, where they can.</param>
    public ColumnPanels(int columns, KernelSet<T> set, int panelVectors, bool shareEdge = false)
    {
        _shift = set.WidthShift;
        _columns = columns;
        _leftOver = columns & (set.Width - 1);
        bool shared = shareEdge && set.CanShareEdge(columns);
        _edge = shared ? Edge.Shared : set.EdgeOf(_leftOver);
        _vectors = new Division(shared ? columns >> _shift : set.VectorsOf(columns), panelVectors);
    }

    /// <summary>How many panels there are.</summary>
    public int Count => _vectors.Count;

    /// <summary>The columns of all panels together: the columns rounded up to whole vectors.</summary>
    public int PanelColumns => FirstColumn(Count - 1) + PanelStep(Count - 1);

    /// <summary>The first column of a panel.</summary>
    public int FirstColumn(int panel) => _vectors.First(panel) << _shift;

    /// <summary>The vectors of a panel, the edge included.</summary>
    public int Vectors(int panel) => _vectors.Size(panel);

    /// <summary>The full vectors of a panel.</summary>
    public int FullVectors(int panel) => _vectors.Size(panel) - (EdgeOf(panel) is Edge.Wide or Edge.Narrow ? 1 : 0);

    /// <summary>The columns of a panel.</summary>
    public int ColumnCount(int panel) => panel < Count - 1 ? _vectors.Size(panel) << _shift : _columns - FirstColumn(panel);

    /// <summary>The last vector of a panel.</summary>
    public Edge EdgeOf(int panel) => panel < Count - 1 ? Edge.None : _edge;

    /// <summary>The columns of a panel's edge.</summary>
    public int EdgeCount(int panel) => EdgeOf(panel) == Edge.None ? 0 : _leftOver;

    /// <summary>From one k to the next in the packed panel of a panel, in elements: whole vectors, so that each is aligned.</summary>
    public int PanelStep(int panel) => (_vectors.Size(panel) + (EdgeOf(panel) == Edge.Shared ? 1 : 0)) << _shift;
}
