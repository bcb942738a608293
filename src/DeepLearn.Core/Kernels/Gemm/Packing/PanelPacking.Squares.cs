using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Gemm.Packing;

// Transpositions in registers, one square at a time.
internal static unsafe partial class PanelPacking
{
    /// <summary>Transposes squares of 128-bit vectors: for NEON, or x86 without AVX.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TransposeBlocks128<T>(T* from, nint rowStep, int depth, int width, T factor, T* to, nint panelStep)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int side = Vector128<T>.Count;
        if (depth < side)
        {
            for (int i = 0; i < Math.Min(width, side); i++)
                TransposeRow(from + (i * rowStep), depth, factor, to + i, panelStep);
            return;
        }
        T* r1 = width > 1 ? from + rowStep : from;
        T* r2 = width > 2 ? r1 + rowStep : from;
        T* r3 = width > 3 ? r2 + rowStep : from;
        var scale = Vector128.Create(factor);
        for (int next = 0; next < depth; next += side)
        {
            // The last block steps back to be full.
            int k = Math.Min(next, depth - side);
            Vector128<T> x0 = Vector128.Load(from + k) * scale, x1 = Vector128.Load(r1 + k) * scale;
            T* t = to + (k * panelStep);
            if (typeof(T) == typeof(double))
            {
                Interleave.Low(x0.AsDouble(), x1.AsDouble()).As<double, T>().Store(t);
                Interleave.High(x0.AsDouble(), x1.AsDouble()).As<double, T>().Store(t + panelStep);
                continue;
            }
            Vector128<float> y0 = x0.AsSingle(), y1 = x1.AsSingle();
            Vector128<float> y2 = (Vector128.Load(r2 + k) * scale).AsSingle(), y3 = (Vector128.Load(r3 + k) * scale).AsSingle();
            Interleave.Transpose(ref y0, ref y1, ref y2, ref y3);
            y0.As<float, T>().Store(t);
            y1.As<float, T>().Store(t + panelStep);
            y2.As<float, T>().Store(t + (2 * panelStep));
            y3.As<float, T>().Store(t + (3 * panelStep));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TransposeFloats(
        float* from, nint rowStep, int depth, int width, float factor, float* to, nint panelStep, nint ahead = 0)
    {
        const int Side = 8;
        Vector256<float> scale = Vector256.Create(factor);
        bool scaled = factor != 1;

        // The last rows first: what they write beyond their width, the others overwrite.
        for (int i = (width - 1) / Side * Side; i >= 0; i -= Side)
        {
            int rows = width - i;
            float* r0 = from + (i * rowStep);
            float* r1 = rows > 1 ? r0 + rowStep : r0;
            float* r2 = rows > 2 ? r1 + rowStep : r0;
            float* r3 = rows > 3 ? r2 + rowStep : r0;
            float* r4 = rows > 4 ? r3 + rowStep : r0;
            float* r5 = rows > 5 ? r4 + rowStep : r0;
            float* r6 = rows > 6 ? r5 + rowStep : r0;
            float* r7 = rows > 7 ? r6 + rowStep : r0;
            float* panel = to + i;
            int k = 0;
            if (depth < Side)
            {
                // Four k at once, the last four stepping back; fewer one by one.
                for (; k < depth && depth >= Side / 2; k += Side / 2)
                {
                    k = Math.Min(k, depth - (Side / 2));
                    Vector256<float> x0 = Vector256.Create(Vector128.Load(r0 + k), Vector128.Load(r4 + k));
                    Vector256<float> x1 = Vector256.Create(Vector128.Load(r1 + k), Vector128.Load(r5 + k));
                    Vector256<float> x2 = Vector256.Create(Vector128.Load(r2 + k), Vector128.Load(r6 + k));
                    Vector256<float> x3 = Vector256.Create(Vector128.Load(r3 + k), Vector128.Load(r7 + k));
                    Vector256<double> low01 = Avx.UnpackLow(x0, x1).AsDouble(), high01 = Avx.UnpackHigh(x0, x1).AsDouble();
                    Vector256<double> low23 = Avx.UnpackLow(x2, x3).AsDouble(), high23 = Avx.UnpackHigh(x2, x3).AsDouble();
                    float* t = panel + (k * panelStep);
                    (Avx.UnpackLow(low01, low23).AsSingle() * scale).Store(t);
                    (Avx.UnpackHigh(low01, low23).AsSingle() * scale).Store(t += panelStep);
                    (Avx.UnpackLow(high01, high23).AsSingle() * scale).Store(t += panelStep);
                    (Avx.UnpackHigh(high01, high23).AsSingle() * scale).Store(t += panelStep);
                }
                for (; k < depth; k++)
                {
                    var x = Vector256.Create(r0[k], r1[k], r2[k], r3[k], r4[k], r5[k], r6[k], r7[k]);
                    (x * scale).Store(panel + (k * panelStep));
                }
                continue;
            }
            if (Avx512F.IsSupported)
            {
                Vector512<float> wideScale = Vector512.Create(factor);
                for (; k <= depth - (2 * Side); k += 2 * Side)
                {
                    // As below, with twice as many k: one quarter of a vector holds k of 0 to 3, the next quarter 4 to 7.
                    Vector512<float> x0 = Vector512.Load(r0 + k), x1 = Vector512.Load(r1 + k), x2 = Vector512.Load(r2 + k);
                    Vector512<float> x3 = Vector512.Load(r3 + k), x4 = Vector512.Load(r4 + k), x5 = Vector512.Load(r5 + k);
                    Vector512<float> x6 = Vector512.Load(r6 + k), x7 = Vector512.Load(r7 + k);
                    if (ahead != 0)
                    {
                        AskFor(r0 + k + ahead, r1 + k + ahead, r2 + k + ahead, r3 + k + ahead);
                        AskFor(r4 + k + ahead, r5 + k + ahead, r6 + k + ahead, r7 + k + ahead);
                    }
                    if (scaled)
                    {
                        x0 *= wideScale;
                        x1 *= wideScale;
                        x2 *= wideScale;
                        x3 *= wideScale;
                        x4 *= wideScale;
                        x5 *= wideScale;
                        x6 *= wideScale;
                        x7 *= wideScale;
                    }
                    StoreTransposed(x0, x1, x2, x3, x4, x5, x6, x7, panel + (k * panelStep), panelStep);
                }
            }
            for (; k < depth; k += Side)
            {
                // The last block steps back to be full.
                k = Math.Min(k, depth - Side);
                // Interleaves single lanes, then pairs of lanes; then halves of vectors change places.
                Vector256<float> x0 = Avx.UnpackLow(Vector256.Load(r0 + k), Vector256.Load(r1 + k));
                Vector256<float> x1 = Avx.UnpackHigh(Vector256.Load(r0 + k), Vector256.Load(r1 + k));
                Vector256<float> x2 = Avx.UnpackLow(Vector256.Load(r2 + k), Vector256.Load(r3 + k));
                Vector256<float> x3 = Avx.UnpackHigh(Vector256.Load(r2 + k), Vector256.Load(r3 + k));
                Vector256<float> x4 = Avx.UnpackLow(Vector256.Load(r4 + k), Vector256.Load(r5 + k));
                Vector256<float> x5 = Avx.UnpackHigh(Vector256.Load(r4 + k), Vector256.Load(r5 + k));
                Vector256<float> x6 = Avx.UnpackLow(Vector256.Load(r6 + k), Vector256.Load(r7 + k));
                Vector256<float> x7 = Avx.UnpackHigh(Vector256.Load(r6 + k), Vector256.Load(r7 + k));
                Vector256<float> y0 = Avx.UnpackLow(x0.AsDouble(), x2.AsDouble()).AsSingle();
                Vector256<float> y1 = Avx.UnpackHigh(x0.AsDouble(), x2.AsDouble()).AsSingle();
                Vector256<float> y2 = Avx.UnpackLow(x1.AsDouble(), x3.AsDouble()).AsSingle();
                Vector256<float> y3 = Avx.UnpackHigh(x1.AsDouble(), x3.AsDouble()).AsSingle();
                Vector256<float> y4 = Avx.UnpackLow(x4.AsDouble(), x6.AsDouble()).AsSingle();
                Vector256<float> y5 = Avx.UnpackHigh(x4.AsDouble(), x6.AsDouble()).AsSingle();
                Vector256<float> y6 = Avx.UnpackLow(x5.AsDouble(), x7.AsDouble()).AsSingle();
                Vector256<float> y7 = Avx.UnpackHigh(x5.AsDouble(), x7.AsDouble()).AsSingle();
                if (scaled)
                {
                    y0 *= scale;
                    y1 *= scale;
                    y2 *= scale;
                    y3 *= scale;
                    y4 *= scale;
                    y5 *= scale;
                    y6 *= scale;
                    y7 *= scale;
                }
                float* t = panel + (k * panelStep);
                Avx.Permute2x128(y0, y4, 0x20).Store(t);
                Avx.Permute2x128(y1, y5, 0x20).Store(t += panelStep);
                Avx.Permute2x128(y2, y6, 0x20).Store(t += panelStep);
                Avx.Permute2x128(y3, y7, 0x20).Store(t += panelStep);
                Avx.Permute2x128(y0, y4, 0x31).Store(t += panelStep);
                Avx.Permute2x128(y1, y5, 0x31).Store(t += panelStep);
                Avx.Permute2x128(y2, y6, 0x31).Store(t += panelStep);
                Avx.Permute2x128(y3, y7, 0x31).Store(t += panelStep);
            }
        }
    }

    /// <summary>Asks for a cache line of each of four rows, which will be needed later.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AskFor(void* row0, void* row1, void* row2, void* row3)
    {
        if (!Sse.IsSupported)
            return;
        Sse.Prefetch0(row0);
        Sse.Prefetch0(row1);
        Sse.Prefetch0(row2);
        Sse.Prefetch0(row3);
    }

    /// <summary>
    /// Writes sixteen elements of each of eight rows, one k after another; for each k, the elements of all rows are side by side.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void StoreTransposed(
        Vector512<float> x0, Vector512<float> x1, Vector512<float> x2, Vector512<float> x3,
        Vector512<float> x4, Vector512<float> x5, Vector512<float> x6, Vector512<float> x7, float* to, nint step)
    {
        Vector512<double> low01 = Avx512F.UnpackLow(x0, x1).AsDouble(), high01 = Avx512F.UnpackHigh(x0, x1).AsDouble();
        Vector512<double> low23 = Avx512F.UnpackLow(x2, x3).AsDouble(), high23 = Avx512F.UnpackHigh(x2, x3).AsDouble();
        Vector512<double> low45 = Avx512F.UnpackLow(x4, x5).AsDouble(), high45 = Avx512F.UnpackHigh(x4, x5).AsDouble();
        Vector512<double> low67 = Avx512F.UnpackLow(x6, x7).AsDouble(), high67 = Avx512F.UnpackHigh(x6, x7).AsDouble();
        Vector512<double> y0 = Avx512F.UnpackLow(low01, low23), z0 = Avx512F.UnpackLow(low45, low67);
        Vector512<double> y1 = Avx512F.UnpackHigh(low01, low23), z1 = Avx512F.UnpackHigh(low45, low67);
        Vector512<double> y2 = Avx512F.UnpackLow(high01, high23), z2 = Avx512F.UnpackLow(high45, high67);
        Vector512<double> y3 = Avx512F.UnpackHigh(high01, high23), z3 = Avx512F.UnpackHigh(high45, high67);
        StoreHalves(FirstQuarters(y0, z0), FirstQuarters(y1, z1), FirstQuarters(y2, z2), FirstQuarters(y3, z3), to, step);
        to += 8 * step;
        StoreHalves(LastQuarters(y0, z0), LastQuarters(y1, z1), LastQuarters(y2, z2), LastQuarters(y3, z3), to, step);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> FirstQuarters(Vector512<double> x, Vector512<double> y) =>
        Avx512F.PermuteVar8x64x2(x, Vector512.Create(0L, 1, 8, 9, 2, 3, 10, 11), y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> LastQuarters(Vector512<double> x, Vector512<double> y) =>
        Avx512F.PermuteVar8x64x2(x, Vector512.Create(4L, 5, 12, 13, 6, 7, 14, 15), y);

    /// <summary>
    /// Writes the lower halves of four vectors, then the upper ones. This is the order of k, which panels narrower than a square need.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreHalves(
        Vector512<double> x0, Vector512<double> x1, Vector512<double> x2, Vector512<double> x3, float* to, nint step)
    {
        x0.GetLower().AsSingle().Store(to);
        x1.GetLower().AsSingle().Store(to + step);
        x2.GetLower().AsSingle().Store(to + (2 * step));
        x3.GetLower().AsSingle().Store(to + (3 * step));
        to += 4 * step;
        x0.GetUpper().AsSingle().Store(to);
        x1.GetUpper().AsSingle().Store(to + step);
        x2.GetUpper().AsSingle().Store(to + (2 * step));
        x3.GetUpper().AsSingle().Store(to + (3 * step));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TransposeDoubles(
        double* from, nint rowStep, int depth, int width, double factor, double* to, nint panelStep, nint ahead = 0)
    {
        const int Side = 4;
        Vector256<double> scale = Vector256.Create(factor);
        bool scaled = factor != 1;

        // The last rows first, as above.
        for (int i = (width - 1) / Side * Side; i >= 0; i -= Side)
        {
            int rows = width - i;
            double* r0 = from + (i * rowStep);
            double* r1 = rows > 1 ? r0 + rowStep : r0;
            double* r2 = rows > 2 ? r1 + rowStep : r0;
            double* r3 = rows > 3 ? r2 + rowStep : r0;
            double* panel = to + i;
            int k = 0;
            if (depth < Side)
            {
                // Two k at once, the last two stepping back; a single one by itself.
                for (; k < depth && depth >= Side / 2; k += Side / 2)
                {
                    k = Math.Min(k, depth - (Side / 2));
                    Vector256<double> x0 = Vector256.Create(Vector128.Load(r0 + k), Vector128.Load(r2 + k));
                    Vector256<double> x1 = Vector256.Create(Vector128.Load(r1 + k), Vector128.Load(r3 + k));
                    double* t = panel + (k * panelStep);
                    (Avx.UnpackLow(x0, x1) * scale).Store(t);
                    (Avx.UnpackHigh(x0, x1) * scale).Store(t + panelStep);
                }
                if (depth == 1)
                    (Vector256.Create(*r0, *r1, *r2, *r3) * scale).Store(panel);
                continue;
            }
            if (Avx512F.IsSupported)
            {
                Vector512<double> wideScale = Vector512.Create(factor);
                for (; k <= depth - (2 * Side); k += 2 * Side)
                {
                    // Twice as many k at once: one quarter of a vector holds k of 0 and 1, the next quarter 2 and 3.
                    Vector512<double> x0 = Vector512.Load(r0 + k), x1 = Vector512.Load(r1 + k);
                    Vector512<double> x2 = Vector512.Load(r2 + k), x3 = Vector512.Load(r3 + k);
                    if (ahead != 0)
                        AskFor(r0 + k + ahead, r1 + k + ahead, r2 + k + ahead, r3 + k + ahead);
                    if (scaled)
                    {
                        x0 *= wideScale;
                        x1 *= wideScale;
                        x2 *= wideScale;
                        x3 *= wideScale;
                    }
                    Vector512<double> y0 = Avx512F.UnpackLow(x0, x1), z0 = Avx512F.UnpackLow(x2, x3);
                    Vector512<double> y1 = Avx512F.UnpackHigh(x0, x1), z1 = Avx512F.UnpackHigh(x2, x3);
                    Vector512<double> k02 = FirstQuarters(y0, z0), k13 = FirstQuarters(y1, z1);
                    Vector512<double> k46 = LastQuarters(y0, z0), k57 = LastQuarters(y1, z1);
                    double* t = panel + (k * panelStep);
                    k02.GetLower().Store(t);
                    k13.GetLower().Store(t += panelStep);
                    k02.GetUpper().Store(t += panelStep);
                    k13.GetUpper().Store(t += panelStep);
                    k46.GetLower().Store(t += panelStep);
                    k57.GetLower().Store(t += panelStep);
                    k46.GetUpper().Store(t += panelStep);
                    k57.GetUpper().Store(t += panelStep);
                }
            }
            for (; k < depth; k += Side)
            {
                // The last block steps back to be full.
                k = Math.Min(k, depth - Side);
                Vector256<double> x0 = Avx.UnpackLow(Vector256.Load(r0 + k), Vector256.Load(r1 + k));
                Vector256<double> x1 = Avx.UnpackHigh(Vector256.Load(r0 + k), Vector256.Load(r1 + k));
                Vector256<double> x2 = Avx.UnpackLow(Vector256.Load(r2 + k), Vector256.Load(r3 + k));
                Vector256<double> x3 = Avx.UnpackHigh(Vector256.Load(r2 + k), Vector256.Load(r3 + k));
                if (scaled)
                {
                    x0 *= scale;
                    x1 *= scale;
                    x2 *= scale;
                    x3 *= scale;
                }
                double* t = panel + (k * panelStep);
                Avx.Permute2x128(x0, x2, 0x20).Store(t);
                Avx.Permute2x128(x1, x3, 0x20).Store(t += panelStep);
                Avx.Permute2x128(x0, x2, 0x31).Store(t += panelStep);
                Avx.Permute2x128(x1, x3, 0x31).Store(t += panelStep);
            }
        }
    }
}
