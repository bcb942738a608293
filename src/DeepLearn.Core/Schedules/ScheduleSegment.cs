namespace DeepLearn.Schedules;

/// <summary>A schedule for a number of steps: one piece of a <see cref="SequenceSchedule"/>.</summary>
public sealed record ScheduleSegment
{
    /// <summary>A schedule for a number of steps.</summary>
    /// <param name="schedule">The schedule, from its own step 0.</param>
    /// <param name="steps">The number of steps, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="steps"/> is below 1.</exception>
    public ScheduleSegment(LearningRateSchedule schedule, long steps)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        Schedule = schedule;
        Steps = ScheduleGuard.Steps(steps);
    }

    /// <summary>The schedule.</summary>
    public LearningRateSchedule Schedule { get; }

    /// <summary>The number of steps.</summary>
    public long Steps { get; }
}
