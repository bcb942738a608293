namespace DeepLearn.Schedules;

/// <summary>
/// A straight climb to the first rate of another schedule, which then begins: <c>start + t / steps * (schedule(0) - start)</c>, then
/// <c>schedule(t - steps)</c>.
/// </summary>
/// <remarks>
/// Goyal and others, "Accurate, Large Minibatch SGD: Training ImageNet in 1 Hour", 2017. With a start of 0 the first step changes nothing.
/// As PyTorch's <c>SequentialLR</c> of a <c>LinearLR</c> and the schedule, with the first rate itself in the place of a factor on it.
/// </remarks>
public sealed record WarmUpSchedule : LearningRateSchedule
{
    /// <summary>A warm-up before a schedule.</summary>
    /// <param name="schedule">The schedule that follows, from its own step 0.</param>
    /// <param name="steps">The number of steps of the climb, at least 1.</param>
    /// <param name="start">The first rate, finite and at least 0. Default 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public WarmUpSchedule(LearningRateSchedule schedule, long steps, double start = 0)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        Schedule = schedule;
        Steps = ScheduleGuard.Steps(steps);
        Start = ScheduleGuard.Rate(start);
    }

    /// <summary>The schedule that follows.</summary>
    public LearningRateSchedule Schedule { get; }

    /// <summary>The number of steps of the climb.</summary>
    public long Steps { get; }

    /// <summary>The first rate.</summary>
    public double Start { get; }

    /// <inheritdoc/>
    public override double RateAt(long step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        return step < Steps
            ? ScheduleMath.Line(Start, Schedule.RateAt(0), (double)step / Steps)
            : Schedule.RateAt(step - Steps);
    }
}
