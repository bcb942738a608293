using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using DeepLearn.Kernels.Gemm.Contract;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Gemm.MicroKernel;

/// <summary>
/// The micro-kernels of one instruction set, and what the loops around them must know of it. The place that chooses the set for the
/// hardware; paths and packing that have code of their own for an instruction ask for that instruction where they use it.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal sealed unsafe partial class KernelSet<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The rows of the highest tile: the greatest mr.</summary>
    public const int MaxMr = 8;

    /// <summary>The full vectors of the widest tile.</summary>
    public const int MaxVectors = 3;

    private const int EdgeKinds = 4;

    private readonly delegate*<TileRun<T>*, void>[] _kernels =
        new delegate*<TileRun<T>*, void>[EdgeKinds * (MaxVectors + 1) * (MaxMr + 1)];

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

    /// <summary>
    /// The set for the hardware the process runs on. The others are not even made: loading their types would take a while.
    /// </summary>
    public static KernelSet<T> Best { get; } =
        Vector512.IsHardwareAccelerated && Avx512F.VL.IsSupported ? Create512()
        : Vector256.IsHardwareAccelerated && Fma.IsSupported ? Create256()
        : Vector128.IsHardwareAccelerated && (Fma.IsSupported || AdvSimd.IsSupported) ? Create128()
        : CreateScalar();

    /// <summary>
    /// The set that products take: <see cref="Best"/>, or that of the width that a test has forced (<see cref="LaneWidth.Force"/>).
    /// </summary>
    public static KernelSet<T> Current
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => LaneWidth.Forced == 0 ? Best : ForcedSets.Of(LaneWidth.Forced);
    }

    /// <summary>The width in bits, for messages.</summary>
    public string Name { get; }

    /// <summary>The number of elements in a vector.</summary>
    public int Width { get; }

    /// <summary>The power of two that <see cref="Width"/> is: divisions by it are shifts.</summary>
    public int WidthShift { get; }

    /// <summary>Whether an edge of half a vector or less has kernels of its own.</summary>
    public bool NarrowEdges { get; }

    /// <summary>How many columns left over the rows of a tile share a vector for; 0 for none.</summary>
    public int SharedColumns { get; }

    /// <summary>How many vectors, the edge included, a panel has at most.</summary>
    public int PanelVectors { get; }

    /// <summary>The columns of the widest tile, and so of a panel: nr.</summary>
    public int Nr { get; }

    /// <summary>How many vectors, the edge included, some columns take.</summary>
    public int VectorsOf(int columns) => (columns + Width - 1) >> WidthShift;

    /// <summary>The last vector where so many columns are left over after the full ones.</summary>
    public Edge EdgeOf(int leftOver) => leftOver == 0 ? Edge.None : NarrowEdges && leftOver * 2 <= Width ? Edge.Narrow : Edge.Wide;

    /// <summary>
    /// Whether the columns left over can share a vector. The rows of op(A) must stand side by side then, packed or as they are.
    /// </summary>
    public bool CanShareEdge(int columns) => columns > Width && (columns & (Width - 1)) == SharedColumns && SharedColumns > 0;

    /// <summary>How many rows a tile of so many vectors, the edge included, has at most; 0 where there is no such tile.</summary>
    public int MrFor(int vectors) => vectors < _mrByVectors.Length ? _mrByVectors[vectors] : 0;

    /// <summary>The micro-kernel for a tile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public delegate*<TileRun<T>*, void> Find(int rows, int vectors, Edge edge)
    {
        delegate*<TileRun<T>*, void> kernel = _kernels[Index(rows, vectors, edge)];
        return kernel != null ? kernel : Load(rows, vectors, edge);
    }

    /// <summary>Computes a panel of the result: first the higher tiles, then those that are one row lower.</summary>
    /// <param name="run">The run; A and C at the first tile.</param>
    /// <param name="tiles">The rows divided into tiles.</param>
    /// <param name="vectors">The full vectors of the panel.</param>
    /// <param name="edge">The last vector of the panel.</param>
    /// <param name="rowStepA">How far A lies ahead for each row of a tile, in bytes: the step of its rows, or of a packed panel's share in
    /// it.</param>
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

    /// <summary>Several threads may load the same kernels at once, and write the same.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private delegate*<TileRun<T>*, void> Load(int rows, int vectors, Edge edge)
    {
        _load(this, vectors, edge);
        return _kernels[Index(rows, vectors, edge)];
    }

    private static int Index(int rows, int vectors, Edge edge) => ((((int)edge * (MaxVectors + 1)) + vectors) * (MaxMr + 1)) + rows;

    /// <summary>The sets that tests force: a class of its own, since nothing is made before its first use.</summary>
    private static class ForcedSets
    {
        private static readonly KernelSet<T>[] Sets = CreateAll();

        public static KernelSet<T> Of(int width) => Sets[width switch { 512 => 0, 256 => 1, 128 => 2, _ => 3 }];
    }
}
