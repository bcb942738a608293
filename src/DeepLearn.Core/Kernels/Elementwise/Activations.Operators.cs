using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Elementwise;

public static partial class Activations
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    // Twice sqrt(2/pi), and that times 0.044715.
    private const double GeluLinear = 1.5957691216057308;
    private const double GeluCubic = 0.07135481627260025;

    // Far below zero these functions are 0 times x, and far from zero their gradients contain 0 times x or x^3. An infinite x would give
    // NaN.

    /// <summary>x, but at least the least finite number.</summary>
    [MethodImpl(Inline)]
    private static TLanes Finite<TLanes, T>(TLanes x)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        TLanes.AtLeast(x, LaneMath.Constant<TLanes, T>(typeof(T) == typeof(float) ? float.MinValue : double.MinValue));

    /// <summary>x, limited to 1,000 in magnitude, where the derivatives have long been 0 or 1.</summary>
    [MethodImpl(Inline)]
    private static TLanes Within<TLanes, T>(TLanes x)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        TLanes.AtMost(TLanes.AtLeast(x, LaneMath.Constant<TLanes, T>(-1000)), LaneMath.Constant<TLanes, T>(1000));

    private readonly struct ReluOperator<T> : IUnaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(Inline)]
        public TLanes Invoke<TLanes>(TLanes x)
            where TLanes : struct, ILanes<TLanes, T> =>
            TLanes.AtLeast(x, default);
    }

    private readonly struct ReluBackwardOperator<T> : IBinaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(Inline)]
        public TLanes Invoke<TLanes>(TLanes x, TLanes y)
            where TLanes : struct, ILanes<TLanes, T> =>
            TLanes.SelectLess(default, x, y, default);
    }

    private readonly struct LeakyReluOperator<T>(T slope) : IUnaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T _slope = slope;

        [MethodImpl(Inline)]
        public TLanes Invoke<TLanes>(TLanes x)
            where TLanes : struct, ILanes<TLanes, T> =>
            TLanes.SelectLess(x, default, x * TLanes.Create(_slope), x);
    }

    private readonly struct LeakyReluBackwardOperator<T>(T slope) : IBinaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T _slope = slope;

        [MethodImpl(Inline)]
        public TLanes Invoke<TLanes>(TLanes x, TLanes y)
            where TLanes : struct, ILanes<TLanes, T> =>
            TLanes.SelectLess(default, x, y, y * TLanes.Create(_slope));
    }

    private readonly struct EluOperator<T>(T alpha) : IUnaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T _alpha = alpha;

        public static bool IsLong => true;

        [MethodImpl(Inline)]
        public TLanes Invoke<TLanes>(TLanes x)
            where TLanes : struct, ILanes<TLanes, T> =>
            TLanes.SelectLess(default, x, x, TLanes.Create(_alpha) * VectorMath.Expm1<TLanes, T>(x));
    }

    private readonly struct EluBackwardOperator<T>(T alpha) : IBinaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T _alpha = alpha;

        public static bool IsLong => true;

        [MethodImpl(Inline)]
        public TLanes Invoke<TLanes>(TLanes x, TLanes y)
            where TLanes : struct, ILanes<TLanes, T> =>
            TLanes.SelectLess(default, x, y, y * (TLanes.Create(_alpha) * VectorMath.Exp<TLanes, T>(TLanes.AtMost(x, default))));
    }

    private readonly struct GeluTanhOperator<T> : IUnaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static bool IsLong => true;

        [MethodImpl(Inline)]
        public TLanes Invoke<TLanes>(TLanes x)
            where TLanes : struct, ILanes<TLanes, T>
        {
            TLanes square = x * x;
            TLanes linear = LaneMath.Constant<TLanes, T>(GeluLinear);
            TLanes slope = TLanes.FusedMultiplyAdd(square, LaneMath.Constant<TLanes, T>(GeluCubic), linear);
            TLanes s = VectorMath.Sigmoid<TLanes, T>(x * slope);
            return Finite<TLanes, T>(x) * s;
        }
    }

    private readonly struct GeluTanhBackwardOperator<T> : IBinaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static bool IsLong => true;

        [MethodImpl(Inline)]
        public TLanes Invoke<TLanes>(TLanes x, TLanes y)
            where TLanes : struct, ILanes<TLanes, T>
        {
            x = Within<TLanes, T>(x);
            TLanes square = x * x;
            TLanes linear = LaneMath.Constant<TLanes, T>(GeluLinear);
            TLanes slope = TLanes.FusedMultiplyAdd(square, LaneMath.Constant<TLanes, T>(GeluCubic), linear);
            TLanes s = VectorMath.Sigmoid<TLanes, T>(x * slope);
            TLanes inner = TLanes.FusedMultiplyAdd(square, LaneMath.Constant<TLanes, T>(3 * GeluCubic), linear);
            return y * TLanes.FusedMultiplyAdd(x * inner, s * (LaneMath.Constant<TLanes, T>(1) - s), s);
        }
    }

    private readonly struct SiluOperator<T> : IUnaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static bool IsLong => true;

        [MethodImpl(Inline)]
        public TLanes Invoke<TLanes>(TLanes x)
            where TLanes : struct, ILanes<TLanes, T> =>
            Finite<TLanes, T>(x) * VectorMath.Sigmoid<TLanes, T>(x);
    }

    private readonly struct SiluBackwardOperator<T> : IBinaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static bool IsLong => true;

        [MethodImpl(Inline)]
        public TLanes Invoke<TLanes>(TLanes x, TLanes y)
            where TLanes : struct, ILanes<TLanes, T>
        {
            x = Within<TLanes, T>(x);
            TLanes one = LaneMath.Constant<TLanes, T>(1);
            TLanes s = VectorMath.Sigmoid<TLanes, T>(x);
            return y * (s * TLanes.FusedMultiplyAdd(x, one - s, one));
        }
    }

    private readonly struct SigmoidOperator<T> : IUnaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static bool IsLong => true;

        [MethodImpl(Inline)]
        public TLanes Invoke<TLanes>(TLanes x)
            where TLanes : struct, ILanes<TLanes, T> =>
            VectorMath.Sigmoid<TLanes, T>(x);
    }

    private readonly struct SigmoidBackwardOperator<T> : IBinaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(Inline)]
        public TLanes Invoke<TLanes>(TLanes x, TLanes y)
            where TLanes : struct, ILanes<TLanes, T> =>
            y * (x * (LaneMath.Constant<TLanes, T>(1) - x));
    }

    private readonly struct TanhOperator<T> : IUnaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static bool IsLong => true;

        [MethodImpl(Inline)]
        public TLanes Invoke<TLanes>(TLanes x)
            where TLanes : struct, ILanes<TLanes, T> =>
            VectorMath.Tanh<TLanes, T>(x);
    }

    private readonly struct TanhBackwardOperator<T> : IBinaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(Inline)]
        public TLanes Invoke<TLanes>(TLanes x, TLanes y)
            where TLanes : struct, ILanes<TLanes, T> =>
            y * TLanes.FusedMultiplyAdd(LaneMath.Negate<TLanes, T>(x), x, LaneMath.Constant<TLanes, T>(1));
    }

    private readonly struct SoftplusOperator<T> : IUnaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static bool IsLong => true;

        [MethodImpl(Inline)]
        public TLanes Invoke<TLanes>(TLanes x)
            where TLanes : struct, ILanes<TLanes, T> =>
            VectorMath.Softplus<TLanes, T>(x);
    }

    private readonly struct SoftplusBackwardOperator<T> : IBinaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static bool IsLong => true;

        [MethodImpl(Inline)]
        public TLanes Invoke<TLanes>(TLanes x, TLanes y)
            where TLanes : struct, ILanes<TLanes, T> =>
            y * VectorMath.Sigmoid<TLanes, T>(x);
    }
}
