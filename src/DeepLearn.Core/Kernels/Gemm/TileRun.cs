using System.Runtime.CompilerServices;

namespace DeepLearn.Kernels.Gemm;

/// <summary>From what the chain of each element starts.</summary>
internal enum ChainStart
{
    /// <summary>From +0; the result is not read.</summary>
    Zero,

    /// <summary>From the result as it is.</summary>
    Result,

    /// <summary>From the result times beta, rounded.</summary>
    ScaledResult,

    /// <summary>From the bias of the column.</summary>
    Bias,
}

/// <summary>
/// One run of a micro-kernel: a strip of the result as wide as the tile, downwards in blocks as high as the tile.
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

    /// <summary>From one block of rows of op(A) to the next.</summary>
    public nint BlockStepA;

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

    /// <summary>How many blocks of rows there are.</summary>
    public nint Blocks;

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
[InlineArray(KernelSet<double>.MaxRows)]
internal struct LanesOfRows
{
    private long _first;
}
