using System.Numerics;

namespace DeepLearn.Kernels.Gemm.Contract;

/// <summary>
/// A checked product, as the loops read it: addresses, and for each operand the strides along both axes. To transpose an operand is to swap
/// its strides.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal unsafe struct Product<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>op(A); null if the operand is <see cref="Bytes"/>. All strides are in elements.</summary>
    public T* A;

    /// <summary>
    /// A as rows of bytes, of which <see cref="FirstRow"/> is the first row of op(A); null if the operand is <see cref="A"/>.
    /// </summary>
    public ByteOperand<T>* Bytes;

    /// <summary>The first row of this product in the op(A) of <see cref="Bytes"/>.</summary>
    public int FirstRow;

    /// <summary>The stride from one row of op(A) to the next.</summary>
    public nint RowA;

    /// <summary>The stride from one k of op(A) to the next.</summary>
    public nint DepthA;

    /// <summary>op(B).</summary>
    public T* B;

    /// <summary>
    /// alpha op(B) in panels, if it has been packed before; else null. <see cref="B"/> and its strides then describe the first panel, which
    /// is a matrix.
    /// </summary>
    public T* Panels;

    /// <summary>The first of the <see cref="Panels"/> that belongs to this product.</summary>
    public int FirstPanel;

    /// <summary>One past the last panel of this product; any number above their count means all of them.</summary>
    public int EndPanel;

    /// <summary>The stride from one k of op(B) to the next.</summary>
    public nint DepthB;

    /// <summary>The stride from one column of op(B) to the next.</summary>
    public nint ColumnB;

    /// <summary>The result; neighboring columns are adjacent in memory.</summary>
    public T* C;

    /// <summary>The stride from one row of the result to the next.</summary>
    public nint RowC;

    /// <summary>The rows of the result (m).</summary>
    public int Rows;

    /// <summary>The columns of the result (n).</summary>
    public int Columns;

    /// <summary>The length of each chain (k).</summary>
    public int Depth;

    /// <summary>The factor on B.</summary>
    public T Alpha;

    /// <summary>The factor on the old result, used if <see cref="Start"/> is <see cref="ChainStart.ScaledResult"/>.</summary>
    public T Beta;

    /// <summary>The bias, used if <see cref="Start"/> is <see cref="ChainStart.Bias"/>.</summary>
    public T* Bias;

    /// <summary>The value from which the chains start.</summary>
    public ChainStart Start;

    /// <summary>Whether a ReLU follows the chains.</summary>
    public bool Relu;

    /// <summary>The product that computes only some rows and columns of the result.</summary>
    public readonly Product<T> Window(int firstRow, int rows, int firstColumn, int columns)
    {
        Product<T> window = this;
        window.A += firstRow * RowA;
        window.FirstRow += firstRow;
        window.B += firstColumn * ColumnB;
        window.C += (firstRow * RowC) + firstColumn;
        window.Rows = rows;
        window.Columns = columns;
        if (Start == ChainStart.Bias)
            window.Bias += firstColumn;
        return window;
    }
}
