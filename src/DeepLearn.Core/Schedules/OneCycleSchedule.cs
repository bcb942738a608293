namespace DeepLearn.Schedules;

/// <summary>
/// One climb to a maximum and one descent far below the start: from <c>maximum / StartDivisor</c> up to the maximum in the first
/// <see cref="Rise"/> of the steps, then down to <c>maximum / StartDivisor / EndDivisor</c>.
/// </summary>
/// <remarks>
/// Smith and Topin, "Super-Convergence: Very Fast Training of Neural Networks Using Large Learning Rates", 2018. The definition is that of
/// PyTorch's <c>OneCycleLR</c>, whose <c>total_steps</c>, <c>pct_start</c>, <c>div_factor</c>, <c>final_div_factor</c>,
/// <c>anneal_strategy</c> and <c>three_phase</c> are this schedule's <see cref="TotalSteps"/>, <see cref="Rise"/>,
/// <see cref="StartDivisor"/>, <see cref="EndDivisor"/>, <see cref="Shape"/> and <see cref="ThreePhases"/>, and gives the same rates. It
/// differs in three things: where PyTorch goes one step beyond the last one and then raises an error, the rate stays what it was at the
/// last; a first phase of no length, a division by zero there, is left out; and momentum, which PyTorch cycles the other way by default, is
/// the optimizer's and stays as it is. The climb ends at step <c>Rise * TotalSteps - 1</c>, which need not be a whole number, so the
/// maximum need not be met exactly.
/// </remarks>
public sealed record OneCycleSchedule : LearningRateSchedule
{
    /// <summary>One cycle.</summary>
    /// <param name="maximum">The largest rate, finite and at least 0.</param>
    /// <param name="totalSteps">The number of steps of the cycle, at least 2.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public OneCycleSchedule(double maximum, long totalSteps)
    {
        Maximum = ScheduleGuard.Rate(maximum);
        TotalSteps = totalSteps >= 2
            ? totalSteps
            : throw new ArgumentOutOfRangeException(nameof(totalSteps), totalSteps, "One cycle is of at least two steps.");
    }

    /// <summary>The largest rate.</summary>
    public double Maximum { get; }

    /// <summary>The number of steps of the cycle.</summary>
    public long TotalSteps { get; }

    /// <summary>The part of the steps that the climb takes, from 0 to 1, with three phases to 0.5. Default 0.3.</summary>
    public double Rise
    {
        get;
        init => field = value is >= 0 and <= 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Rise), value, "The part of the steps that the climb takes is from 0 to 1.");
    } = 0.3;

    /// <summary>How many times the first rate goes into the maximum, above 0. Default 25.</summary>
    public double StartDivisor { get; init => field = ScheduleGuard.Positive(value, nameof(StartDivisor)); } = 25;

    /// <summary>How many times the last rate goes into the first, above 0. Default 10,000.</summary>
    public double EndDivisor { get; init => field = ScheduleGuard.Positive(value, nameof(EndDivisor)); } = 1e4;

    /// <summary>The way from one rate to the next. Default <see cref="AnnealingShape.Cosine"/>.</summary>
    public AnnealingShape Shape
    {
        get;
        init => field = value is AnnealingShape.Cosine or AnnealingShape.Linear
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Shape), value, "The shape is Cosine or Linear.");
    } = AnnealingShape.Cosine;

    /// <summary>
    /// Whether the descent first mirrors the climb, back to the first rate, and then goes on to the last: the form of the paper. Default
    /// false.
    /// </summary>
    public bool ThreePhases { get; init; }

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

    private double Between(double from, double to, double fraction) =>
        Shape == AnnealingShape.Linear ? ScheduleMath.Line(from, to, fraction) : ScheduleMath.HalfWave(from, to, fraction);
}
