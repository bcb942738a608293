using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Elementwise;

public static partial class Map
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>A function of one, two or three arguments, so that every loop is written only once.</summary>
    private interface IMapping<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        static abstract bool IsLong { get; }

        static virtual bool IsPaired => false;

        static abstract bool UsesY { get; }

        static abstract bool UsesZ { get; }

        TLanes Invoke<TLanes>(TLanes x, TLanes y, TLanes z)
            where TLanes : struct, ILanes<TLanes, T>;
    }

    private readonly struct Unary<TOperator, T>(TOperator f) : IMapping<T>
        where TOperator : struct, IUnaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly TOperator _f = f;

        public static bool IsLong => TOperator.IsLong;

        public static bool IsPaired
        {
            [MethodImpl(Inline)]
            get => default(TOperator) is IPairedOperator;
        }

        public static bool UsesY => false;

        public static bool UsesZ => false;

        [MethodImpl(Inline)]
        public TLanes Invoke<TLanes>(TLanes x, TLanes y, TLanes z)
            where TLanes : struct, ILanes<TLanes, T> => _f.Invoke(x);
    }

    private readonly struct Binary<TOperator, T>(TOperator f) : IMapping<T>
        where TOperator : struct, IBinaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly TOperator _f = f;

        public static bool IsLong => TOperator.IsLong;

        public static bool UsesY => true;

        public static bool UsesZ => false;

        [MethodImpl(Inline)]
        public TLanes Invoke<TLanes>(TLanes x, TLanes y, TLanes z)
            where TLanes : struct, ILanes<TLanes, T> => _f.Invoke(x, y);
    }

    private readonly struct Ternary<TOperator, T>(TOperator f) : IMapping<T>
        where TOperator : struct, ITernaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly TOperator _f = f;

        public static bool IsLong => TOperator.IsLong;

        public static bool UsesY => true;

        public static bool UsesZ => true;

        [MethodImpl(Inline)]
        public TLanes Invoke<TLanes>(TLanes x, TLanes y, TLanes z)
            where TLanes : struct, ILanes<TLanes, T> => _f.Invoke(x, y, z);
    }
}
