using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Simd;
using DeepLearn.Tensors;

namespace DeepLearn.Kernels.Gemm;

/// <summary>
/// The checks before a product writes anything. The usual case takes a few comparisons; only suspicious operands are examined further.
/// </summary>
internal static unsafe class ProductChecks
{
    /// <summary>Throws unless the shapes fit, and either there is no bias or it has a number for each column and beta is 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void CheckShapes<T>(
        int m, int k, int kOfB, int n, in ProductOptions<T> options, int rows, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (k != kOfB || rows != m || columns != n)
            ThrowShapes(m, k, kOfB, n, rows, columns);
        int length = options.Bias.Length;
        if (length != 0 && (length != n || !T.IsZero(options.Beta)))
            ThrowBias(length, n, options.Beta.ToString()!);
    }

    /// <summary>Throws if the result shares an element with an operand.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void CheckApart<T>(
        string name, T* operand, int rows, int columns, int stride, T* c, int rowsC, int columnsC, int strideC)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (operand < End(c, rowsC, columnsC, strideC) && c < End(operand, rows, columns, stride))
            CheckOverlap(name, operand, rows, columns, stride, c, rowsC, columnsC, strideC);
    }

    /// <summary>Examines operands whose address ranges overlap: strided matrices may still have no element in common.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void CheckOverlap<T>(
        string name, T* operand, int rows, int columns, int stride, T* c, int rowsC, int columnsC, int strideC)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ReadOnlyMatrixView<T> shape = View(operand, rows, columns, stride), result = View(c, rowsC, columnsC, strideC);
        if (MatrixGuard.Share((nint)((byte*)c - (byte*)operand), MatrixGuard.Extent.Of(shape), MatrixGuard.Extent.Of(result)))
            ThrowOverlap(name, shape.ToString(), result.ToString());
    }

    private static ReadOnlyMatrixView<T> View<T>(T* first, int rows, int columns, int stride)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        new(rows, columns, stride, new ReadOnlySpan<T>(first, rows == 0 || columns == 0 ? 0 : ((rows - 1) * stride) + columns));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T* End<T>(T* first, int rows, int columns, int stride)
        where T : unmanaged => first + ((nint)(rows - 1) * stride) + columns;

    [DoesNotReturn]
    private static void ThrowShapes(int m, int k, int kOfB, int n, int rows, int columns) =>
        throw new ArgumentException(
            $"op(A) [{m}, {k}] times op(B) [{kOfB}, {n}] is taken over one k and gives [{m}, {n}]; "
            + $"found k of {k} and {kOfB}, and a result of [{rows}, {columns}].");

    [DoesNotReturn]
    private static void ThrowBias(int length, int columns, string beta) =>
        throw new ArgumentException(
            $"A bias has one number for each of the {columns} columns of the result, and a beta of 0 beside it; "
            + $"found {length} numbers and a beta of {beta}.");

    [DoesNotReturn]
    private static void ThrowOverlap(string operand, string shape, string result) =>
        throw new ArgumentException($"A product is not taken in place; the result {result} shares memory with {operand}, {shape}.");
}
