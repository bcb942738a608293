using DeepLearn.Foundation;

namespace DeepLearn.Schedules;

/// <summary>
/// A triangular schedule whose height is halved after each cycle: <c>minimum + triangle(t) * (maximum - minimum) / 2^cycle</c>.
/// </summary>
/// <remarks>
/// Smith, "Cyclical Learning Rates for Training Neural Networks", 2017 (there: "triangular2"). PyTorch's <c>CyclicLR</c> with
/// <c>mode="triangular2"</c> and equal halves gives the same rates; see <see cref="TriangularSchedule"/> for where they differ.
/// </remarks>
/// <example><code>
/// var schedule = new Triangular2Schedule(minimum: 0.01, maximum: 0.1, stepSize: 100);
/// Console.WriteLine($"{schedule.RateAt(100):g3}, {schedule.RateAt(300):g3}");    // prints 0.1, 0.055
/// </code></example>
public sealed record Triangular2Schedule : CyclicalSchedule
{
    /// <summary>Sets the rates and the length of a cycle.</summary>
    /// <param name="minimum">The learning rate at the start of each cycle, finite and at least 0.</param>
    /// <param name="maximum">The learning rate in the middle of the first cycle, above 0 and at least <paramref name="minimum"/>.</param>
    /// <param name="stepSize">The number of steps from the minimum to the maximum, at least 1: half a cycle.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public Triangular2Schedule(double minimum, double maximum, long stepSize)
    {
        Minimum = ScheduleGuard.Rate(minimum);
        Maximum = ScheduleGuard.Maximum(maximum, minimum);
        StepSize = ScheduleGuard.StepSize(stepSize);
    }

    /// <inheritdoc/>
    public override double Minimum { get; }

    /// <summary>The learning rate in the middle of the first cycle, finite and at least the minimum.</summary>
    public double Maximum { get; }

    /// <summary>The number of steps in half a cycle, at least 1.</summary>
    public long StepSize { get; }

    /// <inheritdoc/>
    public override double RateAt(long step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        (int cycle, long start, _) = new GrowingCycles(2 * StepSize, 1).Locate(step);
        double height = IntegerPower.Of(0.5, cycle);
        return Minimum + (ScheduleMath.Triangle(step - start, StepSize) * (Maximum - Minimum) * height);
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
