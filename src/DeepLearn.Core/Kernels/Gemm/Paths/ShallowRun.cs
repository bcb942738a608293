using System.Numerics;
using System.Runtime.CompilerServices;

namespace DeepLearn.Kernels.Gemm.Paths;

/// <summary>
/// The arguments of <see cref="ShallowRows{T, TLanes, TDepth, TRows, TStart}"/>. All strides and places in a row are in bytes.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal unsafe struct ShallowRun<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>op(A) at the first row and the first k.</summary>
    public byte* A;

    /// <summary>The stride from one row of op(A) to the next.</summary>
    public nint RowStepA;

    /// <summary>The stride from one k of op(A) to the next.</summary>
    public nint DepthStepA;

    /// <summary>op(B) at the first k and the first column; neighboring columns are adjacent in memory.</summary>
    public byte* B;

    /// <summary>The stride from one k of op(B) to the next.</summary>
    public nint DepthStepB;

    /// <summary>The result at the first row and column.</summary>
    public byte* C;

    /// <summary>The stride from one row of the result to the next.</summary>
    public nint RowStepC;

    /// <summary>The number of groups of rows.</summary>
    public nint Groups;

    /// <summary>Where the pairs of full vectors end.</summary>
    public nint Pairs;

    /// <summary>Where a full vector without a neighbor begins, or -1.</summary>
    public nint Odd;

    /// <summary>Where the last vector begins, if it must step back to be full, or -1.</summary>
    public nint Last;

    /// <summary><see cref="Last"/>, or if there is none, <see cref="Odd"/>.</summary>
    public nint FirstSingle;

    /// <summary>The bias of the first column, if the chains start from it.</summary>
    public byte* Bias;

    /// <summary>The factor, if <see cref="Scales"/> is true.</summary>
    public T Beta;

    /// <summary>Whether the old result is multiplied by <see cref="Beta"/>.</summary>
    public bool Scales;

    /// <summary>Whether a ReLU follows the chains.</summary>
    public bool Relu;

    /// <summary>Scratch memory of the kernel: the last vector of each row of a group.</summary>
    public KeptVectors Kept;
}

/// <summary>A vector of up to 64 bytes for each row of a group.</summary>
[InlineArray(ShallowProduct.MaxGroup * 8)]
internal struct KeptVectors
{
    private long _first;
}
