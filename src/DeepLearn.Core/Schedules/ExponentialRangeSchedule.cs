using DeepLearn.Foundation;

namespace DeepLearn.Schedules;

/// <summary>
/// A triangular schedule whose height falls with every step: <c>minimum + triangle(t) * (maximum - minimum) * factor^t</c>.
/// </summary>
/// <remarks>
/// Smith, "Cyclical Learning Rates for Training Neural Networks", 2017 (there: "exp_range"). PyTorch's <c>CyclicLR</c> with
/// <c>mode="exp_range"</c>, <c>gamma</c> the factor and equal halves gives the same rates; see <see cref="TriangularSchedule"/> for where
/// they differ. PyTorch also takes a factor above 1.
/// </remarks>
/// <example><code>
/// var schedule = new ExponentialRangeSchedule(minimum: 0.01, maximum: 0.1, stepSize: 100, factor: 0.999);
/// Console.WriteLine($"{schedule.RateAt(100):g3}, {schedule.RateAt(300):g3}");    // prints 0.0914, 0.0767
/// </code></example>
public sealed record ExponentialRangeSchedule : CyclicalSchedule
{
    /// <summary>Sets the rates, the length of a cycle and the factor.</summary>
    /// <param name="minimum">The learning rate at the start of each cycle, finite and at least 0.</param>
    /// <param name="maximum">
    /// The learning rate in the middle of a cycle before the factor is applied, finite, above 0 and at least <paramref name="minimum"/>.
    /// </param>
    /// <param name="stepSize">The number of steps from the minimum to the maximum, at least 1: half a cycle.</param>
    /// <param name="factor">
    /// What the height of the triangle is multiplied by from one step to the next; above 0 and at most 1. A usual value is just below 1, as
    /// 0.9999.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public ExponentialRangeSchedule(double minimum, double maximum, long stepSize, double factor)
    {
        Minimum = ScheduleGuard.Rate(minimum);
        Maximum = ScheduleGuard.Maximum(maximum, minimum);
        StepSize = ScheduleGuard.StepSize(stepSize);
        Factor = ScheduleGuard.Factor(factor);
    }

    /// <inheritdoc/>
    public override double Minimum { get; }

    /// <summary>The learning rate in the middle of a cycle before the factor is applied; finite and at least the minimum.</summary>
    public double Maximum { get; }

    /// <summary>The number of steps in half a cycle, at least 1.</summary>
    public long StepSize { get; }

    /// <summary>What the height is multiplied by from one step to the next; above 0 and at most 1.</summary>
    public double Factor { get; }

    /// <inheritdoc/>
    public override double RateAt(long step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        double triangle = ScheduleMath.Triangle(step % (2 * StepSize), StepSize);
        return Minimum + (triangle * (Maximum - Minimum) * IntegerPower.Of(Factor, step));
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
