using System.Numerics;
using System.Runtime.CompilerServices;

namespace DeepLearn.Kernels.Gemm;

/// <summary>
/// A checked product in the form that the loops take: addresses, and for each operand the distance between neighbors along either axis,
/// so that a transposition is an exchange of two numbers.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal unsafe struct Product<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>op(A), and its strides in elements.</summary>
    public T* A;

    /// <summary>From one row of op(A) to the next.</summary>
    public nint RowA;

    /// <summary>From one k of op(A) to the next.</summary>
    public nint DepthA;

    /// <summary>op(B), and its strides in elements.</summary>
    public T* B;

    /// <summary>alpha op(B) in panels, packed before; null where it is at <see cref="B"/>.</summary>
    public T* Panels;

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

    /// <summary>The product of checked operands, given with the strides of their rows as they are stored.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Product<T> Of(
        T* a, int strideA, T* b, int strideB, T* c, int strideC, int rows, int columns, int depth, in ProductOptions<T> options, T* bias)
    {
        Product<T> product = default;
        product.A = a;
        product.RowA = options.TransposeA ? 1 : strideA;
        product.DepthA = options.TransposeA ? strideA : 1;
        product.B = b;
        product.DepthB = options.TransposeB ? 1 : strideB;
        product.ColumnB = options.TransposeB ? strideB : 1;
        product.C = c;
        product.RowC = strideC;
        product.Rows = rows;
        product.Columns = columns;
        product.Depth = depth;
        product.Alpha = options.Alpha;
        product.Beta = options.Beta;
        product.Bias = bias;
        product.Start = options.StartOfChains(bias != null);
        product.Relu = options.Relu;
        return product;
    }

    /// <summary>The product for some of the rows and columns of the result.</summary>
    public readonly Product<T> Window(int firstRow, int rows, int firstColumn, int columns)
    {
        Product<T> window = this;
        window.A += firstRow * RowA;
        window.B += firstColumn * ColumnB;
        window.C += (firstRow * RowC) + firstColumn;
        window.Rows = rows;
        window.Columns = columns;
        if (Start == ChainStart.Bias)
            window.Bias += firstColumn;
        return window;
    }
}
