using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Reductions;

/// <content>What a pass over the columns finds, and how it compares numbers.</content>
public static partial class ColumnReductions
{
    /// <summary>What a pass finds.</summary>
    private interface IWanted
    {
        /// <summary>Whether it finds the rows of the greatest elements too.</summary>
        static abstract bool Places { get; }
    }

    private readonly struct GreatestAlone : IWanted
    {
        public static bool Places => false;
    }

    private readonly struct GreatestAndPlaces : IWanted
    {
        public static bool Places => true;
    }

    /// <summary>Decides which of two numbers is greater.</summary>
    private interface IOrder<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        /// <summary>
        /// Checks numbers. The lanes start at zero; one of them is NaN at the end if a number may be one that this order cannot compare.
        /// </summary>
        static abstract TLanes Look<TLanes>(TLanes looked, TLanes x)
            where TLanes : struct, ILanes<TLanes, T>;

        /// <summary>The greater of two numbers; NaN if either is NaN, unless the order ignores NaN.</summary>
        static abstract TLanes Greater<TLanes>(TLanes greatest, TLanes x)
            where TLanes : struct, ILanes<TLanes, T>;

        /// <summary><paramref name="whenGreater"/> where x replaces the greatest so far, <paramref name="otherwise"/> elsewhere.</summary>
        static abstract TLanes Choose<TLanes>(TLanes greatest, TLanes x, TLanes whenGreater, TLanes otherwise)
            where TLanes : struct, ILanes<TLanes, T>;
    }

    /// <summary>Ignores NaN, but <see cref="Look"/> reports it. An infinity is reported as well.</summary>
    private readonly struct QuickOrder<T> : IOrder<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(Inline)]
        public static TLanes Look<TLanes>(TLanes looked, TLanes x)
            where TLanes : struct, ILanes<TLanes, T> => TLanes.FusedMultiplyAdd(x, default, looked);

        [MethodImpl(Inline)]
        public static TLanes Greater<TLanes>(TLanes greatest, TLanes x)
            where TLanes : struct, ILanes<TLanes, T> => TLanes.AtLeast(greatest, x);

        [MethodImpl(Inline)]
        public static TLanes Choose<TLanes>(TLanes greatest, TLanes x, TLanes whenGreater, TLanes otherwise)
            where TLanes : struct, ILanes<TLanes, T> => TLanes.SelectLess(greatest, x, whenGreater, otherwise);
    }

    /// <summary>Treats the first NaN as greater than all numbers.</summary>
    private readonly struct ExactOrder<T> : IOrder<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(Inline)]
        public static TLanes Look<TLanes>(TLanes looked, TLanes x)
            where TLanes : struct, ILanes<TLanes, T> => looked;

        [MethodImpl(Inline)]
        public static TLanes Greater<TLanes>(TLanes greatest, TLanes x)
            where TLanes : struct, ILanes<TLanes, T> => TLanes.Select(TLanes.Equal(x, x), TLanes.AtLeast(greatest, x), x);

        [MethodImpl(Inline)]
        public static TLanes Choose<TLanes>(TLanes greatest, TLanes x, TLanes whenGreater, TLanes otherwise)
            where TLanes : struct, ILanes<TLanes, T>
        {
            TLanes first = TLanes.Select(TLanes.Equal(x, x), x > greatest, TLanes.Equal(greatest, greatest));
            return TLanes.Select(first, whenGreater, otherwise);
        }
    }
}
