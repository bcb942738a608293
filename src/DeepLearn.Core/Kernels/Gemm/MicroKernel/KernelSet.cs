using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Gemm.Contract;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Gemm.MicroKernel;

/// <summary>
/// The micro-kernels of one instruction set, and what the loops around them must know of it. <see cref="Best"/> is the one place that
/// chooses a set for the hardware. (Paths and packing with code for one instruction test for that instruction themselves.)
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal sealed unsafe partial class KernelSet<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The most rows of a tile: the largest mr.</summary>
    public const int MaxMr = 8;

    /// <summary>The most full vectors of a tile of more than <see cref="WideRows"/> rows.</summary>
    public const int MaxVectors = 3;

    /// <summary>The most rows of a wide tile, and its most vectors.</summary>
    public const int WideRows = 2, WideVectors = 8;

    private const int EdgeKinds = 4;

    private readonly delegate*<TileRun<T>*, void>[] _kernels =
        new delegate*<TileRun<T>*, void>[EdgeKinds * (WideVectors + 1) * (MaxMr + 1)];

    private readonly int[] _mrByVectors;

    private readonly delegate*<KernelSet<T>, int, Edge, void> _load;

    private KernelSet(
        string name, int width, bool narrowEdges, int sharedColumns, int panelVectors, int[] mrByVectors,
        delegate*<KernelSet<T>, int, Edge, void> load)
    {
        Name = name;
        Width = width;
        WidthShift = BitOperations.Log2((uint)width);
        NarrowEdges = narrowEdges;
        SharedColumns = sharedColumns;
        PanelVectors = panelVectors;
        Nr = panelVectors * width;
        _mrByVectors = mrByVectors;
        _load = load;
    }

    /// <summary>The set for the hardware that the process runs on. The others are not made, since loading their types takes time.</summary>
    public static KernelSet<T> Best { get; } = Choose();

    /// <summary>
    /// The set that products use: <see cref="Best"/>, or the set of the width that a test has forced (<see cref="LaneWidth.Force"/>).
    /// </summary>
    public static KernelSet<T> Current
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => LaneWidth.Forced == 0 ? Best : ForcedSets.Of(LaneWidth.Forced);
    }

    /// <summary>The width of its vectors in bits, or "scalar"; for messages.</summary>
    public string Name { get; }

    /// <summary>The number of elements in a vector.</summary>
    public int Width { get; }

    /// <summary>The base-2 logarithm of <see cref="Width"/>, for divisions by shifts.</summary>
    public int WidthShift { get; }

    /// <summary>Whether edges of half a vector or less have kernels of their own.</summary>
    public bool NarrowEdges { get; }

    /// <summary>The number of columns left over for which the rows of a tile can share a vector; 0 if they cannot.</summary>
    public int SharedColumns { get; }

    /// <summary>The most vectors of a panel, including the edge.</summary>
    public int PanelVectors { get; }

    /// <summary>The columns of the widest panel: nr.</summary>
    public int Nr { get; }

    /// <summary>The number of vectors that some columns take, including the edge.</summary>
    public int VectorsOf(int columns) => (columns + Width - 1) >> WidthShift;

    /// <summary>The kind of the last vector, for a number of columns left over after the full vectors.</summary>
    public Edge EdgeOf(int leftOver) => leftOver == 0 ? Edge.None : NarrowEdges && leftOver * 2 <= Width ? Edge.Narrow : Edge.Wide;

    /// <summary>
    /// Whether the rows can share a vector for the columns left over. The rows of op(A) must then be side by side, packed or as they are.
    /// </summary>
    public bool CanShareEdge(int columns) => columns > Width && (columns & (Width - 1)) == SharedColumns && SharedColumns > 0;

    /// <summary>The most rows of a tile with a number of vectors, including the edge; 0 if there is no such tile.</summary>
    public int MrFor(int vectors) => vectors < _mrByVectors.Length ? _mrByVectors[vectors] : 0;

    /// <summary>
    /// The most vectors of a panel, including the edge, if all rows of the result fit into one tile that may be wide.
    /// </summary>
    /// <param name="rows">The rows of the result.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int WidePanelVectors(int rows)
    {
        if (rows > WideRows)
            return PanelVectors;
        return MrFor(WideVectors) >= rows ? WideVectors : WideVectors - 2;
    }

    /// <summary>The micro-kernel for a tile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public delegate*<TileRun<T>*, void> Find(int rows, int vectors, Edge edge)
    {
        delegate*<TileRun<T>*, void> kernel = _kernels[Index(rows, vectors, edge)];
        return kernel != null ? kernel : Load(rows, vectors, edge);
    }

    /// <summary>Computes a panel of the result: first the tiles with one row more, then the others.</summary>
    /// <param name="run">The run; A and C at the first tile.</param>
    /// <param name="tiles">The rows divided into tiles.</param>
    /// <param name="vectors">The full vectors of the panel.</param>
    /// <param name="edge">The kind of the panel's last vector.</param>
    /// <param name="rowStepA">
    /// The distance from one row of a tile to the next in A, in bytes; for packed panels, the bytes of a panel for each of its rows.
    /// </param>
    public void RunTiles(ref TileRun<T> run, Division tiles, int vectors, Edge edge, nint rowStepA)
    {
        bool packed = rowStepA != run.RowStepA;
        fixed (TileRun<T>* pointer = &run)
        {
            for (int pass = tiles.LongCount > 0 ? 0 : 1; pass < 2; pass++)
            {
                int mr = tiles.ShortSize + 1 - pass;
                run.Tiles = pass == 0 ? tiles.LongCount : tiles.Count - tiles.LongCount;
                run.TileStepA = rowStepA * mr;
                if (packed)
                    run.DepthStepA = mr * sizeof(T);
                Find(mr, vectors, edge)(pointer);
                run.A += run.Tiles * run.TileStepA;
                run.C += run.Tiles * mr * run.RowStepC;
            }
        }
    }

    /// <summary>
    /// Whether tiles side by side take fewer calls than tiles below each other: up to three for each row of tiles, where widths differ,
    /// instead of one or two for each panel.
    /// </summary>
    /// <param name="tiles">The rows divided into tiles.</param>
    /// <param name="panels">The number of panels.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool PaysAcross(Division tiles, int panels) => 2 * tiles.Count < panels * (tiles.LongCount > 0 ? 2 : 1);

    /// <summary>
    /// Computes tiles of the same size side by side, which leaves <paramref name="run"/> at the next tile to the right. Where k is short,
    /// a call for each tile would take a part of its time.
    /// </summary>
    /// <param name="run">The run; A, B, C and the bias at the first tile.</param>
    /// <param name="rows">The rows of each tile.</param>
    /// <param name="tiles">The number of tiles.</param>
    /// <param name="vectors">The full vectors of a tile.</param>
    /// <param name="edge">The kind of a tile's last vector.</param>
    /// <param name="stepB">The distance from one tile to the next in B, in bytes.</param>
    public void RunAcross(ref TileRun<T> run, int rows, int tiles, int vectors, Edge edge, nint stepB)
    {
        nint width = (nint)vectors * Width * sizeof(T);
        run.Tiles = tiles;
        run.TileStepA = 0;
        run.TileStepB = stepB;
        run.TileStepC = width - (rows * run.RowStepC);
        run.TileStepBias = width;
        fixed (TileRun<T>* pointer = &run)
            Find(rows, vectors, edge)(pointer);
        run.TileStepB = run.TileStepC = run.TileStepBias = 0;
        run.B += tiles * stepB;
        run.C += tiles * width;
    }

    /// <summary>Loads the kernels that are missing. Several threads may do so at the same time; they write the same addresses.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private delegate*<TileRun<T>*, void> Load(int rows, int vectors, Edge edge)
    {
        _load(this, vectors, edge);
        return _kernels[Index(rows, vectors, edge)];
    }

    private static int Index(int rows, int vectors, Edge edge) => ((((int)edge * (WideVectors + 1)) + vectors) * (MaxMr + 1)) + rows;

    /// <summary>The sets that tests can force. They are in a class of their own so that they are made only when first used.</summary>
    private static class ForcedSets
    {
        private static readonly KernelSet<T>[] Sets = CreateAll();

        public static KernelSet<T> Of(int width) => Sets[width switch { 512 => 0, 256 => 1, 128 => 2, _ => 3 }];
    }
}
