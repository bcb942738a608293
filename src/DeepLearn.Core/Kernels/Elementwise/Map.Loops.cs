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
        if (length == 0)
            return;
        switch (TMapping.IsLong ? LaneWidth.Current : LaneWidth.ForSpan(length * Unsafe.SizeOf<T>()))
        {
            case 512: Run<Lanes512<T>, TMapping, T>(f, ref x, ref y, ref z, ref destination, length); break;
            case 256: Run<Lanes256<T>, TMapping, T>(f, ref x, ref y, ref z, ref destination, length); break;
            case 128: Run<Lanes128<T>, TMapping, T>(f, ref x, ref y, ref z, ref destination, length); break;
            default: Run<Lane<T>, TMapping, T>(f, ref x, ref y, ref z, ref destination, length); break;
        }
    }

    [MethodImpl(Inline)]
    private static void Run<TLanes, TMapping, T>(TMapping f, ref T x, ref T y, ref T z, ref T destination, nint length)
        where TLanes : struct, ILanes<TLanes, T>
        where TMapping : struct, IMapping<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (TMapping.IsPaired && TLanes.Count > 1 && length >= 2 * TLanes.Count)
            PairedLoop<TLanes, TMapping, T>(f, ref x, ref y, ref z, ref destination, length);
        else if (TMapping.IsLong || length < TLanes.Count)
            LongLoop<TLanes, TMapping, T>(f, ref x, ref y, ref z, ref destination, length);
        else if (length * Unsafe.SizeOf<T>() >= StreamingStore.Threshold)
            HugeLoop<TLanes, TMapping, T>(f, ref x, ref y, ref z, ref destination, length);
        else
            ShortLoop<TLanes, TMapping, T>(f, ref x, ref y, ref z, ref destination, length);
    }

    /// <summary>For functions of a few operations, over one whole vector at least.</summary>
    /// <remarks>
    /// The first and the last vector are computed by themselves, before anything is written over their arguments, and stored at the end.
    /// They may overlap what lies between, which starts where a vector of the destination has its natural alignment: a store that lies
    /// in two cache lines costs as much as two. An element that is computed twice gets the same bits twice.
    /// </remarks>
    [MethodImpl(Loop)]
    private static void ShortLoop<TLanes, TMapping, T>(TMapping f, ref T x, ref T y, ref T z, ref T destination, nint length)
        where TLanes : struct, ILanes<TLanes, T>
        where TMapping : struct, IMapping<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nint last = length - TLanes.Count;
        TLanes end = At<TLanes, TMapping, T>(f, ref x, ref y, ref z, last);
        nint i = 0;
        if (length >= 8 * TLanes.Count)
        {
            TLanes head = At<TLanes, TMapping, T>(f, ref x, ref y, ref z, 0);
            i = FirstAligned<TLanes, T>(ref destination);
            for (; i <= last - (3 * TLanes.Count); i += 4 * TLanes.Count)
            {
                ref T to = ref Unsafe.Add(ref destination, i);
                At<TLanes, TMapping, T>(f, ref x, ref y, ref z, i).Store(ref to);
                At<TLanes, TMapping, T>(f, ref x, ref y, ref z, i + TLanes.Count).Store(ref Unsafe.Add(ref to, TLanes.Count));
                At<TLanes, TMapping, T>(f, ref x, ref y, ref z, i + (2 * TLanes.Count)).Store(ref Unsafe.Add(ref to, 2 * TLanes.Count));
                At<TLanes, TMapping, T>(f, ref x, ref y, ref z, i + (3 * TLanes.Count)).Store(ref Unsafe.Add(ref to, 3 * TLanes.Count));
            }
            // All that overlaps it has been read by now.
            head.Store(ref destination);
        }
        for (; i < last; i += TLanes.Count)
            At<TLanes, TMapping, T>(f, ref x, ref y, ref z, i).Store(ref Unsafe.Add(ref destination, i));
        end.Store(ref Unsafe.Add(ref destination, last));
    }

    /// <summary>As <see cref="ShortLoop"/>, past the caches, unless the destination is what is read as well.</summary>
    private static unsafe void HugeLoop<TLanes, TMapping, T>(TMapping f, ref T x, ref T y, ref T z, ref T destination, nint length)
        where TLanes : struct, ILanes<TLanes, T>
        where TMapping : struct, IMapping<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        bool apart = !Unsafe.AreSame(ref x, ref destination)
            && (!TMapping.UsesY || !Unsafe.AreSame(ref y, ref destination))
            && (!TMapping.UsesZ || !Unsafe.AreSame(ref z, ref destination));

        // Pinned, since such stores need their alignment.
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
        nint i = FirstAligned<TLanes, T>(ref *destination);
        for (; i <= last - (3 * TLanes.Count); i += 4 * TLanes.Count)
        {
            StreamingStore.Write(At<TLanes, TMapping, T>(f, ref x, ref y, ref z, i), destination + i);
            StreamingStore.Write(At<TLanes, TMapping, T>(f, ref x, ref y, ref z, i + TLanes.Count), destination + i + TLanes.Count);
            StreamingStore.Write(At<TLanes, TMapping, T>(f, ref x, ref y, ref z, i + (2 * TLanes.Count)), destination + i + (2 * TLanes.Count));
            StreamingStore.Write(At<TLanes, TMapping, T>(f, ref x, ref y, ref z, i + (3 * TLanes.Count)), destination + i + (3 * TLanes.Count));
        }
        for (; i < last; i += TLanes.Count)
            At<TLanes, TMapping, T>(f, ref x, ref y, ref z, i).Store(ref destination[i]);
        At<TLanes, TMapping, T>(f, ref x, ref y, ref z, last).Store(ref destination[last]);
        StreamingStore.Fence();
    }

    /// <summary>For functions of many operations, two vectors at a time: each constant is fetched once for both.</summary>
    [MethodImpl(Loop)]
    private static void PairedLoop<TLanes, TMapping, T>(TMapping f, ref T x, ref T y, ref T z, ref T destination, nint length)
        where TLanes : struct, ILanes<TLanes, T>
        where TMapping : struct, IMapping<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nint i = 0;
        for (; i <= length - (2 * TLanes.Count); i += 2 * TLanes.Count)
        {
            TLanes first = At<TLanes, TMapping, T>(f, ref x, ref y, ref z, i);
            TLanes second = At<TLanes, TMapping, T>(f, ref x, ref y, ref z, i + TLanes.Count);
            first.Store(ref Unsafe.Add(ref destination, i));
            second.Store(ref Unsafe.Add(ref destination, i + TLanes.Count));
        }
        if (i == length)
            return;
        LongLoop<TLanes, TMapping, T>(
            f, ref Unsafe.Add(ref x, i), ref Unsafe.Add(ref y, i), ref Unsafe.Add(ref z, i), ref Unsafe.Add(ref destination, i), length - i);
    }

    /// <summary>For functions of many operations, which are not unrolled, and for spans shorter than a vector.</summary>
    [MethodImpl(Loop)]
    private static void LongLoop<TLanes, TMapping, T>(TMapping f, ref T x, ref T y, ref T z, ref T destination, nint length)
        where TLanes : struct, ILanes<TLanes, T>
        where TMapping : struct, IMapping<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // The incomplete vector at the end goes through the same loop by way of the stack, so that the formula is compiled once.
        nint i = 0;
        nint last = length - TLanes.Count;
        int left = (int)(length & (TLanes.Count - 1));
        TLanes xTail = default;
        TLanes yTail = default;
        TLanes zTail = default;
        TLanes result = default;
        ref T end = ref destination;
        bool atEnd = false;
        while (true)
        {
            for (; i <= last; i += TLanes.Count)
                At<TLanes, TMapping, T>(f, ref x, ref y, ref z, i).Store(ref Unsafe.Add(ref destination, i));
            if (atEnd || left == 0)
                break;
            xTail = TLanes.LoadFirst(in Unsafe.Add(ref x, i), left);
            x = ref LaneStack.Element<TLanes, T>(ref xTail);
            if (TMapping.UsesY)
            {
                yTail = TLanes.LoadFirst(in Unsafe.Add(ref y, i), left);
                y = ref LaneStack.Element<TLanes, T>(ref yTail);
            }
            if (TMapping.UsesZ)
            {
                zTail = TLanes.LoadFirst(in Unsafe.Add(ref z, i), left);
                z = ref LaneStack.Element<TLanes, T>(ref zTail);
            }
            end = ref Unsafe.Add(ref destination, i);
            destination = ref LaneStack.Element<TLanes, T>(ref result);
            i = 0;
            last = 0;
            atEnd = true;
        }
        if (atEnd)
            result.StoreFirst(ref end, left);
    }

    /// <summary>The first element of the destination at which a vector has its natural alignment; 0 where there is none. It need not stay so.</summary>
    [MethodImpl(Inline)]
    private static unsafe nint FirstAligned<TLanes, T>(ref T destination)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nint element = (nint)Unsafe.AsPointer(ref destination) / sizeof(T);
        return -element & (TLanes.Count - 1);
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
