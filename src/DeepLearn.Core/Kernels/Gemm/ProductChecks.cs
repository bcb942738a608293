using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Simd;
using DeepLearn.Tensors;

namespace DeepLearn.Kernels.Gemm;

/// <summary>
/// What must hold before a product writes anything. The usual case is a few comparisons; only what looks wrong is looked into.
/// </summary>
internal static unsafe class ProductChecks
{
    /// <summary>Throws unless the shapes fit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void CheckShapes(int m, int k, int kOfB, int n, int rows, int columns)
    {
        if (k != kOfB || rows != m || columns != n)
            ThrowShapes(m, k, kOfB, n, rows, columns);
    }

    /// <summary>Throws unless there is no bias, or it has one number for each column and comes without a beta.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void CheckBias<T>(in ProductOptions<T> options, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int length = options.Bias.Length;
        if (length != 0 && (length != columns || !T.IsZero(options.Beta)))
            ThrowBias(length, columns, options.Beta.ToString()!);
    }

    /// <summary>Whether the ranges of addresses of two operands meet, which is to be looked into then.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool MayOverlap<T>(T* x, int rowsX, int columnsX, int strideX, T* y, int rowsY, int columnsY, int strideY)
        where T : unmanaged => x < End(y, rowsY, columnsY, strideY) && y < End(x, rowsX, columnsX, strideX);

    /// <summary>Throws where the result shares an element with an operand.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void CheckOverlap<T>(string name, T* operand, ReadOnlyMatrixView<T> shape, T* c, MatrixView<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (MatrixGuard.Share((nint)((byte*)c - (byte*)operand), MatrixGuard.Extent.Of(shape), MatrixGuard.Extent.Of<T>(result)))
            ThrowOverlap(name, shape.ToString(), result.ToString());
    }

    /// <summary>Throws where the result shares an element with the bias.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void CheckOverlap<T>(ReadOnlySpan<T> bias, T* first, T* c, MatrixView<T> result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        CheckOverlap("the bias", first, new ReadOnlyMatrixView<T>(bias, 1, bias.Length), c, result);

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
