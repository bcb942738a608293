using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DeepLearn.Kernels.Gemm;

/// <summary>
/// The product of a matrix, stored by rows, and a vector: one column of the result, or one row where B is transposed. Every element of
/// the matrix is used once, so nothing is packed.
/// </summary>
/// <remarks>
/// A chain must not be divided among lanes, so the lanes are rows of the matrix: a few k of as many rows as there are lanes are read
/// and transposed in registers, and then each k is one fused multiply-add for all those rows. Four such groups of rows go side by side,
/// since each one's chain waits for itself.
/// </remarks>
internal static unsafe class MatrixVector
{
    private const int Groups = 4;

    /// <summary>Whether a product is one of these, and the hardware has what is needed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Suits<T>(in Product<T> product)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (product.Rows != 1 && product.Columns != 1)
            return false;
        return Fma.IsSupported && (IsRow(product) || IsColumn(product));
    }

    /// <summary>Computes a product on the calling thread.</summary>
    public static void Multiply<T>(in Product<T> product)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        bool row = IsRow(product);
        T* matrix = row ? product.B : product.A;
        nint stride = row ? product.ColumnB : product.RowA;
        int count = row ? product.Columns : product.Rows;
        nint resultStep = row ? 1 : product.RowC;
        T* vector = row ? product.A : product.B;
        nint vectorStep = row ? product.DepthA : product.DepthB;
        if (vectorStep != 1 || product.Alpha != T.One)
        {
            // A factor belongs to the elements of B, which are the vector's only in a column.
            T* copy = (T*)PanelMemory.Rent((nuint)product.Depth * (nuint)sizeof(T));
            for (int k = 0; k < product.Depth; k++)
                copy[k] = row ? vector[k * vectorStep] : product.Alpha * vector[k * vectorStep];
            vector = copy;
        }

        int lanes = Vector256<T>.Count;
        Vector256<T>* chains = stackalloc Vector256<T>[Groups];
        int first = 0;
        for (; first <= count - (Groups * lanes); first += Groups * lanes)
        {
            Start(product, row, first, Groups * lanes, (T*)chains, resultStep);
            if (typeof(T) == typeof(float))
                FourGroups((float*)(matrix + (first * stride)), stride, (float*)vector, product.Depth, (Vector256<float>*)chains);
            else
                FourGroups((double*)(matrix + (first * stride)), stride, (double*)vector, product.Depth, (Vector256<double>*)chains);
            Finish(product, (T*)chains, first, Groups * lanes, resultStep);
        }
        for (; first < count; first += lanes)
        {
            // The last group steps back to be a full one; what it computes again is not written again.
            int again = Math.Max(0, first + lanes - count);
            T* rows = matrix + ((first - again) * stride);
            Start(product, row, first - again, lanes, (T*)chains, resultStep);
            if (typeof(T) == typeof(float))
                OneGroup((float*)rows, stride, (float*)vector, product.Depth, (Vector256<float>*)chains);
            else
                OneGroup((double*)rows, stride, (double*)vector, product.Depth, (Vector256<double>*)chains);
            Finish(product, (T*)chains + again, first, lanes - again, resultStep);
        }
    }

    private static bool IsRow<T>(in Product<T> product)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        product.Rows == 1 && product.DepthB == 1 && product.Columns >= Vector256<T>.Count && product.Alpha == T.One;

    private static bool IsColumn<T>(in Product<T> product)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        product.Columns == 1 && product.DepthA == 1 && product.Rows >= Vector256<T>.Count;

    private static void Start<T>(in Product<T> product, bool row, int first, int count, T* chains, nint resultStep)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (product.Start == ChainStart.Zero)
        {
            new Span<T>(chains, count).Clear();
            return;
        }
        if (product.Start == ChainStart.Bias && !row)
        {
            new Span<T>(chains, count).Fill(product.Bias[0]);
            return;
        }
        T* from = product.Start == ChainStart.Bias ? product.Bias + first : product.C + (first * resultStep);
        nint step = product.Start == ChainStart.Bias ? 1 : resultStep;
        if (step == 1)
        {
            new ReadOnlySpan<T>(from, count).CopyTo(new Span<T>(chains, count));
        }
        else
        {
            for (int i = 0; i < count; i++)
                chains[i] = from[i * step];
        }
        if (product.Start == ChainStart.ScaledResult)
        {
            for (int i = 0; i < count; i++)
                chains[i] = product.Beta * chains[i];
        }
    }

    private static void Finish<T>(in Product<T> product, T* chains, int first, int count, nint resultStep)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T* to = product.C + (first * resultStep);
        if (resultStep == 1 && !product.Relu)
        {
            new ReadOnlySpan<T>(chains, count).CopyTo(new Span<T>(to, count));
            return;
        }
        for (int i = 0; i < count; i++)
            to[i * resultStep] = product.Relu && chains[i] < T.Zero ? T.Zero : chains[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourGroups(float* matrix, nint stride, float* vector, int depth, Vector256<float>* chains)
    {
        Vector256<float> c0 = chains[0], c1 = chains[1], c2 = chains[2], c3 = chains[3];
        float* m1 = matrix + (8 * stride), m2 = m1 + (8 * stride), m3 = m2 + (8 * stride);
        int k = 0;
        for (; k <= depth - 16; k += 16)
        {
            c0 = Line(matrix + k, stride, vector + k, c0);
            c1 = Line(m1 + k, stride, vector + k, c1);
            c2 = Line(m2 + k, stride, vector + k, c2);
            c3 = Line(m3 + k, stride, vector + k, c3);
        }
        for (; k <= depth - 4; k += 4)
        {
            c0 = FourSteps(matrix + k, stride, vector + k, c0);
            c1 = FourSteps(m1 + k, stride, vector + k, c1);
            c2 = FourSteps(m2 + k, stride, vector + k, c2);
            c3 = FourSteps(m3 + k, stride, vector + k, c3);
        }
        if (k < depth)
        {
            c0 = LastSteps(matrix + k, stride, vector + k, depth - k, k > 0, c0);
            c1 = LastSteps(m1 + k, stride, vector + k, depth - k, k > 0, c1);
            c2 = LastSteps(m2 + k, stride, vector + k, depth - k, k > 0, c2);
            c3 = LastSteps(m3 + k, stride, vector + k, depth - k, k > 0, c3);
        }
        (chains[0], chains[1], chains[2], chains[3]) = (c0, c1, c2, c3);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OneGroup(float* matrix, nint stride, float* vector, int depth, Vector256<float>* chains)
    {
        Vector256<float> c0 = chains[0];
        int k = 0;
        for (; k <= depth - 4; k += 4)
            c0 = FourSteps(matrix + k, stride, vector + k, c0);
        if (k < depth)
            c0 = LastSteps(matrix + k, stride, vector + k, depth - k, k > 0, c0);
        chains[0] = c0;
    }

    /// <summary>
    /// A cache line of each row: with rows a power of two apart, it would not be there any more after the other groups' turn.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Line(float* m, nint stride, float* v, Vector256<float> chain)
    {
        chain = FourSteps(m, stride, v, chain);
        chain = FourSteps(m + 4, stride, v + 4, chain);
        chain = FourSteps(m + 8, stride, v + 8, chain);
        return FourSteps(m + 12, stride, v + 12, chain);
    }

    /// <summary>Four k of eight rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> FourSteps(float* m, nint stride, float* v, Vector256<float> chain)
    {
        Transpose(m, stride, out Vector256<float> k0, out Vector256<float> k1, out Vector256<float> k2, out Vector256<float> k3);
        chain = Fma.MultiplyAdd(k0, Vector256.Create(v[0]), chain);
        chain = Fma.MultiplyAdd(k1, Vector256.Create(v[1]), chain);
        chain = Fma.MultiplyAdd(k2, Vector256.Create(v[2]), chain);
        return Fma.MultiplyAdd(k3, Vector256.Create(v[3]), chain);
    }

    /// <summary>
    /// The last one, two or three k of eight rows, whose columns are read together with those before them, where there are any.
    /// </summary>
    private static Vector256<float> LastSteps(float* m, nint stride, float* v, int count, bool areThereFour, Vector256<float> chain)
    {
        if (!areThereFour)
        {
            for (int k = 0; k < count; k++)
            {
                float* u = m + k;
                var column = Vector256.Create(
                    u[0], u[stride], u[2 * stride], u[3 * stride], u[4 * stride], u[5 * stride], u[6 * stride], u[7 * stride]);
                chain = Fma.MultiplyAdd(column, Vector256.Create(v[k]), chain);
            }
            return chain;
        }
        Transpose(m + count - 4, stride, out _, out Vector256<float> k1, out Vector256<float> k2, out Vector256<float> k3);
        if (count > 2)
            chain = Fma.MultiplyAdd(k1, Vector256.Create(v[count - 3]), chain);
        if (count > 1)
            chain = Fma.MultiplyAdd(k2, Vector256.Create(v[count - 2]), chain);
        return Fma.MultiplyAdd(k3, Vector256.Create(v[count - 1]), chain);
    }

    /// <summary>
    /// Reads four k of eight rows, and gives each k in a vector of its own: two 4 by 4 transpositions side by side, rows 0 to 3 in the lower
    /// half and 4 to 7 in the upper.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose(
        float* m, nint stride, out Vector256<float> k0, out Vector256<float> k1, out Vector256<float> k2, out Vector256<float> k3)
    {
        float* upper = m + (4 * stride);
        Vector256<float> r0 = Vector256.Create(Vector128.Load(m), Vector128.Load(upper));
        Vector256<float> r1 = Vector256.Create(Vector128.Load(m + stride), Vector128.Load(upper + stride));
        Vector256<float> r2 = Vector256.Create(Vector128.Load(m + (2 * stride)), Vector128.Load(upper + (2 * stride)));
        Vector256<float> r3 = Vector256.Create(Vector128.Load(m + (3 * stride)), Vector128.Load(upper + (3 * stride)));
        Vector256<double> low01 = Avx.UnpackLow(r0, r1).AsDouble(), high01 = Avx.UnpackHigh(r0, r1).AsDouble();
        Vector256<double> low23 = Avx.UnpackLow(r2, r3).AsDouble(), high23 = Avx.UnpackHigh(r2, r3).AsDouble();
        k0 = Avx.UnpackLow(low01, low23).AsSingle();
        k1 = Avx.UnpackHigh(low01, low23).AsSingle();
        k2 = Avx.UnpackLow(high01, high23).AsSingle();
        k3 = Avx.UnpackHigh(high01, high23).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourGroups(double* matrix, nint stride, double* vector, int depth, Vector256<double>* chains)
    {
        Vector256<double> c0 = chains[0], c1 = chains[1], c2 = chains[2], c3 = chains[3];
        double* m1 = matrix + (4 * stride), m2 = m1 + (4 * stride), m3 = m2 + (4 * stride);
        int k = 0;
        for (; k <= depth - 8; k += 8)
        {
            c0 = Line(matrix + k, stride, vector + k, c0);
            c1 = Line(m1 + k, stride, vector + k, c1);
            c2 = Line(m2 + k, stride, vector + k, c2);
            c3 = Line(m3 + k, stride, vector + k, c3);
        }
        for (; k <= depth - 2; k += 2)
        {
            c0 = TwoSteps(matrix + k, stride, vector + k, c0);
            c1 = TwoSteps(m1 + k, stride, vector + k, c1);
            c2 = TwoSteps(m2 + k, stride, vector + k, c2);
            c3 = TwoSteps(m3 + k, stride, vector + k, c3);
        }
        if (k < depth)
        {
            c0 = LastStep(matrix + k, stride, vector + k, c0);
            c1 = LastStep(m1 + k, stride, vector + k, c1);
            c2 = LastStep(m2 + k, stride, vector + k, c2);
            c3 = LastStep(m3 + k, stride, vector + k, c3);
        }
        (chains[0], chains[1], chains[2], chains[3]) = (c0, c1, c2, c3);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OneGroup(double* matrix, nint stride, double* vector, int depth, Vector256<double>* chains)
    {
        Vector256<double> c0 = chains[0];
        int k = 0;
        for (; k <= depth - 2; k += 2)
            c0 = TwoSteps(matrix + k, stride, vector + k, c0);
        if (k < depth)
            c0 = LastStep(matrix + k, stride, vector + k, c0);
        chains[0] = c0;
    }

    /// <summary>A cache line of each row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Line(double* m, nint stride, double* v, Vector256<double> chain)
    {
        chain = TwoSteps(m, stride, v, chain);
        chain = TwoSteps(m + 2, stride, v + 2, chain);
        chain = TwoSteps(m + 4, stride, v + 4, chain);
        return TwoSteps(m + 6, stride, v + 6, chain);
    }

    /// <summary>Two k of four rows: two 2 by 2 transpositions side by side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> TwoSteps(double* m, nint stride, double* v, Vector256<double> chain)
    {
        double* upper = m + (2 * stride);
        Vector256<double> r0 = Vector256.Create(Vector128.Load(m), Vector128.Load(upper));
        Vector256<double> r1 = Vector256.Create(Vector128.Load(m + stride), Vector128.Load(upper + stride));
        chain = Fma.MultiplyAdd(Avx.UnpackLow(r0, r1), Vector256.Create(v[0]), chain);
        return Fma.MultiplyAdd(Avx.UnpackHigh(r0, r1), Vector256.Create(v[1]), chain);
    }

    private static Vector256<double> LastStep(double* m, nint stride, double* v, Vector256<double> chain) =>
        Fma.MultiplyAdd(Vector256.Create(m[0], m[stride], m[2 * stride], m[3 * stride]), Vector256.Create(v[0]), chain);
}
