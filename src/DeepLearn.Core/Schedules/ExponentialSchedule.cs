using DeepLearn.Foundation;

namespace DeepLearn.Schedules;

/// <summary>The learning rate is multiplied by a constant factor at every step: <c>rate * factor^t</c>.</summary>
/// <remarks>PyTorch's <c>ExponentialLR</c> gives the same rates when it is advanced every step.</remarks>
/// <example><code>
/// Console.WriteLine($"{new ExponentialSchedule(rate: 0.1, factor: 0.99).RateAt(100):g3}");    // prints 0.0366
/// </code></example>
public sealed record ExponentialSchedule : LearningRateSchedule
{
    /// <summary>Sets the first learning rate and the factor.</summary>
    /// <param name="rate">The first learning rate, finite and above 0.</param>
    /// <param name="factor">The factor from one step to the next, above 0 and at most 1; 1 keeps the rate.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public ExponentialSchedule(double rate, double factor)
    {
        Rate = ScheduleGuard.Largest(rate);
        Factor = ScheduleGuard.Factor(factor);
    }

    /// <summary>The first learning rate, finite and above 0.</summary>
    public double Rate { get; }

    /// <summary>The factor from one step to the next, above 0 and at most 1.</summary>
    public double Factor { get; }

    /// <inheritdoc/>
    public override double RateAt(long step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        return Rate * IntegerPower.Of(Factor, step);
    }
}
