namespace DeepLearn.Schedules;

/// <summary>
/// One rise to a maximum and one fall far below the start. The learning rate rises from <c>maximum / StartDivisor</c> to the maximum during
/// the first part of the steps, <see cref="Rise"/>; then it falls to <c>maximum / StartDivisor / EndDivisor</c>.
/// </summary>
/// <remarks>
/// Smith and Topin, "Super-Convergence: Very Fast Training of Neural Networks Using Large Learning Rates", 2018. The definition is that of
/// PyTorch's <c>OneCycleLR</c>, whose <c>total_steps</c>, <c>pct_start</c>, <c>div_factor</c>, <c>final_div_factor</c>,
/// <c>anneal_strategy</c> and <c>three_phase</c> are this schedule's <see cref="TotalSteps"/>, <see cref="Rise"/>,
/// <see cref="StartDivisor"/>, <see cref="EndDivisor"/>, <see cref="Shape"/> and <see cref="ThreePhases"/>. The rates are the same. Four
/// things differ: after the last step the rate stays as it is, where PyTorch raises an error; a first phase of no length is left out, where
/// PyTorch divides by zero; three phases that would miss the maximum or the last rate are refused, where PyTorch takes them; and the
/// momentum is the optimizer's and stays as it is, where PyTorch cycles it the other way by default. The rise ends at step
/// <c>Rise * TotalSteps - 1</c>, which need not be a whole number, so that the maximum need not be met exactly.
/// </remarks>
/// <example><code>
/// var schedule = new OneCycleSchedule(maximum: 0.1, totalSteps: 1000);
/// Console.WriteLine($"{schedule.RateAt(0):g3}, {schedule.RateAt(300):g3}, {schedule.RateAt(999):g3}");    // prints 0.004, 0.1, 4e-07
/// </code></example>
public sealed record OneCycleSchedule : LearningRateSchedule
{
    // Of which the default rise has two.
    private const int FewestOfThreePhases = 7;

    /// <summary>Sets the maximum and the length of the cycle.</summary>
    /// <param name="maximum">The largest learning rate, finite and above 0.</param>
    /// <param name="totalSteps">The number of steps of the cycle, at least 2.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public OneCycleSchedule(double maximum, long totalSteps)
    {
        Maximum = ScheduleGuard.Largest(maximum);
        TotalSteps = totalSteps >= 2
            ? totalSteps
            : throw new ArgumentOutOfRangeException(nameof(totalSteps), totalSteps, "One cycle has at least two steps.");
    }

    /// <summary>The largest learning rate, finite and above 0.</summary>
    public double Maximum { get; }

    /// <summary>The number of steps of the cycle, at least 2.</summary>
    public long TotalSteps { get; }

    /// <summary>
    /// The part of the steps that the rise takes, from 0 to 1; with three phases two steps at least, and at most 0.5. Default 0.3.
    /// </summary>
    public double Rise
    {
        get;
        init => field = value is >= 0 and <= 1
            ? RequirePhases(value, ThreePhases, nameof(Rise), value)
            : throw new ArgumentOutOfRangeException(nameof(Rise), value, "The part of the steps that the rise takes is from 0 to 1.");
    } = 0.3;

    /// <summary>The maximum divided by the first learning rate, above 0. Default 25.</summary>
    public double StartDivisor { get; init => field = ScheduleGuard.Positive(value, nameof(StartDivisor)); } = 25;

    /// <summary>The first learning rate divided by the last, above 0. Default 10,000.</summary>
    public double EndDivisor { get; init => field = ScheduleGuard.Positive(value, nameof(EndDivisor)); } = 1e4;

    /// <summary>The shape of the rise and of the fall. Default <see cref="AnnealingShape.Cosine"/>.</summary>
    public AnnealingShape Shape
    {
        get;
        init => field = value is AnnealingShape.Cosine or AnnealingShape.Linear
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Shape), value, "The shape is Cosine or Linear.");
    } = AnnealingShape.Cosine;

    /// <summary>
    /// Whether the fall has two parts, as in the paper: first back to the first rate in as many steps as the rise took, then on to the last
    /// rate. Default false: one fall. With it a cycle has at least 7 steps.
    /// </summary>
    public bool ThreePhases
    {
        get;
        init
        {
            if (value && TotalSteps < FewestOfThreePhases)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(ThreePhases), value, $"Three phases have at least {FewestOfThreePhases} steps; found {TotalSteps}.");
            }
            RequirePhases(Rise, value, nameof(ThreePhases), value);
            field = value;
        }
    }

    /// <inheritdoc/>
    public override double RateAt(long step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        double start = Maximum / StartDivisor;
        double end = start / EndDivisor;
        double last = TotalSteps - 1;
        double top = (Rise * TotalSteps) - 1;
        double position = Math.Min(step, TotalSteps - 1);
        if (position <= top && top > 0)
            return Between(start, Maximum, position / top);
        double descent = ThreePhases ? (2 * Rise * TotalSteps) - 2 : last;
        if (position <= descent && descent > top)
            return Between(Maximum, ThreePhases ? start : end, (position - top) / (descent - top));
        return Between(start, end, (position - descent) / (last - descent));
    }

    private double RequirePhases(double rise, bool threePhases, string name, object value) =>
        !threePhases || (rise <= 0.5 && rise * TotalSteps >= 2)
            ? rise
            : throw new ArgumentOutOfRangeException(
                name, value,
                $"With three phases the rise takes two steps at least, and at most half of all; found {rise} of {TotalSteps} steps.");

    private double Between(double from, double to, double fraction) =>
        Shape == AnnealingShape.Linear ? ScheduleMath.Line(from, to, fraction) : ScheduleMath.HalfWave(from, to, fraction);
}
