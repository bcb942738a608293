using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Reductions;

public static partial class Reduce
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    internal readonly struct Plain<T> : IReduction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static bool PassesZerosOver => true;

        [MethodImpl(Inline)]
        public TLanes Accumulate<TLanes>(TLanes sum, TLanes x, TLanes y)
            where TLanes : struct, ILanes<TLanes, T> => sum + x;
    }

    /// <summary>Sums the differences from the first number, which are 0 for a constant and small for numbers far from 0.</summary>
    internal readonly struct Differences<T>(T first) : IReduction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T _first = first;

        [MethodImpl(Inline)]
        public TLanes Accumulate<TLanes>(TLanes sum, TLanes x, TLanes y)
            where TLanes : struct, ILanes<TLanes, T> => sum + (x - TLanes.Create(_first));
    }

    private readonly struct Squares<T> : IReduction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static bool PassesZerosOver => true;

        [MethodImpl(Inline)]
        public TLanes Accumulate<TLanes>(TLanes sum, TLanes x, TLanes y)
            where TLanes : struct, ILanes<TLanes, T> => TLanes.FusedMultiplyAdd(x, x, sum);
    }

    private readonly struct Magnitudes<T> : IReduction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static bool PassesZerosOver => true;

        [MethodImpl(Inline)]
        public TLanes Accumulate<TLanes>(TLanes sum, TLanes x, TLanes y)
            where TLanes : struct, ILanes<TLanes, T> => sum + LaneMath.Abs<TLanes, T>(x);
    }

    // PassesZerosOver is false: a sum of products that underflow can be -0, and adding a zero would turn it into +0.
    private readonly struct Products<T> : IReduction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static bool UsesSecond => true;

        [MethodImpl(Inline)]
        public TLanes Accumulate<TLanes>(TLanes sum, TLanes x, TLanes y)
            where TLanes : struct, ILanes<TLanes, T> => TLanes.FusedMultiplyAdd(x, y, sum);
    }

    internal readonly struct SquaredDeviations<T>(T mean) : IReduction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T _mean = mean;

        [MethodImpl(Inline)]
        public TLanes Accumulate<TLanes>(TLanes sum, TLanes x, TLanes y)
            where TLanes : struct, ILanes<TLanes, T>
        {
            TLanes deviation = x - TLanes.Create(_mean);
            return TLanes.FusedMultiplyAdd(deviation, deviation, sum);
        }
    }

    private readonly struct Values<TOperator, T>(TOperator f) : IReduction<T>
        where TOperator : struct, IUnaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly TOperator _f = f;

        [MethodImpl(Inline)]
        public TLanes Accumulate<TLanes>(TLanes sum, TLanes x, TLanes y)
            where TLanes : struct, ILanes<TLanes, T> => sum + _f.Invoke(x);
    }

    private readonly struct PairValues<TOperator, T>(TOperator f) : IReduction<T>
        where TOperator : struct, IBinaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly TOperator _f = f;

        public static bool UsesSecond => true;

        [MethodImpl(Inline)]
        public TLanes Accumulate<TLanes>(TLanes sum, TLanes x, TLanes y)
            where TLanes : struct, ILanes<TLanes, T> => sum + _f.Invoke(x, y);
    }

    /// <summary>The values of a long function, which are written down before they are summed.</summary>
    private interface IValues<T>
    {
        void Fill(int first, scoped Span<T> values);
    }

    private readonly ref struct LongValues<TOperator, T>(TOperator f, ReadOnlySpan<T> x) : IValues<T>
        where TOperator : struct, IUnaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly ReadOnlySpan<T> _x = x;

        public void Fill(int first, scoped Span<T> values) => Map.Apply(f, _x.Slice(first, values.Length), values);
    }

    private readonly ref struct LongPairValues<TOperator, T>(TOperator f, ReadOnlySpan<T> x, ReadOnlySpan<T> y) : IValues<T>
        where TOperator : struct, IBinaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly ReadOnlySpan<T> _x = x, _y = y;

        public void Fill(int first, scoped Span<T> values) =>
            Map.Apply(f, _x.Slice(first, values.Length), _y.Slice(first, values.Length), values);
    }
}
