namespace DeepLearn.Schedules;

/// <summary>The same learning rate at every step. A plain number converts to it: <c>Schedule = 0.01</c>.</summary>
public sealed record ConstantSchedule : LearningRateSchedule
{
    /// <summary>Sets the learning rate.</summary>
    /// <param name="rate">The learning rate, finite and at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rate"/> is negative, infinite or not a number.</exception>
    public ConstantSchedule(double rate) => Rate = ScheduleGuard.Rate(rate);

    /// <summary>The learning rate, finite and at least 0.</summary>
    public double Rate { get; }

    /// <inheritdoc/>
    public override double RateAt(long step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        return Rate;
    }
}
