using DeepLearn.Foundation;

namespace DeepLearn.Schedules;

/// <summary>
/// Any cyclical schedule with a maximum that falls from cycle to cycle: <c>minimum + (rate(t) - minimum) * factor^cycle</c>.
/// </summary>
/// <remarks>With a triangular schedule and a factor of one half it is <see cref="Triangular2Schedule"/>.</remarks>
public sealed record AnnealedMaximumSchedule : CyclicalSchedule
{
    /// <summary>A schedule whose maximum falls.</summary>
    /// <param name="schedule">The schedule as it is in the first cycle.</param>
    /// <param name="factor">The factor on the height over the minimum from one cycle to the next, above 0 and at most 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="factor"/> is out of its range.</exception>
    public AnnealedMaximumSchedule(CyclicalSchedule schedule, double factor)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        Schedule = schedule;
        Factor = ScheduleGuard.Factor(factor);
    }

    /// <summary>The schedule as it is in the first cycle.</summary>
    public CyclicalSchedule Schedule { get; }

    /// <summary>The factor on the height from one cycle to the next.</summary>
    public double Factor { get; }

    /// <inheritdoc/>
    public override double Minimum => Schedule.Minimum;

    /// <inheritdoc/>
    public override double RateAt(long step)
    {
        double rate = Schedule.RateAt(step);
        return Minimum + ((rate - Minimum) * IntegerPower.Of(Factor, Schedule.CycleAt(step)));
    }

    /// <inheritdoc/>
    public override long StepsIn(int cycles) => Schedule.StepsIn(cycles);

    /// <inheritdoc/>
    public override int CycleAt(long step) => Schedule.CycleAt(step);
}
