using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DeepLearn.Tensors;

namespace DeepLearn.Kernels.Gemm;

/// <summary>What must hold before a product writes anything.</summary>
internal static unsafe class ProductChecks
{
    /// <summary>Throws unless the shapes fit, the bias is in order and the result overlaps nothing that is read.</summary>
    public static void Check<T>(ReadOnlyMatrixView<T> a, ReadOnlyMatrixView<T> b, in ProductOptions<T> options, MatrixView<T> c)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int m = options.TransposeA ? a.Columns : a.Rows;
        int k = options.TransposeA ? a.Rows : a.Columns;
        int n = options.TransposeB ? b.Rows : b.Columns;
        int kOfB = options.TransposeB ? b.Columns : b.Rows;
        if (k != kOfB || c.Rows != m || c.Columns != n)
            ThrowShapes(m, k, kOfB, n, options.TransposeA, options.TransposeB, c.ToString());
        CheckBias(options, n);
        if (Overlap(a, c))
            ThrowOverlap("A", a.ToString(), c.ToString());
        if (Overlap(b, c))
            ThrowOverlap("B", b.ToString(), c.ToString());
        if (Overlap(options.Bias, c))
            ThrowOverlap("the bias", $"[{n}]", c.ToString());
    }

    /// <summary>Throws unless the bias has one number for each column and comes without a beta.</summary>
    public static void CheckBias<T>(in ProductOptions<T> options, int n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (options.Bias.IsEmpty)
            return;
        if (options.Bias.Length != n)
            throw new ArgumentException($"A bias has one number for each of the {n} columns of the result; found {options.Bias.Length}.");
        if (!T.IsZero(options.Beta))
            throw new ArgumentException($"A bias takes the place of what was in the result, so beta is 0 with it; found {options.Beta}.");
    }

    /// <summary>Whether two views share an element.</summary>
    public static bool Overlap<T>(ReadOnlyMatrixView<T> left, ReadOnlyMatrixView<T> right)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (left.IsEmpty || right.IsEmpty)
            return false;
        nint bytes = Unsafe.ByteOffset(ref left.Origin, ref right.Origin); // from left to right
        nint leftSpan = Span(left), rightSpan = Span(right);
        if (bytes >= leftSpan || -bytes >= rightSpan)
            return false;

        // Windows side by side on one matrix share a range of addresses but no element.
        if (left.Stride != right.Stride || bytes % sizeof(T) != 0)
            return true;
        return bytes >= 0 ? RowsOverlap(left, right, bytes / sizeof(T)) : RowsOverlap(right, left, -bytes / sizeof(T));
    }

    private static bool Overlap<T>(ReadOnlySpan<T> numbers, MatrixView<T> c)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        !numbers.IsEmpty && Overlap(new ReadOnlyMatrixView<T>(numbers, 1, numbers.Length, Math.Max(c.Stride, numbers.Length)), c);

    private static nint Span<T>(ReadOnlyMatrixView<T> view)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        (((nint)(view.Rows - 1) * view.Stride) + view.Columns) * sizeof(T);

    /// <summary>Whether views with one stride share an element, where the second starts so many elements after the first.</summary>
    private static bool RowsOverlap<T>(ReadOnlyMatrixView<T> first, ReadOnlyMatrixView<T> second, nint offset)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nint stride = first.Stride;
        if (stride == 0)
            return true;
        nint row = offset / stride, column = offset % stride;

        // The second's first row stands beside the first's row `row`, and may run on into the space after the next row's start.
        bool beside = column < first.Columns && row < first.Rows;
        bool wrapped = column + second.Columns > stride && row + 1 < first.Rows;
        return beside || wrapped;
    }

    private static void ThrowShapes(int m, int k, int kOfB, int n, bool transposeA, bool transposeB, string result) =>
        throw new ArgumentException(
            $"op(A) [{m}, {k}]{(transposeA ? ", transposed," : string.Empty)} times op(B) [{kOfB}, {n}]{(transposeB ? ", transposed," : string.Empty)}"
            + $" does not fit a result of {result}: k must agree, and the result be [{m}, {n}].");

    private static void ThrowOverlap(string operand, string shape, string result) =>
        throw new ArgumentException($"The result {result} shares memory with {operand} {shape}; a product is not taken in place.");
}
