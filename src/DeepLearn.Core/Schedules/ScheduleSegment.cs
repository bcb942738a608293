namespace DeepLearn.Schedules;

/// <summary>A schedule that lasts a number of steps: one part of a <see cref="SequenceSchedule"/>.</summary>
public sealed record ScheduleSegment
{
    /// <summary>Sets the schedule and how long it lasts.</summary>
    /// <param name="schedule">The schedule. It begins at its own step 0.</param>
    /// <param name="steps">The number of steps that it lasts, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="steps"/> is below 1.</exception>
    public ScheduleSegment(LearningRateSchedule schedule, long steps)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        Schedule = schedule;
        Steps = ScheduleGuard.Steps(steps);
    }

    /// <summary>The schedule.</summary>
    public LearningRateSchedule Schedule { get; }

    /// <summary>The number of steps that it lasts, at least 1.</summary>
    public long Steps { get; }
}
