using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DeepLearn.Kernels.Simd;

/// <summary>
/// Stores that go past the caches. An ordinary store reads the line before it writes it; for a span that no cache can hold that is a
/// third of the traffic of a copy. For one that a cache can hold, whoever reads it next has to fetch it from memory, which costs more than
/// the store has saved.
/// </summary>
internal static class StreamingStore
{
    /// <summary>From how many bytes on a span counts as one that whoever reads it next will not find in a cache anyway.</summary>
    public const nint Threshold = 8 << 20;

    /// <summary>Whether such stores exist for these lanes and this address.</summary>
    public static unsafe bool Fits<TLanes, T>(T* destination)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        TLanes.Count > 1 && (nuint)destination % (nuint)sizeof(T) == 0;

    /// <summary>Writes lanes to an address that is a multiple of their size.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Write<TLanes, T>(TLanes lanes, T* destination)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (typeof(TLanes) == typeof(Lanes512<T>))
            Vector512.StoreAlignedNonTemporal(Unsafe.BitCast<TLanes, Vector512<T>>(lanes), destination);
        else if (typeof(TLanes) == typeof(Lanes256<T>))
            Vector256.StoreAlignedNonTemporal(Unsafe.BitCast<TLanes, Vector256<T>>(lanes), destination);
        else if (typeof(TLanes) == typeof(Lanes128<T>))
            Vector128.StoreAlignedNonTemporal(Unsafe.BitCast<TLanes, Vector128<T>>(lanes), destination);
        else
            lanes.Store(ref *destination);
    }

    /// <summary>
    /// Makes what was written visible before anything that is written later: such stores are not kept in order otherwise.
    /// </summary>
    public static void Fence() => Interlocked.MemoryBarrier();
}
