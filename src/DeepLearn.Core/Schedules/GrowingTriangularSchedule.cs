namespace DeepLearn.Schedules;

/// <summary>
/// Triangular cycles of growing length: <c>minimum + triangle(t) * (maximum - minimum)</c>, where triangle rises from 0 to 1 and falls back
/// within each cycle. With n the step size, the first cycle lasts <c>2 n</c> steps, the next <c>2 n * growth</c>, then <c>2 n *
/// growth^2</c>, and so on.
/// </summary>
/// <remarks>
/// The triangle of Smith, "Cyclical Learning Rates for Training Neural Networks", 2017, with the growing cycles of Loshchilov and Hutter,
/// "SGDR: Stochastic Gradient Descent with Warm Restarts", 2017. With a growth of 1 it is <see cref="TriangularSchedule"/>.
/// </remarks>
/// <example><code>
/// var schedule = new GrowingTriangularSchedule(minimum: 0.01, maximum: 0.1, stepSize: 100, growth: 2);
/// Console.WriteLine($"{schedule.StepsIn(1)}, {schedule.StepsIn(2)}");    // prints 200, 600
/// </code></example>
public sealed record GrowingTriangularSchedule : CyclicalSchedule
{
    /// <summary>Sets the rates and the lengths of the cycles.</summary>
    /// <param name="minimum">The learning rate at the start of each cycle, finite and at least 0.</param>
    /// <param name="maximum">The learning rate in the middle of each cycle, above 0 and at least <paramref name="minimum"/>.</param>
    /// <param name="stepSize">The number of steps from the minimum to the maximum in the first cycle, at least 1.</param>
    /// <param name="growth">The length of a cycle divided by that of the cycle before, at least 1. Default 2.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public GrowingTriangularSchedule(double minimum, double maximum, long stepSize, int growth = 2)
    {
        Minimum = ScheduleGuard.Rate(minimum);
        Maximum = ScheduleGuard.Maximum(maximum, minimum);
        StepSize = ScheduleGuard.StepSize(stepSize);
        Growth = ScheduleGuard.Growth(growth);
    }

    /// <inheritdoc/>
    public override double Minimum { get; }

    /// <summary>The learning rate in the middle of each cycle, finite and at least the minimum.</summary>
    public double Maximum { get; }

    /// <summary>The number of steps in half of the first cycle, at least 1.</summary>
    public long StepSize { get; }

    /// <summary>The length of a cycle divided by that of the cycle before, at least 1.</summary>
    public int Growth { get; }

    /// <inheritdoc/>
    public override double RateAt(long step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        (_, long start, long length) = new GrowingCycles(2 * StepSize, Growth).Locate(step);
        return ScheduleMath.Line(Minimum, Maximum, ScheduleMath.Triangle(step - start, length / 2));
    }

    /// <inheritdoc/>
    public override long StepsIn(int cycles) => new GrowingCycles(2 * StepSize, Growth).StepsIn(cycles);

    /// <inheritdoc/>
    public override int CycleAt(long step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        return new GrowingCycles(2 * StepSize, Growth).Locate(step).Cycle;
    }
}
