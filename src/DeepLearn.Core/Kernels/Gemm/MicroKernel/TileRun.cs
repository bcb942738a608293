using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Gemm.Contract;

namespace DeepLearn.Kernels.Gemm.MicroKernel;

/// <summary>
/// The arguments of one call of a micro-kernel, which computes tiles of one size, one below the other or side by side. Strides are in
/// bytes, so that the inner loop does no address arithmetic but additions.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal unsafe struct TileRun<T>
    where T : unmanaged
{
    /// <summary>op(A) at the first row and the first k.</summary>
    public byte* A;

    /// <summary>The stride from one row of op(A) to the next.</summary>
    public nint RowStepA;

    /// <summary>The stride from one k of op(A) to the next.</summary>
    public nint DepthStepA;

    /// <summary>The stride from one tile's rows of op(A) to the next tile's; 0 for tiles side by side.</summary>
    public nint TileStepA;

    /// <summary>The stride from one tile's columns of op(B) to the next tile's; 0 for tiles below each other.</summary>
    public nint TileStepB;

    /// <summary>
    /// The stride from one tile of the result to the next, less a tile's height; 0 for tiles below each other, negative side by side.
    /// </summary>
    public nint TileStepC;

    /// <summary>The stride from one tile's bias to the next tile's, which the kernel leaves behind in <see cref="Bias"/>.</summary>
    public nint TileStepBias;

    /// <summary>alpha op(B) at the first k and the first column; neighboring columns are adjacent in memory.</summary>
    public byte* B;

    /// <summary>The stride from one k of op(B) to the next.</summary>
    public nint DepthStepB;

    /// <summary>The result at the first row and column; neighboring columns are adjacent in memory.</summary>
    public byte* C;

    /// <summary>The stride from one row of the result to the next.</summary>
    public nint RowStepC;

    /// <summary>The number of multiply-adds on each chain; with 0, only <see cref="Start"/> and <see cref="Relu"/> are applied.</summary>
    public nint Depth;

    /// <summary>The number of tiles.</summary>
    public nint Tiles;

    /// <summary>The bias of the first column, used if <see cref="Start"/> is <see cref="ChainStart.Bias"/>.</summary>
    public T* Bias;

    /// <summary>The factor on the old result, used if <see cref="Start"/> is <see cref="ChainStart.ScaledResult"/>.</summary>
    public T Beta;

    /// <summary>The value from which the chains start.</summary>
    public ChainStart Start;

    /// <summary>Whether a ReLU follows the chains.</summary>
    public bool Relu;

    /// <summary>
    /// Whether the result is larger than the caches near the core, so that each tile asks for the next tile's part of it before its own k.
    /// </summary>
    public bool ResultIsFar;

    /// <summary>The number of columns in the last vector, if it is not full.</summary>
    public int Edge;

    /// <summary>Scratch memory of the kernel: a shared last vector, 8 bytes of each row, on its way between register and result.</summary>
    public LanesOfRows SharedLanes;
}

/// <summary>8 bytes for each row of a tile.</summary>
[InlineArray(KernelSet<double>.MaxMr)]
internal struct LanesOfRows
{
    private long _first;
}
