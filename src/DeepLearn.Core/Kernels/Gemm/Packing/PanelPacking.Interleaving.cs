using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DeepLearn.Kernels.Gemm.Packing;

// Two or three rows that become the columns of a contiguous matrix. Number by number, that takes as long as a short product itself.
internal static unsafe partial class PanelPacking
{
    /// <summary>Interleaves two rows of at least sixteen numbers, with vectors of 512 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void InterleaveTwo(float* from, nint rowStep, int columns, float* to)
    {
        Vector512<int> low = Vector512.Create(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
        Vector512<int> high = Vector512.Create(8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
        for (int next = 0; next < columns; next += Vector512<float>.Count)
        {
            // The last block steps back to be full.
            int i = Math.Min(next, columns - Vector512<float>.Count);
            Vector512<float> x0 = Vector512.Load(from + i), x1 = Vector512.Load(from + rowStep + i);
            float* t = to + (2 * (nint)i);
            Avx512F.PermuteVar16x32x2(x0, low, x1).Store(t);
            Avx512F.PermuteVar16x32x2(x0, high, x1).Store(t + Vector512<float>.Count);
        }
    }

    /// <summary>Interleaves three rows of at least sixteen numbers, with vectors of 512 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void InterleaveThree(float* from, nint rowStep, int columns, float* to)
    {
        // For each third of the result: the numbers of the first two rows at their places, then those of the third among them.
        Vector512<int> two0 = Vector512.Create(0, 16, 0, 1, 17, 0, 2, 18, 0, 3, 19, 0, 4, 20, 0, 5);
        Vector512<int> two1 = Vector512.Create(21, 0, 6, 22, 0, 7, 23, 0, 8, 24, 0, 9, 25, 0, 10, 26);
        Vector512<int> two2 = Vector512.Create(0, 11, 27, 0, 12, 28, 0, 13, 29, 0, 14, 30, 0, 15, 31, 0);
        Vector512<int> third0 = Vector512.Create(0, 1, 16, 3, 4, 17, 6, 7, 18, 9, 10, 19, 12, 13, 20, 15);
        Vector512<int> third1 = Vector512.Create(0, 21, 2, 3, 22, 5, 6, 23, 8, 9, 24, 11, 12, 25, 14, 15);
        Vector512<int> third2 = Vector512.Create(26, 1, 2, 27, 4, 5, 28, 7, 8, 29, 10, 11, 30, 13, 14, 31);
        for (int next = 0; next < columns; next += Vector512<float>.Count)
        {
            int i = Math.Min(next, columns - Vector512<float>.Count);
            Vector512<float> x0 = Vector512.Load(from + i), x1 = Vector512.Load(from + rowStep + i);
            Vector512<float> x2 = Vector512.Load(from + (2 * rowStep) + i);
            float* t = to + (3 * (nint)i);
            Avx512F.PermuteVar16x32x2(Avx512F.PermuteVar16x32x2(x0, two0, x1), third0, x2).Store(t);
            Avx512F.PermuteVar16x32x2(Avx512F.PermuteVar16x32x2(x0, two1, x1), third1, x2).Store(t + Vector512<float>.Count);
            Avx512F.PermuteVar16x32x2(Avx512F.PermuteVar16x32x2(x0, two2, x1), third2, x2).Store(t + (2 * Vector512<float>.Count));
        }
    }
}
