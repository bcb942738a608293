using System.Numerics;
using DeepLearn.Parameters;

namespace DeepLearn.Optimizers;

/// <summary>
/// An exponential moving average of the weights, <c>a = d * a + (1 - d) * w</c> after every update, which begins at the weights. It often
/// predicts better than the last weights do. An immutable value; <see cref="CreateRuntime"/> makes the runtime.
/// </summary>
/// <remarks>
/// Polyak and Juditsky, "Acceleration of Stochastic Approximation by Averaging", 1992, with exponential weights. With <see cref="Ramp"/>
/// the decay of update t, counted from 0, is <c>min(Decay, (1 + t) / (10 + t))</c>, which forgets the start quickly.
/// </remarks>
/// <example><code>trainer.Callbacks.Add(new AveragedWeights&lt;float&gt;(model, new WeightAveraging(decay: 0.99)));</code></example>
public sealed record WeightAveraging
{
    /// <summary>Makes an average with the given decay.</summary>
    /// <param name="decay">The part of the average that stays from one update to the next, at least 0 and below 1. Default 0.999.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="decay"/> is out of its range.</exception>
    public WeightAveraging(double decay = 0.999) => Decay = decay;

    /// <summary>The part of the average that stays from one update to the next, at least 0 and below 1.</summary>
    public double Decay { get; init => field = OptimizerGuard.Fraction(value, nameof(Decay)); }

    /// <summary>Whether the decay is smaller at the beginning. Default false.</summary>
    public bool Ramp { get; init; }

    /// <summary>The decay of an update.</summary>
    /// <param name="step">The number of updates made before it.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="step"/> is negative.</exception>
    public double DecayAt(long step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        return Ramp ? Math.Min(Decay, (1.0 + step) / (10.0 + step)) : Decay;
    }

    /// <summary>Makes the runtime, whose averages begin at the numbers as they are.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="parameters">The parameters of the model.</param>
    /// <param name="buffers">
    /// The model's other numbers, which are averaged as well, so that the moving averages of a normalization fit the averaged weights; null
    /// for none.
    /// </param>
    public WeightAverage<T> CreateRuntime<T>(IReadOnlyList<Parameter<T>> parameters, IReadOnlyList<StateBuffer<T>>? buffers = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new(this, parameters, buffers ?? []);
}
