using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Reductions;

/// <content>What an extreme is, and how NaN is noticed beside it.</content>
public static partial class Reduce
{
    /// <summary>Looks out for NaN: lanes that start at zero, and of which one is NaN at the end where there was one.</summary>
    private interface IWatch<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        static abstract TLanes Look<TLanes>(TLanes seen, TLanes x)
            where TLanes : struct, ILanes<TLanes, T>;
    }

    /// <summary>One multiply-add; it takes an infinity for a NaN.</summary>
    private readonly struct QuickWatch<T> : IWatch<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(Inline)]
        public static TLanes Look<TLanes>(TLanes seen, TLanes x)
            where TLanes : struct, ILanes<TLanes, T> => TLanes.FusedMultiplyAdd(x, default, seen);
    }

    /// <summary>A comparison and a selection, for numbers among which there are infinities.</summary>
    private readonly struct ExactWatch<T> : IWatch<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(Inline)]
        public static TLanes Look<TLanes>(TLanes seen, TLanes x)
            where TLanes : struct, ILanes<TLanes, T> => TLanes.Select(TLanes.Equal(x, x), seen, x);
    }

    private interface IExtreme<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        static abstract TLanes Prepare<TLanes>(TLanes x)
            where TLanes : struct, ILanes<TLanes, T>;

        static abstract TLanes Better<TLanes>(TLanes a, TLanes b)
            where TLanes : struct, ILanes<TLanes, T>;

        static virtual T Across<TLanes>(TLanes x)
            where TLanes : struct, ILanes<TLanes, T> => x.MaxAcross();
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

        [MethodImpl(Inline)]
        public static T Across<TLanes>(TLanes x)
            where TLanes : struct, ILanes<TLanes, T> => -LaneMath.Negate<TLanes, T>(x).MaxAcross();
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
