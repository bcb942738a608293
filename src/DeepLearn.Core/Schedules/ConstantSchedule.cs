namespace DeepLearn.Schedules;

/// <summary>The same learning rate at every step. A plain number converts to it: <c>Schedule = 0.01</c>.</summary>
/// <example><code>TrainingPlan constant = plan with { Schedule = 0.05 };    // new ConstantSchedule(0.05)</code></example>
public sealed record ConstantSchedule : LearningRateSchedule
{
    /// <summary>Sets the learning rate.</summary>
    /// <param name="rate">The learning rate, finite and above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rate"/> is not above 0, infinite or not a number.</exception>
    public ConstantSchedule(double rate) => Rate = ScheduleGuard.Largest(rate);

    /// <summary>The learning rate, finite and above 0.</summary>
    public double Rate { get; }

    /// <inheritdoc/>
    public override double RateAt(long step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        return Rate;
    }
}
