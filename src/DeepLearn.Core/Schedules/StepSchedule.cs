using DeepLearn.Foundation;

namespace DeepLearn.Schedules;

/// <summary>
/// The learning rate falls in stairs: it is multiplied by a factor after every so many steps, <c>rate * factor^floor(t / every)</c>.
/// </summary>
/// <remarks>
/// PyTorch's <c>StepLR</c> gives the same rates. For stairs of different lengths, join constant schedules with
/// <see cref="LearningRateSchedule.Then"/>.
/// </remarks>
/// <example><code>
/// Console.WriteLine($"{new StepSchedule(rate: 0.1, every: 100, factor: 0.5).RateAt(250):g3}");    // prints 0.025
/// </code></example>
public sealed record StepSchedule : LearningRateSchedule
{
    /// <summary>Sets the first rate, the length of a stair and the factor.</summary>
    /// <param name="rate">The first learning rate, finite and above 0.</param>
    /// <param name="every">The number of steps on each stair, at least 1.</param>
    /// <param name="factor">The factor from one stair to the next, above 0 and at most 1. Default 0.1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public StepSchedule(double rate, long every, double factor = 0.1)
    {
        Rate = ScheduleGuard.Largest(rate);
        Every = ScheduleGuard.Steps(every);
        Factor = ScheduleGuard.Factor(factor);
    }

    /// <summary>The first learning rate, finite and above 0.</summary>
    public double Rate { get; }

    /// <summary>The number of steps on each stair, at least 1.</summary>
    public long Every { get; }

    /// <summary>The factor from one stair to the next, above 0 and at most 1.</summary>
    public double Factor { get; }

    /// <inheritdoc/>
    public override double RateAt(long step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        return Rate * IntegerPower.Of(Factor, step / Every);
    }
}
