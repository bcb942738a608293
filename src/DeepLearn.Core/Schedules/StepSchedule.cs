using DeepLearn.Foundation;

namespace DeepLearn.Schedules;

/// <summary>The rate falls by a factor every so many steps: <c>rate * factor^floor(t / every)</c>.</summary>
/// <remarks>PyTorch's <c>StepLR</c> gives the same rates. For falls at chosen steps, put constant schedules one after another.</remarks>
public sealed record StepSchedule : LearningRateSchedule
{
    /// <summary>Stairs.</summary>
    /// <param name="rate">The first rate, finite and at least 0.</param>
    /// <param name="every">The number of steps on each stair, at least 1.</param>
    /// <param name="factor">The factor from one stair to the next, above 0 and at most 1. Default 0.1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public StepSchedule(double rate, long every, double factor = 0.1)
    {
        Rate = ScheduleGuard.Rate(rate);
        Every = ScheduleGuard.Steps(every);
        Factor = ScheduleGuard.Factor(factor);
    }

    /// <summary>The first rate.</summary>
    public double Rate { get; }

    /// <summary>The number of steps on each stair.</summary>
    public long Every { get; }

    /// <summary>The factor from one stair to the next.</summary>
    public double Factor { get; }

    /// <inheritdoc/>
    public override double RateAt(long step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        return Rate * IntegerPower.Of(Factor, step / Every);
    }
}
