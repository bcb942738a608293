using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Elementwise;

public static partial class Map
{
    /// <summary>Updates two spans by a third, element by element.</summary>
    /// <typeparam name="TUpdate">The update, a struct.</typeparam>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="update">The update.</param>
    /// <param name="gradient">What is read only.</param>
    /// <param name="first">The first numbers, replaced.</param>
    /// <param name="second">The second numbers, replaced.</param>
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
            case 512: PairLoop<Lanes512<T>, TUpdate, T>(update, ref gradient0, ref first0, ref second0, length); break;
            case 256: PairLoop<Lanes256<T>, TUpdate, T>(update, ref gradient0, ref first0, ref second0, length); break;
            case 128: PairLoop<Lanes128<T>, TUpdate, T>(update, ref gradient0, ref first0, ref second0, length); break;
            default: PairLoop<Lane<T>, TUpdate, T>(update, ref gradient0, ref first0, ref second0, length); break;
        }
    }

    /// <summary>Updates three spans by a fourth, element by element.</summary>
    /// <typeparam name="TUpdate">The update, a struct.</typeparam>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="update">The update.</param>
    /// <param name="gradient">What is read only.</param>
    /// <param name="first">The first numbers, replaced.</param>
    /// <param name="second">The second numbers, replaced.</param>
    /// <param name="third">The third numbers, replaced.</param>
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
            case 512: TripleLoop<Lanes512<T>, TUpdate, T>(update, ref gradient0, ref first0, ref second0, ref third0, length); break;
            case 256: TripleLoop<Lanes256<T>, TUpdate, T>(update, ref gradient0, ref first0, ref second0, ref third0, length); break;
            case 128: TripleLoop<Lanes128<T>, TUpdate, T>(update, ref gradient0, ref first0, ref second0, ref third0, length); break;
            default: TripleLoop<Lane<T>, TUpdate, T>(update, ref gradient0, ref first0, ref second0, ref third0, length); break;
        }
    }

    [MethodImpl(Loop)]
    private static void PairLoop<TLanes, TUpdate, T>(TUpdate update, ref T gradient, ref T first, ref T second, nint length)
        where TLanes : struct, ILanes<TLanes, T>
        where TUpdate : struct, IPairUpdate<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // The incomplete vector at the end goes through the same loop by way of the stack, so that the formula is compiled once.
        nint i = 0;
        nint last = length - TLanes.Count;
        int left = (int)(length & (TLanes.Count - 1));
        TLanes gradientTail = default;
        TLanes firstTail = default;
        TLanes secondTail = default;
        ref T firstEnd = ref first;
        ref T secondEnd = ref second;
        bool atEnd = false;
        while (true)
        {
            for (; i <= last; i += TLanes.Count)
            {
                TLanes gradientLanes = TLanes.Load(in Unsafe.Add(ref gradient, i));
                TLanes firstLanes = TLanes.Load(in Unsafe.Add(ref first, i));
                TLanes secondLanes = TLanes.Load(in Unsafe.Add(ref second, i));
                update.Invoke(gradientLanes, ref firstLanes, ref secondLanes);
                firstLanes.Store(ref Unsafe.Add(ref first, i));
                secondLanes.Store(ref Unsafe.Add(ref second, i));
            }
            if (atEnd || left == 0)
                break;
            gradientTail = TLanes.LoadFirst(in Unsafe.Add(ref gradient, i), left);
            firstTail = TLanes.LoadFirst(in Unsafe.Add(ref first, i), left);
            secondTail = TLanes.LoadFirst(in Unsafe.Add(ref second, i), left);
            firstEnd = ref Unsafe.Add(ref first, i);
            secondEnd = ref Unsafe.Add(ref second, i);
            gradient = ref LaneStack.Element<TLanes, T>(ref gradientTail);
            first = ref LaneStack.Element<TLanes, T>(ref firstTail);
            second = ref LaneStack.Element<TLanes, T>(ref secondTail);
            i = 0;
            last = 0;
            atEnd = true;
        }
        if (!atEnd)
            return;
        firstTail.StoreFirst(ref firstEnd, left);
        secondTail.StoreFirst(ref secondEnd, left);
    }

    [MethodImpl(Loop)]
    private static void TripleLoop<TLanes, TUpdate, T>(TUpdate update, ref T gradient, ref T first, ref T second, ref T third, nint length)
        where TLanes : struct, ILanes<TLanes, T>
        where TUpdate : struct, ITripleUpdate<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // The incomplete vector at the end goes through the same loop by way of the stack, so that the formula is compiled once.
        nint i = 0;
        nint last = length - TLanes.Count;
        int left = (int)(length & (TLanes.Count - 1));
        TLanes gradientTail = default;
        TLanes firstTail = default;
        TLanes secondTail = default;
        TLanes thirdTail = default;
        ref T firstEnd = ref first;
        ref T secondEnd = ref second;
        ref T thirdEnd = ref third;
        bool atEnd = false;
        while (true)
        {
            for (; i <= last; i += TLanes.Count)
            {
                TLanes gradientLanes = TLanes.Load(in Unsafe.Add(ref gradient, i));
                TLanes firstLanes = TLanes.Load(in Unsafe.Add(ref first, i));
                TLanes secondLanes = TLanes.Load(in Unsafe.Add(ref second, i));
                TLanes thirdLanes = TLanes.Load(in Unsafe.Add(ref third, i));
                update.Invoke(gradientLanes, ref firstLanes, ref secondLanes, ref thirdLanes);
                firstLanes.Store(ref Unsafe.Add(ref first, i));
                secondLanes.Store(ref Unsafe.Add(ref second, i));
                thirdLanes.Store(ref Unsafe.Add(ref third, i));
            }
            if (atEnd || left == 0)
                break;
            gradientTail = TLanes.LoadFirst(in Unsafe.Add(ref gradient, i), left);
            firstTail = TLanes.LoadFirst(in Unsafe.Add(ref first, i), left);
            secondTail = TLanes.LoadFirst(in Unsafe.Add(ref second, i), left);
            thirdTail = TLanes.LoadFirst(in Unsafe.Add(ref third, i), left);
            firstEnd = ref Unsafe.Add(ref first, i);
            secondEnd = ref Unsafe.Add(ref second, i);
            thirdEnd = ref Unsafe.Add(ref third, i);
            gradient = ref LaneStack.Element<TLanes, T>(ref gradientTail);
            first = ref LaneStack.Element<TLanes, T>(ref firstTail);
            second = ref LaneStack.Element<TLanes, T>(ref secondTail);
            third = ref LaneStack.Element<TLanes, T>(ref thirdTail);
            i = 0;
            last = 0;
            atEnd = true;
        }
        if (!atEnd)
            return;
        firstTail.StoreFirst(ref firstEnd, left);
        secondTail.StoreFirst(ref secondEnd, left);
        thirdTail.StoreFirst(ref thirdEnd, left);
    }
}
