using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels;

namespace DeepLearn.Training.RangeTest;

/// <summary>How <see cref="LearningRateRangeTest"/> sweeps the rate. An immutable value.</summary>
public sealed record RangeTestOptions
{
    /// <summary>The first rate, above 0, in the precision of the model too. Default 1e-6.</summary>
    public double Minimum { get; init; } = 1e-6;

    /// <summary>
    /// The last rate, above <see cref="Minimum"/> and finite, in the precision of the model too; so is its quotient by that. Default 10.
    /// </summary>
    public double Maximum { get; init; } = 10;

    /// <summary>The number of steps from one to the other, at least 10. Default 300.</summary>
    public int Steps { get; init; } = 300;

    /// <summary>How the rate grows. Default exponentially.</summary>
    public RangeSweep Sweep { get; init => field = PropertyGuard.Member(value); } = RangeSweep.Exponential;

    /// <summary>The weight of what came before in the moving average of the loss, from 0 (none) to below 1. Default 0.9.</summary>
    public double Smoothing { get; init; } = 0.9;

    /// <summary>
    /// Of how many losses the median is taken before they are averaged, an odd number, at least 1: spikes of up to half as many steps
    /// vanish. Default 5.
    /// </summary>
    public int MedianWindow { get; init; } = 5;

    /// <summary>The sweep stops when the smoothed loss is this many times the smallest so far, above 1. Default 4.</summary>
    public double DivergenceFactor { get; init; } = 4;

    internal double RateAt(int step)
    {
        double fraction = (double)step / (Steps - 1);
        return Sweep == RangeSweep.Linear
            ? Minimum + (fraction * (Maximum - Minimum))
            : Minimum * VectorMath.Exp(fraction * VectorMath.Log(Maximum / Minimum));
    }

    internal void Check<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!(Minimum > 0 && Maximum > Minimum && double.IsFinite(Maximum)))
            throw new ArgumentException($"The rates of a range test are 0 < minimum < maximum; found {Minimum} and {Maximum}.");
        if (Precision.FromDouble<T>(Minimum) == T.Zero || !T.IsFinite(Precision.FromDouble<T>(Maximum))
            || !double.IsFinite(Maximum / Minimum))
        {
            throw new ArgumentException(
                $"The rates of a range test, and their quotient, are above 0 and finite, in {TypeNames.Of<T>()} too; found {Minimum} and "
                + $"{Maximum}.");
        }
        if (Steps < 10)
            throw new ArgumentException($"A range test has at least 10 steps; found {Steps}.");
        if (!(Smoothing is >= 0 and < 1))
            throw new ArgumentException($"The smoothing is from 0 to below 1; found {Smoothing}.");
        if (MedianWindow < 1 || MedianWindow % 2 == 0)
            throw new ArgumentException($"The window of a median is an odd number, at least 1; found {MedianWindow}.");
        if (!(DivergenceFactor > 1))
            throw new ArgumentException($"The factor that means divergence is above 1; found {DivergenceFactor}.");
    }
}
