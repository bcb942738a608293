using System.Numerics;

namespace DeepLearn.Kernels.Gemm.Contract;

/// <summary>
/// A left operand that is rows of bytes, each byte read as <c>fma(byte, scale[j], offset[j])</c>: addresses of what was checked before.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal unsafe struct ByteOperand<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The memory that the rows stand in.</summary>
    public byte* Source;

    /// <summary>Where each row begins, from <see cref="Source"/> on.</summary>
    public int* Starts;

    /// <summary>How many rows there are from <see cref="Starts"/> on, those behind the product's own included: they may be next.</summary>
    public int Known;

    /// <summary>The factors, one for each byte of a row.</summary>
    public T* Scale;

    /// <summary>The summands, one for each byte of a row.</summary>
    public T* Offset;

    /// <summary>Whether op(A) is the transpose: its rows are bytes at one place of each row of the source.</summary>
    public bool Transposed;
}
