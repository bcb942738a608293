using System.Numerics;

namespace DeepLearn.Kernels.Gemm;

/// <summary>
/// Packs the transpose of rows of bytes, converted and normalized on the way: for each k (a row), some of its bytes side by side, as they
/// are.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal unsafe struct ByteColumns<T> : IPanelsOfA<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The byte of row 0 that is in row 0 of op(A).</summary>
    public byte* Source;

    /// <summary>Where each row begins, one for each k.</summary>
    public int* Starts;

    /// <summary>The factors, one for each row of op(A).</summary>
    public T* Scale;

    /// <summary>The summands, one for each row of op(A).</summary>
    public T* Offset;

    /// <inheritdoc/>
    public readonly bool SideBySide => true;

    /// <inheritdoc/>
    public readonly void Pack(int firstRow, Division panels, int firstDepth, int depth, T* to)
    {
        int rows = panels.First(panels.Pieces);
        BytePacking.Columns(Source + firstRow, Starts + firstDepth, depth, Scale + firstRow, Offset + firstRow, rows, to);
    }
}
