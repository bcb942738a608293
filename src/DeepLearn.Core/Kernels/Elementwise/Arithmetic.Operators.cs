using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Elementwise;

public static partial class Arithmetic
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    private readonly struct AddOperator<T> : IBinaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(Inline)]
        public TLanes Invoke<TLanes>(TLanes x, TLanes y)
            where TLanes : struct, ILanes<TLanes, T> =>
            x + y;
    }

    private readonly struct SubtractOperator<T> : IBinaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(Inline)]
        public TLanes Invoke<TLanes>(TLanes x, TLanes y)
            where TLanes : struct, ILanes<TLanes, T> =>
            x - y;
    }

    private readonly struct MultiplyOperator<T> : IBinaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(Inline)]
        public TLanes Invoke<TLanes>(TLanes x, TLanes y)
            where TLanes : struct, ILanes<TLanes, T> =>
            x * y;
    }

    private readonly struct DivideOperator<T> : IBinaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(Inline)]
        public TLanes Invoke<TLanes>(TLanes x, TLanes y)
            where TLanes : struct, ILanes<TLanes, T> =>
            x / y;
    }

    private readonly struct MultiplyAddOperator<T> : ITernaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(Inline)]
        public TLanes Invoke<TLanes>(TLanes x, TLanes y, TLanes z)
            where TLanes : struct, ILanes<TLanes, T> =>
            TLanes.FusedMultiplyAdd(x, y, z);
    }

    private readonly struct ScaleOperator<T>(T factor) : IUnaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T _factor = factor;

        [MethodImpl(Inline)]
        public TLanes Invoke<TLanes>(TLanes x)
            where TLanes : struct, ILanes<TLanes, T> =>
            x * TLanes.Create(_factor);
    }

    private readonly struct AddScaledOperator<T>(T factor) : IBinaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T _factor = factor;

        [MethodImpl(Inline)]
        public TLanes Invoke<TLanes>(TLanes x, TLanes y)
            where TLanes : struct, ILanes<TLanes, T> =>
            TLanes.FusedMultiplyAdd(x, TLanes.Create(_factor), y);
    }

    private readonly struct BlendOperator<T>(T a, T b) : IBinaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T _a = a;
        private readonly T _b = b;

        [MethodImpl(Inline)]
        public TLanes Invoke<TLanes>(TLanes x, TLanes y)
            where TLanes : struct, ILanes<TLanes, T> =>
            TLanes.FusedMultiplyAdd(x, TLanes.Create(_a), y * TLanes.Create(_b));
    }

    private readonly struct ClampOperator<T>(T low, T high) : IUnaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T _low = low;
        private readonly T _high = high;

        [MethodImpl(Inline)]
        public TLanes Invoke<TLanes>(TLanes x)
            where TLanes : struct, ILanes<TLanes, T> =>
            TLanes.AtMost(TLanes.AtLeast(x, TLanes.Create(_low)), TLanes.Create(_high));
    }

    private readonly struct AbsOperator<T> : IUnaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(Inline)]
        public TLanes Invoke<TLanes>(TLanes x)
            where TLanes : struct, ILanes<TLanes, T> =>
            LaneMath.Abs<TLanes, T>(x);
    }

    private readonly struct NegateOperator<T> : IUnaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(Inline)]
        public TLanes Invoke<TLanes>(TLanes x)
            where TLanes : struct, ILanes<TLanes, T> =>
            LaneMath.Negate<TLanes, T>(x);
    }

    private readonly struct SignOperator<T> : IUnaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(Inline)]
        public TLanes Invoke<TLanes>(TLanes x)
            where TLanes : struct, ILanes<TLanes, T>
        {
            TLanes one = LaneMath.WithSign<TLanes, T>(LaneMath.Constant<TLanes, T>(1), x);
            return TLanes.SelectLess(default, LaneMath.Abs<TLanes, T>(x), one, x);
        }
    }

    private readonly struct SquareOperator<T> : IUnaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(Inline)]
        public TLanes Invoke<TLanes>(TLanes x)
            where TLanes : struct, ILanes<TLanes, T> =>
            x * x;
    }

    private readonly struct SquareRootOperator<T> : IUnaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(Inline)]
        public TLanes Invoke<TLanes>(TLanes x)
            where TLanes : struct, ILanes<TLanes, T> =>
            TLanes.SquareRoot(x);
    }
}
