namespace DeepLearn.Schedules;

/// <summary>
/// In each cycle the learning rate rises in a straight line from a minimum to a maximum and falls back. With n the step size and l the
/// number of the cycle, counted from 0, it is <c>minimum + (t - 2 l n) / n * (maximum - minimum)</c> while <c>2 l n &lt;= t &lt;= (2 l + 1)
/// n</c>, then <c>maximum - (t - (2 l + 1) n) / n * (maximum - minimum)</c>.
/// </summary>
/// <remarks>
/// Smith, "Cyclical Learning Rates for Training Neural Networks", 2017 (there: "triangular"). The minimum and the maximum are met exactly,
/// where Smith's formula rounds. A cycle ends one step before the rate is at its minimum again. PyTorch's <c>CyclicLR</c> with
/// <c>mode="triangular"</c> and equal halves gives the same rates. Two things differ: PyTorch's halves may have different lengths
/// (<c>step_size_down</c>); and by default PyTorch cycles the momentum the other way, where here it is the optimizer's and stays as it is.
/// </remarks>
/// <example><code>
/// var schedule = new TriangularSchedule(minimum: 1e-5, maximum: 0.1, stepSize: 100);
/// foreach (long step in (long[])[0, 50, 100, 200])
///     Console.WriteLine($"step {step}: {schedule.RateAt(step):g5}");
/// // prints step 0: 1e-05
/// // prints step 50: 0.050005
/// // prints step 100: 0.1
/// // prints step 200: 1e-05
/// </code></example>
public sealed record TriangularSchedule : CyclicalSchedule
{
    /// <summary>Sets the rates and the length of a cycle.</summary>
    /// <param name="minimum">The learning rate at the start of each cycle, finite and at least 0.</param>
    /// <param name="maximum">The learning rate in the middle of each cycle, above 0 and at least <paramref name="minimum"/>.</param>
    /// <param name="stepSize">The number of steps from the minimum to the maximum, at least 1: half a cycle.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public TriangularSchedule(double minimum, double maximum, long stepSize)
    {
        Minimum = ScheduleGuard.Rate(minimum);
        Maximum = ScheduleGuard.Maximum(maximum, minimum);
        StepSize = ScheduleGuard.StepSize(stepSize);
    }

    /// <inheritdoc/>
    public override double Minimum { get; }

    /// <summary>The learning rate in the middle of each cycle, finite and at least the minimum.</summary>
    public double Maximum { get; }

    /// <summary>The number of steps in half a cycle, at least 1.</summary>
    public long StepSize { get; }

    /// <inheritdoc/>
    public override double RateAt(long step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        return ScheduleMath.Line(Minimum, Maximum, ScheduleMath.Triangle(step % (2 * StepSize), StepSize));
    }

    /// <inheritdoc/>
    public override long StepsIn(int cycles) => new GrowingCycles(2 * StepSize, 1).StepsIn(cycles);

    /// <inheritdoc/>
    public override int CycleAt(long step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        return new GrowingCycles(2 * StepSize, 1).Locate(step).Cycle;
    }
}
