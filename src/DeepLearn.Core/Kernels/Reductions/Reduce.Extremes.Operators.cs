using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Reductions;

/// <content>The kinds of extremes, and how NaN is detected.</content>
public static partial class Reduce
{
    /// <summary>Detects NaN. The lanes start at zero; one of them is NaN at the end if a number was NaN.</summary>
    private interface IWatch<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        static abstract TLanes Look<TLanes>(TLanes seen, TLanes x)
            where TLanes : struct, ILanes<TLanes, T>;
    }

    /// <summary>One multiply-add, which also reports an infinity as NaN.</summary>
    private readonly struct QuickWatch<T> : IWatch<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(Inline)]
        public static TLanes Look<TLanes>(TLanes seen, TLanes x)
            where TLanes : struct, ILanes<TLanes, T> => TLanes.FusedMultiplyAdd(x, default, seen);
    }

    /// <summary>A comparison and a selection, for numbers that may include infinities.</summary>
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
