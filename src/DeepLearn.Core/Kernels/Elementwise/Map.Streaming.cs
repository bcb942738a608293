using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Elementwise;

// The loops for large spans, with stores that bypass the caches.
public static partial class Map
{
    /// <summary>As <see cref="ShortLoop"/>, with stores that bypass the caches, unless the destination is also read.</summary>
    private static unsafe void HugeLoop<TLanes, TMapping, T>(TMapping f, ref T x, ref T y, ref T z, ref T destination, nint length)
        where TLanes : struct, ILanes<TLanes, T>
        where TMapping : struct, IMapping<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        bool apart = !Unsafe.AreSame(ref x, ref destination)
            && (!TMapping.UsesY || !Unsafe.AreSame(ref y, ref destination))
            && (!TMapping.UsesZ || !Unsafe.AreSame(ref z, ref destination));

        // Pinned, since such stores must stay aligned.
        fixed (T* to = &destination)
        {
            if (apart && StreamingStore.Fits<TLanes, T>(to))
            {
                StreamingLoop<TLanes, TMapping, T>(f, ref x, ref y, ref z, to, length);
                return;
            }
        }
        ShortLoop<TLanes, TMapping, T>(f, ref x, ref y, ref z, ref destination, length);
    }

    [MethodImpl(Loop)]
    private static unsafe void StreamingLoop<TLanes, TMapping, T>(TMapping f, ref T x, ref T y, ref T z, T* destination, nint length)
        where TLanes : struct, ILanes<TLanes, T>
        where TMapping : struct, IMapping<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nint last = length - TLanes.Count;
        At<TLanes, TMapping, T>(f, ref x, ref y, ref z, 0).Store(ref *destination);
        nint i = NextAligned<TLanes, T>(ref *destination);
        for (; i <= last - (3 * TLanes.Count); i += 4 * TLanes.Count)
        {
            StreamingStore.Write(At<TLanes, TMapping, T>(f, ref x, ref y, ref z, i), destination + i);
            StreamingStore.Write(At<TLanes, TMapping, T>(f, ref x, ref y, ref z, i + TLanes.Count), destination + i + TLanes.Count);
            StreamingStore.Write(
                At<TLanes, TMapping, T>(f, ref x, ref y, ref z, i + (2 * TLanes.Count)), destination + i + (2 * TLanes.Count));
            StreamingStore.Write(
                At<TLanes, TMapping, T>(f, ref x, ref y, ref z, i + (3 * TLanes.Count)), destination + i + (3 * TLanes.Count));
        }
        for (; i < last; i += TLanes.Count)
            At<TLanes, TMapping, T>(f, ref x, ref y, ref z, i).Store(ref destination[i]);
        At<TLanes, TMapping, T>(f, ref x, ref y, ref z, last).Store(ref destination[last]);
        StreamingStore.Fence();
    }

    /// <summary>
    /// The first element after the destination's first one at which a vector is aligned. Unless the destination is pinned, the answer may
    /// not stay true.
    /// </summary>
    [MethodImpl(Inline)]
    private static unsafe nint NextAligned<TLanes, T>(ref T destination)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nint element = (nint)((nuint)Unsafe.AsPointer(ref destination) / (nuint)sizeof(T));
        return TLanes.Count - (element & (TLanes.Count - 1));
    }
}
