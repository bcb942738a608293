namespace DeepLearn.Schedules;

/// <summary>
/// The rate falls along a power of the time that is left, <c>end + (rate - end) * (1 - t / steps)^power</c>, and then stays at the end.
/// </summary>
/// <remarks>
/// With a power of 1 it is a straight line. PyTorch's <c>PolynomialLR</c> gives the same rates with an end of 0, the only one it has.
/// </remarks>
public sealed record PolynomialSchedule : LearningRateSchedule
{
    /// <summary>A polynomial fall.</summary>
    /// <param name="rate">The first rate, finite and at least <paramref name="end"/>.</param>
    /// <param name="steps">The number of steps after which the end is met, at least 1.</param>
    /// <param name="power">The power, finite and above 0; it need not be whole. Default 1.</param>
    /// <param name="end">The last rate, finite and at least 0. Default 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public PolynomialSchedule(double rate, long steps, double power = 1, double end = 0)
    {
        End = ScheduleGuard.Rate(end);
        Rate = ScheduleGuard.Maximum(rate, end);
        Steps = ScheduleGuard.Steps(steps);
        Power = ScheduleGuard.Positive(power);
    }

    /// <summary>The first rate.</summary>
    public double Rate { get; }

    /// <summary>The number of steps after which the end is met.</summary>
    public long Steps { get; }

    /// <summary>The power.</summary>
    public double Power { get; }

    /// <summary>The last rate.</summary>
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
