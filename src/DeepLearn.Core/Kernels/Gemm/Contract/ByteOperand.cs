using System.Numerics;

namespace DeepLearn.Kernels.Gemm.Contract;

/// <summary>A left operand of rows of bytes, each read as <c>fma(byte, scale[j], offset[j])</c>, as checked addresses.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal unsafe struct ByteOperand<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The memory that holds the rows.</summary>
    public byte* Source;

    /// <summary>The offset of each row from <see cref="Source"/>.</summary>
    public int* Starts;

    /// <summary>
    /// The number of offsets from <see cref="Starts"/> on. It includes rows after the product's own, which may be prefetched.
    /// </summary>
    public int Known;

    /// <summary>The factors, one for each byte of a row.</summary>
    public T* Scale;

    /// <summary>The summands, one for each byte of a row.</summary>
    public T* Offset;

    /// <summary>Whether op(A) is the transpose; its rows are then columns of the source.</summary>
    public bool Transposed;
}
