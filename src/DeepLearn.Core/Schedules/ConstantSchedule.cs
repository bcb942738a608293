namespace DeepLearn.Schedules;

/// <summary>The same rate at every step.</summary>
public sealed record ConstantSchedule : LearningRateSchedule
{
    /// <summary>The same rate at every step.</summary>
    /// <param name="rate">The rate, finite and at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rate"/> is negative, infinite or not a number.</exception>
    public ConstantSchedule(double rate) => Rate = ScheduleGuard.Rate(rate);

    /// <summary>The rate.</summary>
    public double Rate { get; }

    /// <inheritdoc/>
    public override double RateAt(long step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        return Rate;
    }
}
