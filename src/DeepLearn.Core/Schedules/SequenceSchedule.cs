using DeepLearn.Foundation;

namespace DeepLearn.Schedules;

/// <summary>Several schedules one after another. Each begins at its own step 0, and the last one has no end.</summary>
/// <remarks>PyTorch has it as <c>SequentialLR</c>, which takes the steps at which it changes ("milestones") instead of lengths.</remarks>
/// <example><code>
/// SequenceSchedule schedule = new ConstantSchedule(0.1).Then(steps: 500, new CosineSchedule(maximum: 0.1, steps: 1000));
/// Console.WriteLine($"{schedule.RateAt(499):g3}, {schedule.RateAt(1000):g3}");    // prints 0.1, 0.05
/// </code></example>
public sealed record SequenceSchedule : LearningRateSchedule
{
    /// <summary>Sets the schedules and their lengths.</summary>
    /// <param name="segments">The schedules that end, in order; at least one.</param>
    /// <param name="last">The schedule that follows them. It has no end.</param>
    /// <exception cref="ArgumentException">There is no segment.</exception>
    public SequenceSchedule(ValueList<ScheduleSegment> segments, LearningRateSchedule last)
    {
        ArgumentNullException.ThrowIfNull(segments);
        ArgumentNullException.ThrowIfNull(last);
        if (segments.Count == 0)
            throw new ArgumentException("A sequence has at least one segment before its last schedule; found none.", nameof(segments));
        Segments = segments;
        Last = last;
    }

    /// <summary>The schedules that end, in order.</summary>
    public ValueList<ScheduleSegment> Segments { get; }

    /// <summary>The schedule that follows them.</summary>
    public LearningRateSchedule Last { get; }

    /// <inheritdoc/>
    public override double RateAt(long step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        foreach (ScheduleSegment segment in Segments.AsSpan())
        {
            if (step < segment.Steps)
                return segment.Schedule.RateAt(step);
            step -= segment.Steps;
        }
        return Last.RateAt(step);
    }
}
