using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Reductions;

/// <content>What a pass over the columns is to find, and which number is greater.</content>
public static partial class ColumnReductions
{
    /// <summary>What a pass is to find.</summary>
    private interface IWanted
    {
        /// <summary>Whether the rows of the greatest elements are wanted beside them.</summary>
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

    /// <summary>Which of two numbers is the greater.</summary>
    private interface IOrder<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        /// <summary>
        /// Lanes that start at zero, and of which one is NaN at the end where the order has met what it cannot tell apart.
        /// </summary>
        static abstract TLanes Look<TLanes>(TLanes looked, TLanes x)
            where TLanes : struct, ILanes<TLanes, T>;

        /// <summary>The greater of two; NaN where either is, unless the order passes it over.</summary>
        static abstract TLanes Greater<TLanes>(TLanes greatest, TLanes x)
            where TLanes : struct, ILanes<TLanes, T>;

        /// <summary>One thing where x comes before what is the greatest so far, another elsewhere.</summary>
        static abstract TLanes Choose<TLanes>(TLanes greatest, TLanes x, TLanes whenGreater, TLanes otherwise)
            where TLanes : struct, ILanes<TLanes, T>;
    }

    /// <summary>Passes NaN over, and says so; it takes an infinity for one.</summary>
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

    /// <summary>The first NaN is greater than all numbers.</summary>
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
