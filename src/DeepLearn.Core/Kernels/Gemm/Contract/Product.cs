using System.Numerics;

namespace DeepLearn.Kernels.Gemm.Contract;

/// <summary>
/// A checked product in the form that the loops take: addresses, and for each operand the distance between neighbors along either axis,
/// so that a transposition is an exchange of two numbers.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal unsafe struct Product<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>op(A), and its strides in elements; null where it is <see cref="Bytes"/>.</summary>
    public T* A;

    /// <summary>
    /// A as rows of bytes, of which <see cref="FirstRow"/> is the first row of op(A); null where it is at <see cref="A"/>.
    /// </summary>
    public ByteOperand<T>* Bytes;

    /// <summary>Where in op(A) of bytes this product's rows begin.</summary>
    public int FirstRow;

    /// <summary>From one row of op(A) to the next.</summary>
    public nint RowA;

    /// <summary>From one k of op(A) to the next.</summary>
    public nint DepthA;

    /// <summary>op(B), and its strides in elements.</summary>
    public T* B;

    /// <summary>
    /// alpha op(B) in panels, packed before; else null. <see cref="B"/> and its strides then describe the first panel, which is a matrix.
    /// </summary>
    public T* Panels;

    /// <summary>Of several <see cref="Panels"/>, which are this product's: from here to before <see cref="EndPanel"/>.</summary>
    public int FirstPanel;

    /// <summary>The panel after the last; any number beyond them means all.</summary>
    public int EndPanel;

    /// <summary>From one k of op(B) to the next.</summary>
    public nint DepthB;

    /// <summary>From one column of op(B) to the next.</summary>
    public nint ColumnB;

    /// <summary>The result; its columns stand side by side.</summary>
    public T* C;

    /// <summary>From one row of the result to the next.</summary>
    public nint RowC;

    /// <summary>The rows of the result (m).</summary>
    public int Rows;

    /// <summary>The columns of the result (n).</summary>
    public int Columns;

    /// <summary>The links of each chain (k).</summary>
    public int Depth;

    /// <summary>The factor on B.</summary>
    public T Alpha;

    /// <summary>The factor on what the result was, where <see cref="Start"/> asks for it.</summary>
    public T Beta;

    /// <summary>The bias, where <see cref="Start"/> asks for it.</summary>
    public T* Bias;

    /// <summary>From what the chains start.</summary>
    public ChainStart Start;

    /// <summary>Whether the chains end in ReLU.</summary>
    public bool Relu;

    /// <summary>The product for some of the rows and columns of the result.</summary>
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
