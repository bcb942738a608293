namespace DeepLearn.Schedules;

/// <summary>
/// The learning rate falls as a power of the remaining time, <c>end + (rate - end) * (1 - t / steps)^power</c>, and then stays at the end.
/// </summary>
/// <remarks>
/// With a power of 1 it is a straight line. PyTorch's <c>PolynomialLR</c> gives the same rates with an end of 0, the only one it has.
/// </remarks>
/// <example><code>
/// var schedule = new PolynomialSchedule(rate: 0.1, steps: 1000, power: 2);
/// Console.WriteLine($"{schedule.RateAt(500):g3}");    // prints 0.025
/// </code></example>
public sealed record PolynomialSchedule : LearningRateSchedule
{
    /// <summary>Sets the two rates, the length of the fall and its power.</summary>
    /// <param name="rate">The first learning rate, finite, above 0 and at least <paramref name="end"/>.</param>
    /// <param name="steps">The number of steps from the first rate to the last, at least 1.</param>
    /// <param name="power">The power, finite and above 0; it need not be whole. Default 1: a straight line.</param>
    /// <param name="end">The last learning rate, finite and at least 0. Default 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public PolynomialSchedule(double rate, long steps, double power = 1, double end = 0)
    {
        End = ScheduleGuard.Rate(end);
        Rate = ScheduleGuard.Maximum(rate, end);
        Steps = ScheduleGuard.Steps(steps);
        Power = ScheduleGuard.Positive(power);
    }

    /// <summary>The first learning rate, finite, above 0 and at least <see cref="End"/>.</summary>
    public double Rate { get; }

    /// <summary>The number of steps from the first rate to the last, at least 1.</summary>
    public long Steps { get; }

    /// <summary>The power, finite and above 0.</summary>
    public double Power { get; }

    /// <summary>The last learning rate, finite and at least 0.</summary>
    public double End { get; }

    /// <inheritdoc/>
    public override double RateAt(long step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        if (step >= Steps)
            return End;
        return ScheduleMath.Line(End, Rate, ScheduleMath.Power((double)(Steps - step) / Steps, Power));
    }
}
