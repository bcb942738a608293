namespace DeepLearn.Schedules;

/// <summary>
/// In each cycle the learning rate falls along half a period of a cosine; then it jumps back to the maximum: <c>minimum + (maximum -
/// minimum) * (1 + cos(pi * t / length)) / 2</c>, with t counted from the start of the cycle. Each cycle lasts <see cref="Growth"/> times
/// as long as the one before.
/// </summary>
/// <remarks>
/// Loshchilov and Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts", 2017. As there, a cycle ends one step before the rate
/// would be at its minimum. PyTorch's <c>CosineAnnealingWarmRestarts</c> with <c>T_0</c> the first cycle's steps, <c>T_mult</c> the growth
/// and <c>eta_min</c> the minimum gives the same rates. Two things differ: PyTorch can advance by fractions of an epoch, where here the
/// unit is one update; and PyTorch lets the minimum be above the maximum.
/// </remarks>
/// <example><code>
/// var schedule = new CosineWarmRestartsSchedule(maximum: 0.1, firstCycle: 100, growth: 2);
/// Console.WriteLine($"{schedule.RateAt(50):g3}, {schedule.RateAt(100):g3}, {schedule.RateAt(200):g3}");    // prints 0.05, 0.1, 0.05
/// </code></example>
public sealed record CosineWarmRestartsSchedule : CyclicalSchedule
{
    /// <summary>Sets the rates and the lengths of the cycles.</summary>
    /// <param name="maximum">The learning rate at the start of each cycle, finite, above 0 and at least <paramref name="minimum"/>.</param>
    /// <param name="firstCycle">The number of steps in the first cycle, at least 1.</param>
    /// <param name="growth">The length of a cycle divided by that of the cycle before, at least 1. Default 1: equal cycles.</param>
    /// <param name="minimum">The learning rate that each cycle falls toward, finite and at least 0. Default 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public CosineWarmRestartsSchedule(double maximum, long firstCycle, int growth = 1, double minimum = 0)
    {
        Minimum = ScheduleGuard.Rate(minimum);
        Maximum = ScheduleGuard.Maximum(maximum, minimum);
        FirstCycle = ScheduleGuard.Steps(firstCycle);
        Growth = ScheduleGuard.Growth(growth);
    }

    /// <summary>The learning rate at the start of each cycle, finite, above 0 and at least <see cref="Minimum"/>.</summary>
    public double Maximum { get; }

    /// <summary>The number of steps in the first cycle, at least 1.</summary>
    public long FirstCycle { get; }

    /// <summary>The length of a cycle divided by that of the cycle before, at least 1.</summary>
    public int Growth { get; }

    /// <inheritdoc/>
    public override double Minimum { get; }

    /// <inheritdoc/>
    public override double RateAt(long step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        (_, long start, long length) = new GrowingCycles(FirstCycle, Growth).Locate(step);
        return ScheduleMath.HalfWave(Maximum, Minimum, (double)(step - start) / length);
    }

    /// <inheritdoc/>
    public override long StepsIn(int cycles) => new GrowingCycles(FirstCycle, Growth).StepsIn(cycles);

    /// <inheritdoc/>
    public override int CycleAt(long step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        return new GrowingCycles(FirstCycle, Growth).Locate(step).Cycle;
    }
}
