namespace DeepLearn.Schedules;

/// <summary>
/// The learning rate falls once along half a period of a cosine, <c>minimum + (maximum - minimum) * (1 + cos(pi * t / steps)) / 2</c>, and
/// then stays at the minimum.
/// </summary>
/// <remarks>
/// Loshchilov and Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts", 2017, without restarts. PyTorch's
/// <c>CosineAnnealingLR</c> gives the same rates up to its <c>T_max</c>, after which it climbs again.
/// </remarks>
/// <example><code>
/// var schedule = new CosineSchedule(maximum: 0.1, steps: 1000);
/// Console.WriteLine($"{schedule.RateAt(0):g3}, {schedule.RateAt(500):g3}, {schedule.RateAt(1000):g3}");    // prints 0.1, 0.05, 0
/// </code></example>
public sealed record CosineSchedule : LearningRateSchedule
{
    /// <summary>Sets the two rates and the length of the fall.</summary>
    /// <param name="maximum">The first learning rate, finite, above 0 and at least <paramref name="minimum"/>.</param>
    /// <param name="steps">The number of steps from the maximum to the minimum, at least 1.</param>
    /// <param name="minimum">The last learning rate, finite and at least 0. Default 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public CosineSchedule(double maximum, long steps, double minimum = 0)
    {
        Minimum = ScheduleGuard.Rate(minimum);
        Maximum = ScheduleGuard.Maximum(maximum, minimum);
        Steps = ScheduleGuard.Steps(steps);
    }

    /// <summary>The first learning rate, finite, above 0 and at least <see cref="Minimum"/>.</summary>
    public double Maximum { get; }

    /// <summary>The number of steps from the maximum to the minimum, at least 1.</summary>
    public long Steps { get; }

    /// <summary>The last learning rate, finite and at least 0.</summary>
    public double Minimum { get; }

    /// <inheritdoc/>
    public override double RateAt(long step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        return ScheduleMath.HalfWave(Maximum, Minimum, (double)step / Steps);
    }
}
