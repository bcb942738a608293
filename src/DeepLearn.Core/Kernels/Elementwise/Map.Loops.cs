using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Elementwise;

public static partial class Map
{
    [MethodImpl(Inline)]
    private static void Run<TMapping, T>(TMapping f, ref T x, ref T y, ref T z, ref T destination, nint length)
        where TMapping : struct, IMapping<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Precision.Require<T>();
        nint bytes = length * Unsafe.SizeOf<T>();
        if (bytes == 0)
            return;
        if (!TMapping.IsLong && bytes >= StreamingStore.Threshold)
        {
            RunHuge(f, ref x, ref y, ref z, ref destination, length);
            return;
        }
        int width = TMapping.IsLong ? LaneWidth.Current : LaneWidth.ForSpan(bytes);
        if (width == 512 && LaneWidth.Has512)
            Run<Lanes512<T>, TMapping, T>(f, ref x, ref y, ref z, ref destination, length);
        else if (width == 256)
            Run<Lanes256<T>, TMapping, T>(f, ref x, ref y, ref z, ref destination, length);
        else if (width == 128)
            Run<Lanes128<T>, TMapping, T>(f, ref x, ref y, ref z, ref destination, length);
        else
            Run<Lane<T>, TMapping, T>(f, ref x, ref y, ref z, ref destination, length);
    }

    // One call for each width, with the other choices behind it. The JIT inlines only a limited amount of code, and a loop of a few
    // nanoseconds is slowed by every instruction before it.
    [MethodImpl(Inline)]
    private static void Run<TLanes, TMapping, T>(TMapping f, ref T x, ref T y, ref T z, ref T destination, nint length)
        where TLanes : struct, ILanes<TLanes, T>
        where TMapping : struct, IMapping<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (TMapping.IsPaired)
            PairedLoop<TLanes, TMapping, T>(f, ref x, ref y, ref z, ref destination, length);
        else if (TMapping.IsLong)
            LongLoop<TLanes, TMapping, T>(f, ref x, ref y, ref z, ref destination, length);
        else
            ShortLoop<TLanes, TMapping, T>(f, ref x, ref y, ref z, ref destination, length);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void RunHuge<TMapping, T>(TMapping f, ref T x, ref T y, ref T z, ref T destination, nint length)
        where TMapping : struct, IMapping<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        switch (LaneWidth.CurrentForShort)
        {
            case 512 when LaneWidth.Has512: HugeLoop<Lanes512<T>, TMapping, T>(f, ref x, ref y, ref z, ref destination, length); break;
            case 256: HugeLoop<Lanes256<T>, TMapping, T>(f, ref x, ref y, ref z, ref destination, length); break;
            case 128: HugeLoop<Lanes128<T>, TMapping, T>(f, ref x, ref y, ref z, ref destination, length); break;
            default: HugeLoop<Lane<T>, TMapping, T>(f, ref x, ref y, ref z, ref destination, length); break;
        }
    }

    /// <summary>For functions of a few operations, over at least one whole vector.</summary>
    /// <remarks>
    /// The first and the last vector are computed before anything is written, and stored at the end. They may overlap the vectors between,
    /// which start where the destination is aligned, since a store that crosses a cache line costs as much as two. An element that is
    /// computed twice gets the same bits both times.
    /// </remarks>
    [MethodImpl(Loop)]
    private static void ShortLoop<TLanes, TMapping, T>(TMapping f, ref T x, ref T y, ref T z, ref T destination, nint length)
        where TLanes : struct, ILanes<TLanes, T>
        where TMapping : struct, IMapping<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nint last = length - TLanes.Count;
        TLanes head = At<TLanes, TMapping, T>(f, ref x, ref y, ref z, 0);
        TLanes end = At<TLanes, TMapping, T>(f, ref x, ref y, ref z, last);
        nint i = NextAligned<TLanes, T>(ref destination);
        for (; i <= last - (3 * TLanes.Count); i += 4 * TLanes.Count)
        {
            ref T to = ref Unsafe.Add(ref destination, i);
            At<TLanes, TMapping, T>(f, ref x, ref y, ref z, i).Store(ref to);
            At<TLanes, TMapping, T>(f, ref x, ref y, ref z, i + TLanes.Count).Store(ref Unsafe.Add(ref to, TLanes.Count));
            At<TLanes, TMapping, T>(f, ref x, ref y, ref z, i + (2 * TLanes.Count)).Store(ref Unsafe.Add(ref to, 2 * TLanes.Count));
            At<TLanes, TMapping, T>(f, ref x, ref y, ref z, i + (3 * TLanes.Count)).Store(ref Unsafe.Add(ref to, 3 * TLanes.Count));
        }
        for (; i < last; i += TLanes.Count)
            At<TLanes, TMapping, T>(f, ref x, ref y, ref z, i).Store(ref Unsafe.Add(ref destination, i));
        head.Store(ref destination);
        end.Store(ref Unsafe.Add(ref destination, last));
    }

    /// <summary>For functions of one argument and many operations. Two vectors at a time share the loads of the constants.</summary>
    [MethodImpl(Loop)]
    private static void PairedLoop<TLanes, TMapping, T>(TMapping f, ref T x, ref T y, ref T z, ref T destination, nint length)
        where TLanes : struct, ILanes<TLanes, T>
        where TMapping : struct, IMapping<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nint last = length - (2 * TLanes.Count);
        if (last < 0)
        {
            LongLoop<TLanes, TMapping, T>(f, ref x, ref y, ref z, ref destination, length);
            return;
        }

        // The last pair may overlap the one before, so its arguments are read before anything is written.
        ref T xEnd = ref Unsafe.Add(ref x, last);
        TLanes firstEnd = TLanes.Load(in xEnd), secondEnd = TLanes.Load(in Unsafe.Add(ref xEnd, TLanes.Count));
        TLanes first = TLanes.Load(in x), second = TLanes.Load(in Unsafe.Add(ref x, TLanes.Count));
        nint i = 0;
        while (true)
        {
            first = f.Invoke(first, first, first);
            second = f.Invoke(second, second, second);
            first.Store(ref Unsafe.Add(ref destination, i));
            second.Store(ref Unsafe.Add(ref destination, i + TLanes.Count));
            if (i == last)
                return;
            i += 2 * TLanes.Count;
            if (i < last)
            {
                first = TLanes.Load(in Unsafe.Add(ref x, i));
                second = TLanes.Load(in Unsafe.Add(ref x, i + TLanes.Count));
                continue;
            }
            (i, first, second) = (last, firstEnd, secondEnd);
        }
    }

    /// <summary>For functions of many operations; the loop is not unrolled.</summary>
    [MethodImpl(Loop)]
    private static void LongLoop<TLanes, TMapping, T>(TMapping f, ref T x, ref T y, ref T z, ref T destination, nint length)
        where TLanes : struct, ILanes<TLanes, T>
        where TMapping : struct, IMapping<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nint last = length - TLanes.Count;
        if (last < 0)
        {
            Few<TLanes, TMapping, T>(f, ref x, ref y, ref z, ref destination, length);
            return;
        }

        // The last vector may overlap the one before, so its arguments are read before anything is written.
        TLanes xEnd = TLanes.Load(in Unsafe.Add(ref x, last)), xLanes = TLanes.Load(in x);
        TLanes yEnd = xEnd, yLanes = xLanes, zEnd = xEnd, zLanes = xLanes;
        if (TMapping.UsesY)
            (yEnd, yLanes) = (TLanes.Load(in Unsafe.Add(ref y, last)), TLanes.Load(in y));
        if (TMapping.UsesZ)
            (zEnd, zLanes) = (TLanes.Load(in Unsafe.Add(ref z, last)), TLanes.Load(in z));
        nint i = 0;
        while (true)
        {
            f.Invoke(xLanes, yLanes, zLanes).Store(ref Unsafe.Add(ref destination, i));
            if (i == last)
                return;
            i += TLanes.Count;
            if (i < last)
            {
                xLanes = TLanes.Load(in Unsafe.Add(ref x, i));
                yLanes = TMapping.UsesY ? TLanes.Load(in Unsafe.Add(ref y, i)) : xLanes;
                zLanes = TMapping.UsesZ ? TLanes.Load(in Unsafe.Add(ref z, i)) : xLanes;
                continue;
            }
            (i, xLanes, yLanes, zLanes) = (last, xEnd, yEnd, zEnd);
        }
    }

    /// <summary>
    /// For spans shorter than a vector. They are copied to the stack and go through the same loop, so that the formula is compiled only
    /// once.
    /// </summary>
    private static void Few<TLanes, TMapping, T>(TMapping f, ref T x, ref T y, ref T z, ref T destination, nint length)
        where TLanes : struct, ILanes<TLanes, T>
        where TMapping : struct, IMapping<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int count = (int)length;
        TLanes xLanes = TLanes.LoadFirst(in x, count);
        TLanes yLanes = TMapping.UsesY ? TLanes.LoadFirst(in y, count) : xLanes;
        TLanes zLanes = TMapping.UsesZ ? TLanes.LoadFirst(in z, count) : xLanes;
        TLanes result = default;
        ref T x0 = ref LaneStack.Element<TLanes, T>(ref xLanes);
        ref T y0 = ref LaneStack.Element<TLanes, T>(ref yLanes);
        ref T z0 = ref LaneStack.Element<TLanes, T>(ref zLanes);
        ref T to = ref LaneStack.Element<TLanes, T>(ref result);
        LongLoop<TLanes, TMapping, T>(f, ref x0, ref y0, ref z0, ref to, TLanes.Count);
        result.StoreFirst(ref destination, count);
    }

    [MethodImpl(Inline)]
    private static TLanes At<TLanes, TMapping, T>(TMapping f, ref T x, ref T y, ref T z, nint i)
        where TLanes : struct, ILanes<TLanes, T>
        where TMapping : struct, IMapping<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TLanes xLanes = TLanes.Load(in Unsafe.Add(ref x, i));
        TLanes yLanes = TMapping.UsesY ? TLanes.Load(in Unsafe.Add(ref y, i)) : xLanes;
        return f.Invoke(xLanes, yLanes, TMapping.UsesZ ? TLanes.Load(in Unsafe.Add(ref z, i)) : xLanes);
    }
}
