namespace DeepLearn.Schedules;

/// <summary>
/// A linear warm-up: the learning rate rises in a straight line to the first rate of another schedule, <c>start + t / steps * (schedule(0)
/// - start)</c>; then it follows that schedule, <c>schedule(t - steps)</c>.
/// </summary>
/// <remarks>
/// Goyal and others, "Accurate, Large Minibatch SGD: Training ImageNet in 1 Hour", 2017. With a start of 0 the first step changes nothing.
/// PyTorch has it as a <c>SequentialLR</c> of <c>LinearLR</c> and the schedule; its <c>LinearLR</c> takes a factor on the first rate, where
/// this takes the rate itself.
/// </remarks>
/// <example><code>
/// WarmUpSchedule schedule = new CosineSchedule(maximum: 0.1, steps: 1000).WarmedUp(steps: 50);
/// Console.WriteLine($"{schedule.RateAt(0):g3}, {schedule.RateAt(50):g3}");    // prints 0, 0.1
/// </code></example>
public sealed record WarmUpSchedule : LearningRateSchedule
{
    /// <summary>Puts a warm-up before a schedule.</summary>
    /// <param name="schedule">The schedule that follows. It begins at its own step 0.</param>
    /// <param name="steps">The number of steps of the warm-up, at least 1.</param>
    /// <param name="start">The first learning rate, finite and at least 0. Default 0.</param>
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

    /// <summary>The number of steps of the warm-up, at least 1.</summary>
    public long Steps { get; }

    /// <summary>The first learning rate, finite and at least 0.</summary>
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
