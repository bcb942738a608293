using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Elementwise;

public static partial class Map
{
    /// <summary>Updates two spans by a third, element by element.</summary>
    /// <typeparam name="TUpdate">The type of the update, a struct.</typeparam>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="update">The update.</param>
    /// <param name="gradient">The numbers that are only read.</param>
    /// <param name="first">The first numbers, which are replaced.</param>
    /// <param name="second">The second numbers, which are replaced.</param>
    /// <exception cref="ArgumentException">The lengths differ, or spans overlap. Nothing has been written then.</exception>
    public static void Update<TUpdate, T>(TUpdate update, ReadOnlySpan<T> gradient, Span<T> first, Span<T> second)
        where TUpdate : struct, IPairUpdate<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Precision.Require<T>();
        SpanGuard.CheckApart<T>(gradient, first);
        SpanGuard.CheckApart<T>(gradient, second);
        SpanGuard.CheckApart<T>(first, second);
        nint length = gradient.Length;
        ref T gradient0 = ref MemoryMarshal.GetReference(gradient);
        ref T first0 = ref MemoryMarshal.GetReference(first);
        ref T second0 = ref MemoryMarshal.GetReference(second);
        switch (LaneWidth.Current)
        {
            case 512 when LaneWidth.Has512:
                PairLoop<Lanes512<T>, TUpdate, T>(ref update, ref gradient0, ref first0, ref second0, length);
                break;
            case 256: PairLoop<Lanes256<T>, TUpdate, T>(ref update, ref gradient0, ref first0, ref second0, length); break;
            case 128: PairLoop<Lanes128<T>, TUpdate, T>(ref update, ref gradient0, ref first0, ref second0, length); break;
            default: PairLoop<Lane<T>, TUpdate, T>(ref update, ref gradient0, ref first0, ref second0, length); break;
        }
    }

    /// <summary>Updates three spans by a fourth, element by element.</summary>
    /// <typeparam name="TUpdate">The type of the update, a struct.</typeparam>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="update">The update.</param>
    /// <param name="gradient">The numbers that are only read.</param>
    /// <param name="first">The first numbers, which are replaced.</param>
    /// <param name="second">The second numbers, which are replaced.</param>
    /// <param name="third">The third numbers, which are replaced.</param>
    /// <exception cref="ArgumentException">The lengths differ, or spans overlap. Nothing has been written then.</exception>
    public static void Update<TUpdate, T>(TUpdate update, ReadOnlySpan<T> gradient, Span<T> first, Span<T> second, Span<T> third)
        where TUpdate : struct, ITripleUpdate<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Precision.Require<T>();
        SpanGuard.CheckApart<T>(gradient, first);
        SpanGuard.CheckApart<T>(gradient, second);
        SpanGuard.CheckApart<T>(gradient, third);
        SpanGuard.CheckApart<T>(first, second);
        SpanGuard.CheckApart<T>(first, third);
        SpanGuard.CheckApart<T>(second, third);
        nint length = gradient.Length;
        ref T gradient0 = ref MemoryMarshal.GetReference(gradient);
        ref T first0 = ref MemoryMarshal.GetReference(first);
        ref T second0 = ref MemoryMarshal.GetReference(second);
        ref T third0 = ref MemoryMarshal.GetReference(third);
        switch (LaneWidth.Current)
        {
            case 512 when LaneWidth.Has512:
                TripleLoop<Lanes512<T>, TUpdate, T>(ref update, ref gradient0, ref first0, ref second0, ref third0, length);
                break;
            case 256: TripleLoop<Lanes256<T>, TUpdate, T>(ref update, ref gradient0, ref first0, ref second0, ref third0, length); break;
            case 128: TripleLoop<Lanes128<T>, TUpdate, T>(ref update, ref gradient0, ref first0, ref second0, ref third0, length); break;
            default: TripleLoop<Lane<T>, TUpdate, T>(ref update, ref gradient0, ref first0, ref second0, ref third0, length); break;
        }
    }

    // The update is passed by reference. Its fields have just been written one by one; passing it by value would read them in wider pieces,
    // which must wait until the writes have reached the cache. The loops copy the fields to registers.

    /// <summary>
    /// As <see cref="ShortLoop"/>: the last vector may overlap the one before, so it is computed before anything is written.
    /// </summary>
    [MethodImpl(Loop)]
    private static void PairLoop<TLanes, TUpdate, T>(ref TUpdate update, ref T gradient, ref T first, ref T second, nint length)
        where TLanes : struct, ILanes<TLanes, T>
        where TUpdate : struct, IPairUpdate<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nint last = length - TLanes.Count;
        if (last < 0)
        {
            FewPairs<TLanes, TUpdate, T>(ref update, ref gradient, ref first, ref second, (int)length);
            return;
        }
        TUpdate f = update;
        TLanes firstEnd = TLanes.Load(in Unsafe.Add(ref first, last));
        TLanes secondEnd = TLanes.Load(in Unsafe.Add(ref second, last));
        f.Invoke(TLanes.Load(in Unsafe.Add(ref gradient, last)), ref firstEnd, ref secondEnd);
        for (nint i = 0; i < last; i += TLanes.Count)
        {
            TLanes gradientLanes = TLanes.Load(in Unsafe.Add(ref gradient, i));
            TLanes firstLanes = TLanes.Load(in Unsafe.Add(ref first, i));
            TLanes secondLanes = TLanes.Load(in Unsafe.Add(ref second, i));
            f.Invoke(gradientLanes, ref firstLanes, ref secondLanes);
            firstLanes.Store(ref Unsafe.Add(ref first, i));
            secondLanes.Store(ref Unsafe.Add(ref second, i));
        }
        firstEnd.Store(ref Unsafe.Add(ref first, last));
        secondEnd.Store(ref Unsafe.Add(ref second, last));
    }

    /// <summary>For spans shorter than a vector, which are copied to the stack.</summary>
    private static void FewPairs<TLanes, TUpdate, T>(ref TUpdate update, ref T gradient, ref T first, ref T second, int count)
        where TLanes : struct, ILanes<TLanes, T>
        where TUpdate : struct, IPairUpdate<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (count == 0)
            return;
        TLanes gradientLanes = TLanes.LoadFirst(in gradient, count);
        TLanes firstLanes = TLanes.LoadFirst(in first, count);
        TLanes secondLanes = TLanes.LoadFirst(in second, count);
        PairLoop<TLanes, TUpdate, T>(
            ref update,
            ref LaneStack.Element<TLanes, T>(ref gradientLanes),
            ref LaneStack.Element<TLanes, T>(ref firstLanes),
            ref LaneStack.Element<TLanes, T>(ref secondLanes),
            TLanes.Count);
        firstLanes.StoreFirst(ref first, count);
        secondLanes.StoreFirst(ref second, count);
    }

    /// <summary>As <see cref="PairLoop"/>.</summary>
    [MethodImpl(Loop)]
    private static void TripleLoop<TLanes, TUpdate, T>(
        ref TUpdate update, ref T gradient, ref T first, ref T second, ref T third, nint length)
        where TLanes : struct, ILanes<TLanes, T>
        where TUpdate : struct, ITripleUpdate<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nint last = length - TLanes.Count;
        if (last < 0)
        {
            FewTriples<TLanes, TUpdate, T>(ref update, ref gradient, ref first, ref second, ref third, (int)length);
            return;
        }
        TUpdate f = update;
        TLanes firstEnd = TLanes.Load(in Unsafe.Add(ref first, last));
        TLanes secondEnd = TLanes.Load(in Unsafe.Add(ref second, last));
        TLanes thirdEnd = TLanes.Load(in Unsafe.Add(ref third, last));
        f.Invoke(TLanes.Load(in Unsafe.Add(ref gradient, last)), ref firstEnd, ref secondEnd, ref thirdEnd);
        for (nint i = 0; i < last; i += TLanes.Count)
        {
            TLanes gradientLanes = TLanes.Load(in Unsafe.Add(ref gradient, i));
            TLanes firstLanes = TLanes.Load(in Unsafe.Add(ref first, i));
            TLanes secondLanes = TLanes.Load(in Unsafe.Add(ref second, i));
            TLanes thirdLanes = TLanes.Load(in Unsafe.Add(ref third, i));
            f.Invoke(gradientLanes, ref firstLanes, ref secondLanes, ref thirdLanes);
            firstLanes.Store(ref Unsafe.Add(ref first, i));
            secondLanes.Store(ref Unsafe.Add(ref second, i));
            thirdLanes.Store(ref Unsafe.Add(ref third, i));
        }
        firstEnd.Store(ref Unsafe.Add(ref first, last));
        secondEnd.Store(ref Unsafe.Add(ref second, last));
        thirdEnd.Store(ref Unsafe.Add(ref third, last));
    }

    /// <summary>As <see cref="FewPairs"/>.</summary>
    private static void FewTriples<TLanes, TUpdate, T>(
        ref TUpdate update, ref T gradient, ref T first, ref T second, ref T third, int count)
        where TLanes : struct, ILanes<TLanes, T>
        where TUpdate : struct, ITripleUpdate<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (count == 0)
            return;
        TLanes gradientLanes = TLanes.LoadFirst(in gradient, count);
        TLanes firstLanes = TLanes.LoadFirst(in first, count);
        TLanes secondLanes = TLanes.LoadFirst(in second, count);
        TLanes thirdLanes = TLanes.LoadFirst(in third, count);
        TripleLoop<TLanes, TUpdate, T>(
            ref update,
            ref LaneStack.Element<TLanes, T>(ref gradientLanes),
            ref LaneStack.Element<TLanes, T>(ref firstLanes),
            ref LaneStack.Element<TLanes, T>(ref secondLanes),
            ref LaneStack.Element<TLanes, T>(ref thirdLanes),
            TLanes.Count);
        firstLanes.StoreFirst(ref first, count);
        secondLanes.StoreFirst(ref second, count);
        thirdLanes.StoreFirst(ref third, count);
    }
}
