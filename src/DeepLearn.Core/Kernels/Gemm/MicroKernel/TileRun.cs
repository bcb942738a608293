using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Gemm.Contract;

namespace DeepLearn.Kernels.Gemm.MicroKernel;

/// <summary>
/// One run of a micro-kernel: tiles of one height and width, one below the other.
/// Strides are in bytes, so that the inner loop adds and multiplies nothing.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal unsafe struct TileRun<T>
    where T : unmanaged
{
    /// <summary>op(A) at the first row and the first k.</summary>
    public byte* A;

    /// <summary>From one row of op(A) to the next.</summary>
    public nint RowStepA;

    /// <summary>From one k of op(A) to the next.</summary>
    public nint DepthStepA;

    /// <summary>From the rows of op(A) of one tile to those of the next.</summary>
    public nint TileStepA;

    /// <summary>alpha op(B) at the first k and the first column; columns stand side by side.</summary>
    public byte* B;

    /// <summary>From one k of op(B) to the next.</summary>
    public nint DepthStepB;

    /// <summary>The result at the first row and column; columns stand side by side.</summary>
    public byte* C;

    /// <summary>From one row of the result to the next.</summary>
    public nint RowStepC;

    /// <summary>How many links the chains grow by; 0 does what <see cref="Start"/> and <see cref="Relu"/> say.</summary>
    public nint Depth;

    /// <summary>How many tiles there are.</summary>
    public nint Tiles;

    /// <summary>The bias of the first column, where <see cref="Start"/> asks for it.</summary>
    public T* Bias;

    /// <summary>The factor, where <see cref="Start"/> asks for it.</summary>
    public T Beta;

    /// <summary>From what the chains start.</summary>
    public ChainStart Start;

    /// <summary>Whether the chains end in ReLU.</summary>
    public bool Relu;

    /// <summary>How many columns the last vector has, where the tile has one that is not full.</summary>
    public int Edge;

    /// <summary>The tile's own: a last vector that rows share, 8 bytes of each, on its way between register and result.</summary>
    public LanesOfRows SharedLanes;
}

/// <summary>8 bytes for each row of a tile.</summary>
[InlineArray(KernelSet<double>.MaxMr)]
internal struct LanesOfRows
{
    private long _first;
}
