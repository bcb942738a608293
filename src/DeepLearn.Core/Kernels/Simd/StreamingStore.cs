using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DeepLearn.Kernels.Simd;

/// <summary>
/// Non-temporal stores, which bypass the caches. An ordinary store first reads the cache line that it writes; in a copy, that is a third of
/// the memory traffic. For a span that fits in a cache a non-temporal store does not pay: the next reader must fetch the span from memory,
/// which costs more than the store saved.
/// </summary>
internal static class StreamingStore
{
    /// <summary>The size in bytes from which a span is too large to stay in a cache until it is read.</summary>
    public const nint Threshold = 8 << 20;

    /// <summary>Whether such stores are possible for a type of vector and an address.</summary>
    public static unsafe bool Fits<TLanes, T>(T* destination)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        TLanes.Count > 1 && (nuint)destination % (nuint)sizeof(T) == 0;

    /// <summary>Writes a vector to an address that is a multiple of the vector's size.</summary>
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

    /// <summary>Makes the stores visible before anything that is written later. Non-temporal stores are not ordered otherwise.</summary>
    public static void Fence() => Interlocked.MemoryBarrier();
}
