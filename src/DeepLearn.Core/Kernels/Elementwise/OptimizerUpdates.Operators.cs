using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Elementwise;

public static partial class OptimizerUpdates
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    // Copied number by number, as the caller has just written them. A wider read would have to wait until all of them have reached the
    // cache.
    [MethodImpl(Inline)]
    private static UpdateTerms<T> Copy<T>(in UpdateTerms<T> terms)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new(terms.GradientScale, terms.L1, terms.L2, terms.Decay);

    /// <summary>
    /// The gradient with scale and penalties, g' = gradientScale g + l2 w + l1 sign(w), lane by lane. The formula of an optimizer for
    /// <see cref="Map"/> starts with it.
    /// </summary>
    /// <typeparam name="TLanes">The lanes.</typeparam>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="terms">Scale, penalty and decay.</param>
    /// <param name="gradient">The gradient g.</param>
    /// <param name="weight">The weights w.</param>
    [MethodImpl(Inline)]
    public static TLanes Derivative<TLanes, T>(in UpdateTerms<T> terms, TLanes gradient, TLanes weight)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TLanes scaled = gradient * TLanes.Create(terms.GradientScale);
        TLanes derivative = TLanes.FusedMultiplyAdd(weight, TLanes.Create(terms.L2), scaled);
        TLanes l1 = LaneMath.WithSign<TLanes, T>(TLanes.Create(terms.L1), weight);
        return derivative + TLanes.SelectLess(default, LaneMath.Abs<TLanes, T>(weight), l1, default);
    }

    /// <summary>
    /// The new weight w - rate (direction + decay w), lane by lane; the weight is rounded once. The formula of an optimizer for
    /// <see cref="Map"/> ends with it.
    /// </summary>
    /// <typeparam name="TLanes">The lanes.</typeparam>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="terms">Scale, penalty and decay.</param>
    /// <param name="weight">The weights w.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="direction">The direction of the step.</param>
    [MethodImpl(Inline)]
    public static TLanes Stepped<TLanes, T>(in UpdateTerms<T> terms, TLanes weight, T rate, TLanes direction)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        TLanes.FusedMultiplyAdd(
            TLanes.FusedMultiplyAdd(weight, TLanes.Create(terms.Decay), direction), TLanes.Create(-rate), weight);

    private readonly struct SgdOperator<T>(in UpdateTerms<T> terms, T rate) : IBinaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly UpdateTerms<T> _terms = Copy(terms);
        private readonly T _rate = rate;

        [MethodImpl(Inline)]
        public TLanes Invoke<TLanes>(TLanes x, TLanes y)
            where TLanes : struct, ILanes<TLanes, T> => Stepped(_terms, y, _rate, Derivative(_terms, x, y));
    }

    private readonly struct MomentumUpdate<T>(in UpdateTerms<T> terms, T rate, double momentum) : IPairUpdate<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly UpdateTerms<T> _terms = Copy(terms);
        private readonly T _rate = rate;
        private readonly MovingShare<T> _momentum = new(momentum);

        [MethodImpl(Inline)]
        public void Invoke<TLanes>(TLanes gradient, ref TLanes first, ref TLanes second)
            where TLanes : struct, ILanes<TLanes, T>
        {
            second = _momentum.Sum(second, Derivative(_terms, gradient, first));
            first = Stepped(_terms, first, _rate, second);
        }
    }

    private readonly struct NesterovUpdate<T>(in UpdateTerms<T> terms, T rate, double momentum) : IPairUpdate<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly UpdateTerms<T> _terms = Copy(terms);
        private readonly T _rate = rate;
        private readonly MovingShare<T> _momentum = new(momentum);

        [MethodImpl(Inline)]
        public void Invoke<TLanes>(TLanes gradient, ref TLanes first, ref TLanes second)
            where TLanes : struct, ILanes<TLanes, T>
        {
            TLanes derivative = Derivative(_terms, gradient, first);
            second = _momentum.Sum(second, derivative);
            first = Stepped(_terms, first, _rate, _momentum.Sum(second, derivative));
        }
    }

    private readonly struct RmsPropUpdate<T>(in UpdateTerms<T> terms, T rate, double decay, T epsilon) : IPairUpdate<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly UpdateTerms<T> _terms = Copy(terms);
        private readonly T _rate = rate;
        private readonly MovingShare<T> _decay = new(decay);
        private readonly T _epsilon = epsilon;

        [MethodImpl(Inline)]
        public void Invoke<TLanes>(TLanes gradient, ref TLanes first, ref TLanes second)
            where TLanes : struct, ILanes<TLanes, T>
        {
            TLanes derivative = Derivative(_terms, gradient, first);
            second = _decay.Mix(second, derivative * derivative);
            first = Stepped(_terms, first, _rate, derivative / (TLanes.SquareRoot(second) + TLanes.Create(_epsilon)));
        }
    }

    private readonly struct AdamUpdate<T>(
        in UpdateTerms<T> terms, T step, double beta1, double beta2, T inverseRoot, T epsilon) : ITripleUpdate<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly UpdateTerms<T> _terms = Copy(terms);
        private readonly T _step = step;
        private readonly MovingShare<T> _beta1 = new(beta1);
        private readonly MovingShare<T> _beta2 = new(beta2);
        private readonly T _inverseRoot = inverseRoot;
        private readonly T _epsilon = epsilon;

        [MethodImpl(Inline)]
        public void Invoke<TLanes>(TLanes gradient, ref TLanes first, ref TLanes second, ref TLanes third)
            where TLanes : struct, ILanes<TLanes, T>
        {
            TLanes derivative = Derivative(_terms, gradient, first);
            second = _beta1.Mix(second, derivative);
            third = _beta2.Mix(third, derivative * derivative);
            TLanes divisor = TLanes.FusedMultiplyAdd(TLanes.SquareRoot(third), TLanes.Create(_inverseRoot), TLanes.Create(_epsilon));
            first = Stepped(_terms, first, _step, second / divisor);
        }
    }

    private readonly struct LionUpdate<T>(in UpdateTerms<T> terms, T rate, double beta1, double beta2) : IPairUpdate<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly UpdateTerms<T> _terms = Copy(terms);
        private readonly T _rate = rate;
        private readonly MovingShare<T> _beta1 = new(beta1);
        private readonly MovingShare<T> _beta2 = new(beta2);

        [MethodImpl(Inline)]
        public void Invoke<TLanes>(TLanes gradient, ref TLanes first, ref TLanes second)
            where TLanes : struct, ILanes<TLanes, T>
        {
            TLanes derivative = Derivative(_terms, gradient, first);
            TLanes direction = _beta1.Mix(second, derivative);
            TLanes sign = LaneMath.WithSign<TLanes, T>(LaneMath.Constant<TLanes, T>(1), direction);
            sign = TLanes.SelectLess(default, LaneMath.Abs<TLanes, T>(direction), sign, direction);
            first = Stepped(_terms, first, _rate, sign);
            second = _beta2.Mix(second, derivative);
        }
    }

    private readonly struct AverageOperator<T>(double decay) : IBinaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly MovingShare<T> _decay = new(decay);

        [MethodImpl(Inline)]
        public TLanes Invoke<TLanes>(TLanes x, TLanes y)
            where TLanes : struct, ILanes<TLanes, T> => _decay.Mix(x, y);
    }

    /// <summary>A moving average with its rounding error, which is stored beside it.</summary>
    private readonly struct CompensatedAverage<T>(double decay) : IPairUpdate<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T _rest = T.CreateChecked(1 - decay);

        [MethodImpl(Inline)]
        public void Invoke<TLanes>(TLanes gradient, ref TLanes first, ref TLanes second)
            where TLanes : struct, ILanes<TLanes, T>
        {
            // The sum of two numbers and its rounding error, whichever number is larger: two-sum, Knuth, "The Art of Computer Programming",
            // volume 2.
            TLanes moved = TLanes.FusedMultiplyAdd(gradient - first - second, TLanes.Create(_rest), second);
            TLanes sum = first + moved, added = sum - first;
            second = (first - (sum - added)) + (moved - added);
            first = sum;
        }
    }
}
