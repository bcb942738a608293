using DeepLearn.Foundation;

namespace DeepLearn.Schedules;

/// <summary>
/// A cyclical schedule whose maximum falls from cycle to cycle: <c>minimum + (rate(t) - minimum) * factor^cycle</c>, cycle counted from 0.
/// </summary>
/// <remarks>With a triangular schedule and a factor of one half it is <see cref="Triangular2Schedule"/>.</remarks>
/// <example><code>
/// var schedule = new AnnealedMaximumSchedule(new TriangularSchedule(minimum: 0.01, maximum: 0.1, stepSize: 100), factor: 0.5);
/// Console.WriteLine($"{schedule.RateAt(100):g3}, {schedule.RateAt(300):g3}");    // prints 0.1, 0.055
/// </code></example>
public sealed record AnnealedMaximumSchedule : CyclicalSchedule
{
    /// <summary>Lets the maximum of a cyclical schedule fall.</summary>
    /// <param name="schedule">The schedule. Its first cycle stays as it is.</param>
    /// <param name="factor">
    /// What the height of a cycle (its maximum less the minimum) is multiplied by from one cycle to the next; above 0 and at most 1.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="factor"/> is out of its range.</exception>
    public AnnealedMaximumSchedule(CyclicalSchedule schedule, double factor)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        Schedule = schedule;
        Factor = ScheduleGuard.Factor(factor);
    }

    /// <summary>The schedule whose maximum falls.</summary>
    public CyclicalSchedule Schedule { get; }

    /// <summary>What the height of a cycle is multiplied by from one cycle to the next; above 0 and at most 1.</summary>
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
