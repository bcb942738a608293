using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Elementwise;

/// <summary>The steps of the optimizers, each one pass over the weights and what the optimizer remembers of them.</summary>
/// <remarks>
/// g' is that of <see cref="UpdateTerms{T}"/>, whose decay joins the direction of each step: w = w - rate (direction + decay w).
/// Bias corrections and rates come as numbers; nothing here knows the step. Shares that may be near 1 come in double: see
/// <see cref="MovingShare{T}"/>.
/// </remarks>
public static partial class OptimizerUpdates
{
    /// <summary>w = w - rate g'.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="gradient">The gradient.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="terms">Scale, penalty and decay.</param>
    /// <param name="weights">The weights, updated.</param>
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
    /// <param name="weights">The weights, updated.</param>
    /// <param name="velocity">v, zeros at the start, updated.</param>
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
    /// <param name="weights">The weights, updated.</param>
    /// <param name="velocity">v, zeros at the start, updated.</param>
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
    /// <param name="epsilon">What keeps the divisor from zero, above 0.</param>
    /// <param name="terms">Scale, penalty and decay.</param>
    /// <param name="weights">The weights, updated.</param>
    /// <param name="meanSquare">s, zeros at the start, updated.</param>
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
    /// <remarks>Computed as m (rate/c1) / (sqrt(s) (1/sqrt(c2)) + epsilon), the two bracketed numbers once per call.</remarks>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="gradient">The gradient.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="beta1">The share of the mean that is kept.</param>
    /// <param name="beta2">The share of the mean square that is kept.</param>
    /// <param name="correction1">c1 = 1 - beta1^t at step t, counted from 1.</param>
    /// <param name="correction2">c2 = 1 - beta2^t at step t, counted from 1.</param>
    /// <param name="epsilon">What keeps the divisor from zero, above 0.</param>
    /// <param name="terms">Scale, penalty and decay.</param>
    /// <param name="weights">The weights, updated.</param>
    /// <param name="mean">m, zeros at the start, updated.</param>
    /// <param name="meanSquare">s, zeros at the start, updated.</param>
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
    /// <param name="weights">The weights, updated.</param>
    /// <param name="mean">m, zeros at the start, updated.</param>
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
    /// <param name="average">The average, updated.</param>
    /// <exception cref="ArgumentException">The lengths differ, or the spans overlap in part. Nothing has been written then.</exception>
    public static void MovingAverage<T>(ReadOnlySpan<T> weights, double decay, Span<T> average)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Map.Apply(new AverageOperator<T>(decay), average, weights, average);

    /// <summary>
    /// The same with about twice the digits: what the average loses to rounding is kept beside it, so that a slow average, whose moves are
    /// smaller than its last place, is what double arithmetic gives, rounded.
    /// </summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="weights">The weights.</param>
    /// <param name="decay">The share of the average that is kept, at least 0 and below 1.</param>
    /// <param name="average">The average, updated.</param>
    /// <param name="remainder">What the average lacks, zeros at the start, updated.</param>
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
