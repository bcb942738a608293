using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Reductions;

public static partial class Reduce
{
    private const MethodImplOptions Loop = MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining;

    /// <summary>The greatest element: NaN where there is one, and +0 where the greatest is a zero of either sign.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">The numbers, at least one.</param>
    /// <exception cref="ArgumentException">There is no number.</exception>
    public static T Max<T>(ReadOnlySpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Extreme<T, Greatest<T>>(x);

    /// <summary>The least element: NaN where there is one, and +0 where the least is a zero of either sign.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">The numbers, at least one.</param>
    /// <exception cref="ArgumentException">There is no number.</exception>
    public static T Min<T>(ReadOnlySpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Extreme<T, Least<T>>(x);

    /// <summary>The greatest magnitude (the maximum norm): NaN where there is one; 0 for no element.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">The numbers.</param>
    public static T MaxMagnitude<T>(ReadOnlySpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => x.IsEmpty ? T.Zero : Extreme<T, GreatestMagnitude<T>>(x);

    /// <summary>The position of the greatest element, the first of equals; the first NaN where there is one. Zeros of either sign are equal.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">The numbers, at least one.</param>
    /// <exception cref="ArgumentException">There is no number.</exception>
    public static int ArgMax<T>(ReadOnlySpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const int Short = 48;
        if (x.Length > Short)
            return IndexOf(x, Max(x));
        Precision.Require<T>();
        CheckSome(x.Length);
        int best = 0;
        for (int i = 0; i < x.Length; i++)
        {
            if (T.IsNaN(x[i]))
                return i;
            if (x[i] > x[best])
                best = i;
        }
        return best;
    }

    private static int IndexOf<T>(ReadOnlySpan<T> x, T value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int i = 0;
        if (T.IsNaN(value))
        {
            while (!T.IsNaN(x[i]))
                i++;
        }
        else
        {
            while (x[i] != value)
                i++;
        }
        return i;
    }

    private static T Extreme<T, TExtreme>(ReadOnlySpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TExtreme : struct, IExtreme<T>
    {
        Precision.Require<T>();
        CheckSome(x.Length);
        ref T from = ref MemoryMarshal.GetReference(x);
        return LaneWidth.CurrentForShort switch
        {
            512 => ExtremeLoop<Lanes512<T>, T, TExtreme>(ref from, x.Length),
            256 => ExtremeLoop<Lanes256<T>, T, TExtreme>(ref from, x.Length),
            128 => ExtremeLoop<Lanes128<T>, T, TExtreme>(ref from, x.Length),
            _ => ExtremeLoop<Lane<T>, T, TExtreme>(ref from, x.Length),
        };
    }

    [MethodImpl(Loop)]
    private static T ExtremeLoop<TLanes, T, TExtreme>(ref T x, nint length)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TExtreme : struct, IExtreme<T>
    {
        T best = TExtreme.Prepare(new Lane<T>(x)).Value;
        bool ordered = true;
        nint i = 0;
        if (length >= TLanes.Count)
        {
            // Order does not matter: the result is one of the numbers, NaN is looked for apart, and a zero loses its sign at the end.
            TLanes a0 = TLanes.Create(best), a1 = a0, a2 = a0, a3 = a0;
            TLanes sound0 = TLanes.Equal(TLanes.Create(T.Zero), default), sound1 = sound0;
            for (; i <= length - (4 * TLanes.Count); i += 4 * TLanes.Count)
            {
                TLanes x0 = TExtreme.Prepare(TLanes.Load(in Unsafe.Add(ref x, i)));
                TLanes x1 = TExtreme.Prepare(TLanes.Load(in Unsafe.Add(ref x, i + TLanes.Count)));
                TLanes x2 = TExtreme.Prepare(TLanes.Load(in Unsafe.Add(ref x, i + (2 * TLanes.Count))));
                TLanes x3 = TExtreme.Prepare(TLanes.Load(in Unsafe.Add(ref x, i + (3 * TLanes.Count))));
                a0 = TExtreme.Better(a0, x0);
                a1 = TExtreme.Better(a1, x1);
                a2 = TExtreme.Better(a2, x2);
                a3 = TExtreme.Better(a3, x3);
                sound0 &= TLanes.Equal(x0, x0) & TLanes.Equal(x1, x1);
                sound1 &= TLanes.Equal(x2, x2) & TLanes.Equal(x3, x3);
            }
            for (; i <= length - TLanes.Count; i += TLanes.Count)
            {
                TLanes x0 = TExtreme.Prepare(TLanes.Load(in Unsafe.Add(ref x, i)));
                a0 = TExtreme.Better(a0, x0);
                sound0 &= TLanes.Equal(x0, x0);
            }
            a0 = TExtreme.Better(TExtreme.Better(a0, a1), TExtreme.Better(a2, a3));
            sound0 &= sound1;

            // NaN in every lane that has met one.
            a0 = TLanes.Select(sound0, a0, LaneMath.Constant<TLanes, T>(double.NaN));
            ref T lanes = ref LaneStack.Element<TLanes, T>(ref a0);
            for (int lane = 0; lane < TLanes.Count; lane++)
                Take<T, TExtreme>(Unsafe.Add(ref lanes, lane), ref best, ref ordered);
        }
        for (; i < length; i++)
            Take<T, TExtreme>(TExtreme.Prepare(new Lane<T>(Unsafe.Add(ref x, i))).Value, ref best, ref ordered);
        return ordered ? best + T.Zero : T.NaN;
    }

    [MethodImpl(Inline)]
    private static void Take<T, TExtreme>(T value, ref T best, ref bool ordered)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TExtreme : struct, IExtreme<T>
    {
        ordered &= !T.IsNaN(value);
        best = TExtreme.Better(new Lane<T>(best), new Lane<T>(value)).Value;
    }

    private interface IExtreme<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        static abstract TLanes Prepare<TLanes>(TLanes x)
            where TLanes : struct, ILanes<TLanes, T>;

        static abstract TLanes Better<TLanes>(TLanes a, TLanes b)
            where TLanes : struct, ILanes<TLanes, T>;
    }

    private readonly struct Greatest<T> : IExtreme<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(Inline)]
        public static TLanes Prepare<TLanes>(TLanes x)
            where TLanes : struct, ILanes<TLanes, T> => x;

        [MethodImpl(Inline)]
        public static TLanes Better<TLanes>(TLanes a, TLanes b)
            where TLanes : struct, ILanes<TLanes, T> => TLanes.AtLeast(a, b);
    }

    private readonly struct Least<T> : IExtreme<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(Inline)]
        public static TLanes Prepare<TLanes>(TLanes x)
            where TLanes : struct, ILanes<TLanes, T> => x;

        [MethodImpl(Inline)]
        public static TLanes Better<TLanes>(TLanes a, TLanes b)
            where TLanes : struct, ILanes<TLanes, T> => TLanes.AtMost(a, b);
    }

    private readonly struct GreatestMagnitude<T> : IExtreme<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(Inline)]
        public static TLanes Prepare<TLanes>(TLanes x)
            where TLanes : struct, ILanes<TLanes, T> => LaneMath.Abs<TLanes, T>(x);

        [MethodImpl(Inline)]
        public static TLanes Better<TLanes>(TLanes a, TLanes b)
            where TLanes : struct, ILanes<TLanes, T> => TLanes.AtLeast(a, b);
    }
}
