using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Gemm.Contract;
using DeepLearn.Kernels.Gemm.MicroKernel;
using DeepLearn.Kernels.Gemm.Threads;
using DeepLearn.Kernels.Simd;
using DeepLearn.Tensors;

namespace DeepLearn.Kernels.Gemm;

/// <summary>
/// The matrix product: <c>C = beta C + op(A) (alpha op(B))</c>, or <c>C = bias + op(A) (alpha op(B))</c>, then optionally ReLU.
/// </summary>
/// <remarks>
/// Each element of the result is one chain of fused multiply-adds over k, in order, started from beta C, the bias or zero. So its
/// bits depend neither on the path taken, nor on the number of threads, nor on the width of the vectors.
/// </remarks>
public static unsafe class MatrixProduct
{
    /// <summary>Multiplies two matrices.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="a">A, <c>[m, k]</c>, or <c>[k, m]</c> where transposed.</param>
    /// <param name="b">B, <c>[k, n]</c>, or <c>[n, k]</c> where transposed.</param>
    /// <param name="options">Transpositions, factors and what happens to the result on the way out.</param>
    /// <param name="workers">The threads to share the work; they do not change the result.</param>
    /// <param name="c">The result, <c>[m, n]</c>; it overlaps neither operand.</param>
    /// <exception cref="ArgumentException">The shapes do not fit, a bias is not of n numbers or comes with a beta, or memory overlaps.
    /// Nothing has been written then.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="workers"/> is null.</exception>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is neither <see cref="float"/> nor
    /// <see cref="double"/>.</exception>
    [SkipLocalsInit]
    public static void Multiply<T>(
        ReadOnlyMatrixView<T> a, ReadOnlyMatrixView<T> b, in ProductOptions<T> options, WorkerPool workers, MatrixView<T> c)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(workers);
        Precision.Require<T>();
        int m = options.TransposeA ? a.Columns : a.Rows;
        int k = options.TransposeA ? a.Rows : a.Columns;
        int n = options.TransposeB ? b.Rows : b.Columns;
        ProductChecks.CheckShapes(m, k, options.TransposeB ? b.Columns : b.Rows, n, c.Rows, c.Columns);
        ProductChecks.CheckBias(options, n);
        if (c.IsEmpty)
            return;
        fixed (T* pa = &a.Origin, pb = &b.Origin, pc = &c.Origin, bias = options.Bias)
        {
            if (ProductChecks.MayOverlap(pa, a.Rows, a.Columns, a.Stride, pc, c.Rows, c.Columns, c.Stride))
                ProductChecks.CheckOverlap("A", pa, a, pc, c);
            if (ProductChecks.MayOverlap(pb, b.Rows, b.Columns, b.Stride, pc, c.Rows, c.Columns, c.Stride))
                ProductChecks.CheckOverlap("B", pb, b, pc, c);
            if (bias != null)
                ProductChecks.CheckOverlap(options.Bias, bias, pc, c);
            Describe(pa, a.Stride, pb, b.Stride, pc, c.Stride, m, k, n, options, bias, out Product<T> product);
            ThreadedProduct.Run(product, KernelSet<T>.Current, workers);
        }
    }

    /// <summary>The product of checked operands, given with the strides of their rows as they are stored.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Describe<T>(
        T* a, int strideA, T* b, int strideB, T* c, int strideC, int m, int k, int n, in ProductOptions<T> options, T* bias,
        out Product<T> product)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        product.A = a;
        product.RowA = options.TransposeA ? 1 : strideA;
        product.DepthA = options.TransposeA ? strideA : 1;
        product.Bytes = null;
        product.FirstRow = 0;
        product.B = b;
        product.DepthB = options.TransposeB ? 1 : strideB;
        product.ColumnB = options.TransposeB ? strideB : 1;
        product.Panels = null;
        product.C = c;
        product.RowC = strideC;
        product.Rows = m;
        product.Columns = n;
        product.Depth = k;
        product.Alpha = options.Alpha;
        product.Beta = options.Beta;
        product.Bias = bias;
        product.Start = options.StartOfChains(bias != null);
        product.Relu = options.Relu;
    }

    /// <summary>
    /// Multiplies a matrix and one that has been packed: <c>C = beta C + op(A) P</c>, or <c>C = bias + op(A) P</c>, then optionally
    /// ReLU.
    /// </summary>
    /// <remarks>The result has the bits that the product with what was packed has.</remarks>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="a">A, <c>[m, k]</c>, or <c>[k, m]</c> where transposed.</param>
    /// <param name="b">The packed operand P, <c>[k, n]</c>; only read.</param>
    /// <param name="options">As for two matrices; transposition of B and alpha belong to the packing and are left at their
    /// defaults.</param>
    /// <param name="workers">The threads to share the work; they do not change the result.</param>
    /// <param name="c">The result, <c>[m, n]</c>; it does not overlap A.</param>
    /// <exception cref="ArgumentException">The shapes do not fit, the options transpose or scale B, a bias is not of n numbers or comes
    /// with a beta, or memory overlaps. Nothing has been written then.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="b"/> or <paramref name="workers"/> is null.</exception>
    /// <exception cref="InvalidOperationException">Nothing has been packed in <paramref name="b"/>.</exception>
    [SkipLocalsInit]
    public static void Multiply<T>(
        ReadOnlyMatrixView<T> a, PackedMatrix<T> b, in ProductOptions<T> options, WorkerPool workers, MatrixView<T> c)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(b);
        ArgumentNullException.ThrowIfNull(workers);
        if (!b.IsPacked)
            throw new InvalidOperationException($"Nothing has been packed yet in the packed matrix [{b.Depth}, {b.Columns}].");
        if (options.TransposeB || options.Alpha != T.One)
        {
            throw new ArgumentException(
                "Transposition and alpha are given when a matrix is packed; "
                + $"found transposition {options.TransposeB} and an alpha of {options.Alpha}.");
        }
        int m = options.TransposeA ? a.Columns : a.Rows;
        int k = options.TransposeA ? a.Rows : a.Columns;
        ProductChecks.CheckShapes(m, k, b.Depth, b.Columns, c.Rows, c.Columns);
        ProductChecks.CheckBias(options, b.Columns);
        if (c.IsEmpty)
            return;
        fixed (T* pa = &a.Origin, pc = &c.Origin, bias = options.Bias)
        {
            ProductChecks.CheckOverlap("A", pa, a, pc, c);
            if (bias != null)
                ProductChecks.CheckOverlap(options.Bias, bias, pc, c);
            // One panel is a matrix like any other.
            bool isMatrix = b.Layout.Count == 1;
            Describe(
                pa, a.Stride, isMatrix ? b.Panels : null, isMatrix ? b.Layout.PanelStep(0) : b.Columns, pc, c.Stride, m, k, b.Columns,
                options, bias, out Product<T> product);
            product.Panels = isMatrix ? null : b.Panels;
            ThreadedProduct.Run(product, b.Set, workers);
        }
        GC.KeepAlive(b);
    }

    /// <summary>
    /// Multiplies what a layer reads, numbers or bytes, and a matrix: <c>C = beta C + op(A) (alpha op(B))</c>, or
    /// <c>C = bias + op(A) (alpha op(B))</c>, then optionally ReLU.
    /// </summary>
    /// <remarks>Bytes are converted as they are packed; the result has the bits that the product with the numbers has.</remarks>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="a">A, <c>[m, k]</c>, or <c>[k, m]</c> where transposed.</param>
    /// <param name="b">B, <c>[k, n]</c>, or <c>[n, k]</c> where transposed.</param>
    /// <param name="options">As for two matrices.</param>
    /// <param name="workers">The threads to share the work; they do not change the result.</param>
    /// <param name="c">The result, <c>[m, n]</c>; it overlaps neither operand.</param>
    /// <exception cref="ArgumentException">The shapes do not fit, a bias is not of n numbers or comes with a beta, or memory overlaps.
    /// Nothing has been written then.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="workers"/> is null.</exception>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is neither <see cref="float"/> nor
    /// <see cref="double"/>.</exception>
    [SkipLocalsInit]
    public static void Multiply<T>(
        LayerInput<T> a, ReadOnlyMatrixView<T> b, in ProductOptions<T> options, WorkerPool workers, MatrixView<T> c)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (a.IsBytes)
            MultiplyBytes(a.Bytes, b, options, workers, c);
        else
            Multiply(a.Numbers, b, options, workers, c);
    }

    private static void MultiplyBytes<T>(
        in ByteRows<T> a, ReadOnlyMatrixView<T> b, in ProductOptions<T> options, WorkerPool workers, MatrixView<T> c)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(workers);
        Precision.Require<T>();
        int m = options.TransposeA ? a.Columns : a.Rows;
        int k = options.TransposeA ? a.Rows : a.Columns;
        int n = options.TransposeB ? b.Rows : b.Columns;
        ProductChecks.CheckShapes(m, k, options.TransposeB ? b.Columns : b.Rows, n, c.Rows, c.Columns);
        ProductChecks.CheckBias(options, n);
        if (c.IsEmpty)
            return;
        MatrixGuard.CheckApart(a.Source, c, "A's bytes", "the result");
        MatrixGuard.CheckApart(a.Starts, c, "A's starts", "the result");
        MatrixGuard.CheckApart(a.Scale, c, "A's scale", "the result");
        MatrixGuard.CheckApart(a.Offset, c, "A's offset", "the result");
        fixed (byte* source = a.Source)
        fixed (int* starts = a.StartsToEnd)
        fixed (T* scale = a.Scale, offset = a.Offset, pb = &b.Origin, pc = &c.Origin, bias = options.Bias)
        {
            ProductChecks.CheckOverlap("B", pb, b, pc, c);
            if (bias != null)
                ProductChecks.CheckOverlap(options.Bias, bias, pc, c);
            var bytes = new ByteOperand<T>
            {
                Source = source,
                Starts = starts,
                Known = a.StartsToEnd.Length,
                Scale = scale,
                Offset = offset,
                Transposed = options.TransposeA,
            };
            Describe(null, a.Columns, pb, b.Stride, pc, c.Stride, m, k, n, options, bias, out Product<T> product);
            product.Bytes = &bytes;
            ThreadedProduct.Run(product, KernelSet<T>.Current, workers);
        }
    }
}
