using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Gemm.Contract;
using DeepLearn.Kernels.Gemm.MicroKernel;
using DeepLearn.Kernels.Gemm.Paths;
using DeepLearn.Kernels.Gemm.Threads;
using DeepLearn.Kernels.Simd;
using DeepLearn.Tensors;

namespace DeepLearn.Kernels.Gemm;

/// <summary>
/// The matrix product: <c>C = beta C + op(A) (alpha op(B))</c>, or <c>C = bias + op(A) (alpha op(B))</c>, then optionally ReLU.
/// </summary>
/// <remarks>
/// Each element of the result is one chain of fused multiply-adds over k, in order, started from beta C, the bias or zero. So the result is
/// reproducible bit for bit: it depends neither on the operands' sizes (which decide the algorithm), nor on the number of threads, nor on
/// the width of the vectors.
/// </remarks>
/// <example><code>
/// var a = Matrix&lt;float&gt;.FromArray(new float[,] { { 1, 2 }, { 3, 4 } });
/// var b = Matrix&lt;float&gt;.FromArray(new float[,] { { 1, 0, 1 }, { 0, 1, 1 } });
/// var c = new Matrix&lt;float&gt;(2, 3);
/// MatrixProduct.Multiply(a, b, new ProductOptions&lt;float&gt;(), workers, c);
/// Console.WriteLine($"{c[1, 0]}, {c[1, 1]}, {c[1, 2]}");    // prints 3, 4, 7
/// </code></example>
public static unsafe class MatrixProduct
{
    /// <summary>Multiplies two matrices.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="a">A, <c>[m, k]</c>, or <c>[k, m]</c> if it is transposed.</param>
    /// <param name="b">B, <c>[k, n]</c>, or <c>[n, k]</c> if it is transposed.</param>
    /// <param name="options">Transpositions, factors, bias and ReLU.</param>
    /// <param name="workers">The threads that share the work; their number does not change the result.</param>
    /// <param name="c">The result, <c>[m, n]</c>; it overlaps neither operand.</param>
    /// <exception cref="ArgumentException">
    /// The shapes do not fit, the bias does not have n numbers or beta is not 0 beside it, or memory overlaps. Nothing has been written
    /// then.
    /// </exception>
    /// <exception cref="ArgumentNullException"><paramref name="workers"/> is null.</exception>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is neither <see cref="float"/> nor
    /// <see cref="double"/>.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Multiply<T>(
        ReadOnlyMatrixView<T> a, ReadOnlyMatrixView<T> b, in ProductOptions<T> options, WorkerPool workers, MatrixView<T> c)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Multiply(
            in a.Origin, a.Rows, a.Columns, a.Stride, in b.Origin, b.Rows, b.Columns, b.Stride, options, workers, ref c.Origin, c.Rows,
            c.Columns, c.Stride);

    /// <summary>
    /// Multiplies two matrices. Their views are taken apart by the caller: passed whole, they would be copied through memory, in pieces of
    /// another size than they were written in, for which the core waits longer than the shortest products take.
    /// </summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Multiply<T>(
        ref readonly T a, int rowsA, int columnsA, int strideA, ref readonly T b, int rowsB, int columnsB, int strideB,
        in ProductOptions<T> options, WorkerPool workers, ref T c, int rowsC, int columnsC, int strideC)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(workers);
        Precision.Require<T>();
        int m = options.TransposeA ? columnsA : rowsA, k = options.TransposeA ? rowsA : columnsA;
        int n = options.TransposeB ? rowsB : columnsB;
        ProductChecks.CheckShapes(m, k, options.TransposeB ? columnsB : rowsB, n, options, rowsC, columnsC);
        if (m == 0 || n == 0)
            return;
        fixed (T* pa = &a, pb = &b, pc = &c, bias = options.Bias)
        {
            ProductChecks.CheckApart("A", pa, rowsA, columnsA, strideA, pc, m, n, strideC);
            ProductChecks.CheckApart("B", pb, rowsB, columnsB, strideB, pc, m, n, strideC);
            if (bias != null)
                ProductChecks.CheckApart("the bias", bias, 1, n, n, pc, m, n, strideC);
            Run(pa, strideA, pb, strideB, null, pc, strideC, m, k, n, options, bias, KernelSet<T>.Current, workers);
        }
    }

    /// <summary>
    /// Multiplies a matrix by a packed matrix: <c>C = beta C + op(A) P</c>, or <c>C = bias + op(A) P</c>, then optionally ReLU.
    /// </summary>
    /// <remarks>
    /// The result has the same bits as the product with the matrix that was packed.
    /// </remarks>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="a">A, <c>[m, k]</c>, or <c>[k, m]</c> if it is transposed.</param>
    /// <param name="b">The packed operand P, <c>[k, n]</c>; only read.</param>
    /// <param name="options">
    /// As for two matrices, but the transposition of B and alpha are given to <see cref="PackedMatrix{T}.Pack"/> and keep their defaults
    /// here.
    /// </param>
    /// <param name="workers">The threads that share the work; their number does not change the result.</param>
    /// <param name="c">The result, <c>[m, n]</c>; it does not overlap A.</param>
    /// <exception cref="ArgumentException">
    /// The shapes do not fit, the options transpose or scale B, the bias does not have n numbers or beta is not 0 beside it, or memory
    /// overlaps. Nothing has been written then.
    /// </exception>
    /// <exception cref="ArgumentNullException"><paramref name="b"/> or <paramref name="workers"/> is null.</exception>
    /// <exception cref="InvalidOperationException"><paramref name="b"/> has not been packed yet.</exception>
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
        int m = options.TransposeA ? a.Columns : a.Rows, k = options.TransposeA ? a.Rows : a.Columns;
        ProductChecks.CheckShapes(m, k, b.Depth, b.Columns, options, c.Rows, c.Columns);
        if (c.IsEmpty)
            return;
        fixed (T* pa = &a.Origin, pc = &c.Origin, bias = options.Bias)
        {
            ProductChecks.CheckApart("A", pa, a.Rows, a.Columns, a.Stride, pc, m, b.Columns, c.Stride);
            if (bias != null)
                ProductChecks.CheckApart("the bias", bias, 1, b.Columns, b.Columns, pc, m, b.Columns, c.Stride);
            T* panels = b.Panels;
            Run(pa, a.Stride, panels, b.Layout.PanelStep(0), panels, pc, c.Stride, m, k, b.Columns, options, bias, b.Set, workers);
        }
        GC.KeepAlive(b);
    }

    /// <summary>
    /// Multiplies the input of a layer, numbers or bytes, by a matrix: <c>C = beta C + op(A) (alpha op(B))</c>, or <c>C = bias + op(A)
    /// (alpha op(B))</c>, then optionally ReLU.
    /// </summary>
    /// <remarks>
    /// Bytes are converted while they are packed; the result has the same bits as the product with the converted numbers.
    /// </remarks>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="a">A, <c>[m, k]</c>, or <c>[k, m]</c> if it is transposed.</param>
    /// <param name="b">B, <c>[k, n]</c>, or <c>[n, k]</c> if it is transposed.</param>
    /// <param name="options">As for two matrices.</param>
    /// <param name="workers">The threads that share the work; their number does not change the result.</param>
    /// <param name="c">The result, <c>[m, n]</c>; it overlaps neither operand.</param>
    /// <exception cref="ArgumentException">
    /// The shapes do not fit, the bias does not have n numbers or beta is not 0 beside it, or memory overlaps. Nothing has been written
    /// then.
    /// </exception>
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
        int m = options.TransposeA ? a.Columns : a.Rows, k = options.TransposeA ? a.Rows : a.Columns;
        int n = options.TransposeB ? b.Rows : b.Columns;
        ProductChecks.CheckShapes(m, k, options.TransposeB ? b.Columns : b.Rows, n, options, c.Rows, c.Columns);
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
            ProductChecks.CheckApart("B", pb, b.Rows, b.Columns, b.Stride, pc, m, n, c.Stride);
            if (bias != null)
                ProductChecks.CheckApart("the bias", bias, 1, n, n, pc, m, n, c.Stride);
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

    /// <summary>
    /// Computes a checked product with given kernels, of two matrices or of a matrix and panels. B is then the first panel.
    /// </summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Run<T>(
        T* a, int strideA, T* b, int strideB, T* panels, T* c, int strideC, int m, int k, int n, in ProductOptions<T> options, T* bias,
        KernelSet<T> set, WorkerPool workers)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // For a vector, a row or a column, transposition means nothing; only the distance between its numbers counts.
        bool transposeA = options.TransposeA && m > 1, transposeB = options.TransposeB && n > 1 && (k > 1 || strideB > 1);
        if (Dispatch.IsOnePanel(m, k, n, transposeA, transposeB, options.Alpha, set) && (panels == null || n <= set.Nr))
        {
            nint rowA = options.TransposeA ? 1 : strideA, depthA = options.TransposeA ? strideA : 1;
            OnePanelProduct.Multiply(
                a, rowA, depthA, b, options.TransposeB ? 1 : strideB, c, strideC, m, k, n, options.StartOfChains(bias != null),
                options.Beta, bias, options.Relu, set);
            return;
        }
        RunLonger(a, strideA, b, strideB, panels, c, strideC, m, k, n, options, bias, set, workers);
    }

    /// <summary>All but the shortest products. They are apart so that those need no registers or memory for what is done here.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void RunLonger<T>(
        T* a, int strideA, T* b, int strideB, T* panels, T* c, int strideC, int m, int k, int n, in ProductOptions<T> options, T* bias,
        KernelSet<T> set, WorkerPool workers)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        bool isTransposed = options.TransposeB && n > 1 && !(options.TransposeA && m > 1) && panels == null;
        if (isTransposed && (strideA == 1 || !options.TransposeA) && Dispatch.AreDotProducts(m, k, n, options.Alpha))
        {
            DotProducts.Multiply(
                a, strideA, b, strideB, c, strideC, m, k, n, options.StartOfChains(bias != null), options.Beta, bias, options.Relu);
            return;
        }
        if (isTransposed && Dispatch.IsOneTransposedPanel(m, k, n, options.Alpha, set))
        {
            OnePanelProduct.MultiplyTransposed(
                a, options.TransposeA ? 1 : strideA, options.TransposeA ? strideA : 1, b, strideB, c, strideC, m, k, n,
                options.StartOfChains(bias != null), options.Beta, bias, options.Relu, set);
            return;
        }
        if (Dispatch.IsShallow(m, k, n, options.TransposeB && n > 1 && (k > 1 || strideB > 1), options.Alpha, set) && panels == null)
        {
            ShallowProduct.MultiplyAtOnce(
                a, options.TransposeA ? 1 : strideA, options.TransposeA ? strideA : 1, b, options.TransposeB ? 1 : strideB, c, strideC, m,
                k, n, options.StartOfChains(bias != null), options.Beta, bias, options.Relu, set);
            return;
        }
        Describe(a, strideA, b, strideB, c, strideC, m, k, n, options, bias, out Product<T> product);
        product.Panels = panels;
        ThreadedProduct.Run(product, set, workers);
    }

    /// <summary>
    /// Computes the columns of some panels of a product with a packed matrix that has several, on the calling thread. Nothing is checked.
    /// </summary>
    /// <param name="a">A, <c>[rows, b.Depth]</c>, its rows one after another.</param>
    /// <param name="rows">The rows of A and C.</param>
    /// <param name="b">The packed operand.</param>
    /// <param name="firstPanel">The first of the panels of its <see cref="PackedMatrix{T}.Layout"/>.</param>
    /// <param name="endPanel">The one behind the last.</param>
    /// <param name="c">The result, <c>[rows, b.Columns]</c>, its rows one after another.</param>
    internal static void MultiplyPanels<T>(T* a, int rows, PackedMatrix<T> b, int firstPanel, int endPanel, T* c)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T* panels = b.Panels;
        var options = new ProductOptions<T>();
        Describe(a, b.Depth, panels, b.Layout.PanelStep(0), c, b.Columns, rows, b.Depth, b.Columns, options, null, out Product<T> product);
        product.Panels = panels;
        (product.FirstPanel, product.EndPanel) = (firstPanel, endPanel);
        Dispatch.Run(product, b.Set);
        GC.KeepAlive(b);
    }

    /// <summary>Fills in the description of a product from checked operands; strides are those between the rows as stored.</summary>
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
        product.ColumnB = options.TransposeB && n > 1 ? strideB : 1;
        product.Panels = null;
        product.FirstPanel = 0;
        product.EndPanel = int.MaxValue;
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
}
