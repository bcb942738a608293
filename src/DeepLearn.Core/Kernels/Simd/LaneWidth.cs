using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DeepLearn.Kernels.Simd;

/// <summary>How many bits a kernel works on at once: what the processor does best, unless a test asks for something else.</summary>
internal static class LaneWidth
{
    /// <summary>For tests: 512, 256, 128 or 1 (one number at a time) on every thread, whether or not the processor has such vectors; 0 leaves the choice to it.</summary>
    internal static int Forced;

    /// <summary>512, 256, 128, or 1 for one number at a time.</summary>
    public static int Current
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Forced != 0 ? Forced : Best;
    }

    /// <summary>
    /// The same, but at most 256, for kernels of a few operations an element: memory bounds those, and where 512 bits are two halves
    /// inside (AMD's Zen 4) the shorter vectors are up to a quarter faster.
    /// </summary>
    public static int CurrentForShort
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Forced != 0 ? Forced : Math.Min(Best, 256);
    }

    private static int Best =>
        Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : Vector128.IsHardwareAccelerated ? 128 : 1;
}
