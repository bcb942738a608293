using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Elementwise;

/// <summary>The steps of the optimizers. Each is one pass over the weights and the optimizer's state.</summary>
/// <remarks>
/// g' is the gradient with the scale and penalties of <see cref="UpdateTerms{T}"/>. Its decay is added to the direction of each step: w = w
/// - rate (direction + decay w). Rates and bias corrections are arguments, since these functions do not know the number of the step. Shares
/// that may be near 1 are given in double; see <see cref="MovingShare{T}"/>.
/// </remarks>
public static partial class OptimizerUpdates
{
    /// <summary>w = w - rate g'.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="gradient">The gradient.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="terms">Scale, penalty and decay.</param>
    /// <param name="weights">The weights, which are updated.</param>
    /// <exception cref="ArgumentException">
    /// The lengths differ, spans overlap, or the terms are a default value. Nothing has been written then.
    /// </exception>
    public static void Sgd<T>(ReadOnlySpan<T> gradient, T rate, in UpdateTerms<T> terms, Span<T> weights)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check(terms);
        SpanGuard.CheckApart<T>(gradient, weights);
        Map.Apply(new SgdOperator<T>(terms, rate), gradient, weights, weights);
    }

    /// <summary>
    /// v = momentum v + g', then w = w - rate v. (Polyak, "Some methods of speeding up the convergence of iteration methods", 1964.)
    /// </summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="gradient">The gradient.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="momentum">The share of the velocity that is kept.</param>
    /// <param name="terms">Scale, penalty and decay.</param>
    /// <param name="weights">The weights, which are updated.</param>
    /// <param name="velocity">The velocity v, which is updated; zeros at the start.</param>
    /// <exception cref="ArgumentException">
    /// The lengths differ, spans overlap, or the terms are a default value. Nothing has been written then.
    /// </exception>
    public static void Momentum<T>(
        ReadOnlySpan<T> gradient, T rate, double momentum, in UpdateTerms<T> terms, Span<T> weights, Span<T> velocity)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check(terms);
        Map.Update(new MomentumUpdate<T>(terms, rate, momentum), gradient, weights, velocity);
    }

    /// <summary>
    /// v = momentum v + g', then w = w - rate (g' + momentum v). (Nesterov, 1983, in the form of Sutskever et al., "On the importance of
    /// initialization and momentum in deep learning", 2013, with the gradient taken at the shifted weights.)
    /// </summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="gradient">The gradient.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="momentum">The share of the velocity that is kept.</param>
    /// <param name="terms">Scale, penalty and decay.</param>
    /// <param name="weights">The weights, which are updated.</param>
    /// <param name="velocity">The velocity v, which is updated; zeros at the start.</param>
    /// <exception cref="ArgumentException">
    /// The lengths differ, spans overlap, or the terms are a default value. Nothing has been written then.
    /// </exception>
    public static void Nesterov<T>(
        ReadOnlySpan<T> gradient, T rate, double momentum, in UpdateTerms<T> terms, Span<T> weights, Span<T> velocity)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check(terms);
        Map.Update(new NesterovUpdate<T>(terms, rate, momentum), gradient, weights, velocity);
    }

    /// <summary>
    /// s = decay s + (1 - decay) g'^2, then w = w - rate g' / (sqrt(s) + epsilon). (Tieleman and Hinton, "Lecture 6.5: RMSProp", 2012,
    /// with epsilon outside the root.)
    /// </summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="gradient">The gradient.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="decay">The share of the mean square that is kept.</param>
    /// <param name="epsilon">A number above 0 that keeps the divisor from being zero.</param>
    /// <param name="terms">Scale, penalty and decay.</param>
    /// <param name="weights">The weights, which are updated.</param>
    /// <param name="meanSquare">The mean square s, which is updated; zeros at the start.</param>
    /// <exception cref="ArgumentException">
    /// The lengths differ, spans overlap, or the terms are a default value. Nothing has been written then.
    /// </exception>
    public static void RmsProp<T>(
        ReadOnlySpan<T> gradient, T rate, double decay, T epsilon, in UpdateTerms<T> terms, Span<T> weights, Span<T> meanSquare)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check(terms);
        Map.Update(new RmsPropUpdate<T>(terms, rate, decay, epsilon), gradient, weights, meanSquare);
    }

    /// <summary>
    /// m = beta1 m + (1 - beta1) g', s = beta2 s + (1 - beta2) g'^2, then w = w - rate (m/c1) / (sqrt(s/c2) + epsilon). (Kingma and Ba,
    /// "Adam: A Method for Stochastic Optimization", 2014; with a decay, Loshchilov and Hutter, "Decoupled Weight Decay
    /// Regularization", 2017.)
    /// </summary>
    /// <remarks>
    /// Computed as m (rate/c1) / (sqrt(s) (1/sqrt(c2)) + epsilon); the numbers rate/c1 and 1/sqrt(c2) are computed once per call.
    /// </remarks>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="gradient">The gradient.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="beta1">The share of the mean that is kept.</param>
    /// <param name="beta2">The share of the mean square that is kept.</param>
    /// <param name="correction1">c1 = 1 - beta1^t at step t, counted from 1.</param>
    /// <param name="correction2">c2 = 1 - beta2^t at step t, counted from 1.</param>
    /// <param name="epsilon">A number above 0 that keeps the divisor from being zero.</param>
    /// <param name="terms">Scale, penalty and decay.</param>
    /// <param name="weights">The weights, which are updated.</param>
    /// <param name="mean">The mean m, which is updated; zeros at the start.</param>
    /// <param name="meanSquare">The mean square s, which is updated; zeros at the start.</param>
    /// <exception cref="ArgumentException">
    /// The lengths differ, spans overlap, or the terms are a default value. Nothing has been written then.
    /// </exception>
    public static void Adam<T>(
        ReadOnlySpan<T> gradient,
        T rate,
        double beta1,
        double beta2,
        T correction1,
        T correction2,
        T epsilon,
        in UpdateTerms<T> terms,
        Span<T> weights,
        Span<T> mean,
        Span<T> meanSquare)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check(terms);
        T step = rate / correction1;
        T inverseRoot = T.One / T.Sqrt(correction2);
        UpdateTerms<T> scaled = new(terms.GradientScale, terms.L1, terms.L2, terms.Decay * correction1);
        Map.Update(new AdamUpdate<T>(scaled, step, beta1, beta2, inverseRoot, epsilon), gradient, weights, mean, meanSquare);
    }

    /// <summary>
    /// w = w - rate sign(beta1 m + (1 - beta1) g'), then m = beta2 m + (1 - beta2) g'. (Chen et al., "Symbolic Discovery of Optimization
    /// Algorithms", 2023.)
    /// </summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="gradient">The gradient.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="beta1">The share of the mean in the step.</param>
    /// <param name="beta2">The share of the mean that is kept.</param>
    /// <param name="terms">Scale, penalty and decay.</param>
    /// <param name="weights">The weights, which are updated.</param>
    /// <param name="mean">The mean m, which is updated; zeros at the start.</param>
    /// <exception cref="ArgumentException">
    /// The lengths differ, spans overlap, or the terms are a default value. Nothing has been written then.
    /// </exception>
    public static void Lion<T>(
        ReadOnlySpan<T> gradient, T rate, double beta1, double beta2, in UpdateTerms<T> terms, Span<T> weights, Span<T> mean)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Check(terms);
        Map.Update(new LionUpdate<T>(terms, rate, beta1, beta2), gradient, weights, mean);
    }

    /// <summary>average = decay average + (1 - decay) weights: an exponential moving average of the weights.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="weights">The weights.</param>
    /// <param name="decay">The share of the average that is kept, at least 0 and below 1.</param>
    /// <param name="average">The average, which is updated.</param>
    /// <exception cref="ArgumentException">The lengths differ, or the spans overlap in part. Nothing has been written then.</exception>
    public static void MovingAverage<T>(ReadOnlySpan<T> weights, double decay, Span<T> average)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Map.Apply(new AverageOperator<T>(decay), average, weights, average);

    /// <summary>
    /// As <see cref="MovingAverage{T}(ReadOnlySpan{T}, double, Span{T})"/>, but with about twice the precision: the rounding error of the
    /// average is stored beside it. So even a slow average, whose changes are smaller than a unit in its last place, is what double
    /// arithmetic gives, rounded.
    /// </summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="weights">The weights.</param>
    /// <param name="decay">The share of the average that is kept, at least 0 and below 1.</param>
    /// <param name="average">The average, which is updated.</param>
    /// <param name="remainder">The rounding error of the average, which is updated; zeros at the start.</param>
    /// <exception cref="ArgumentException">The lengths differ, or spans overlap. Nothing has been written then.</exception>
    public static void MovingAverage<T>(ReadOnlySpan<T> weights, double decay, Span<T> average, Span<T> remainder)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Map.Update(new CompensatedAverage<T>(decay), weights, average, remainder);

    [MethodImpl(Inline)]
    private static void Check<T>(in UpdateTerms<T> terms)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (terms.GradientScale == T.Zero && terms.L1 == T.Zero && terms.L2 == T.Zero && terms.Decay == T.Zero)
            ThrowDefault();
    }

    [DoesNotReturn]
    private static void ThrowDefault() => throw new ArgumentException(
        "The terms of an update are a default value, all zeros; UpdateTerms<T>.None leaves gradient and weight as they are.");
}
