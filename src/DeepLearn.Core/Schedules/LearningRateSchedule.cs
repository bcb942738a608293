using System.Text;
using DeepLearn.Foundation;

namespace DeepLearn.Schedules;

/// <summary>
/// The learning rate as a pure function of the step: it remembers nothing, so that a run that is resumed meets the same rates. An immutable
/// value.
/// </summary>
/// <remarks>A schedule of your own overrides <see cref="RateAt"/>, and is then used like those of the library.</remarks>
/// <example><code>
/// // A schedule of your own: up in a straight line, then down with the root of the step.
/// sealed record InverseRootSchedule(double Maximum, long Climb) : LearningRateSchedule
/// {
///     public override double RateAt(long step)
///     {
///         ArgumentOutOfRangeException.ThrowIfNegative(step);
///         double t = step + 1.0;
///         return Maximum * Math.Min(t / Climb, Math.Sqrt(Climb / t));
///     }
/// }
/// </code></example>
public abstract record LearningRateSchedule
{
    /// <summary>The learning rate of one update.</summary>
    /// <param name="step">The number of updates made before this one: 0 for the first.</param>
    /// <returns>The learning rate, finite and at least 0; the update is proportional to it.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="step"/> is negative.</exception>
    public abstract double RateAt(long step);

    /// <summary>Makes a constant schedule of a number, as in <c>Schedule = 0.01</c>.</summary>
    /// <param name="rate">The learning rate, finite and above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rate"/> is not above 0, infinite or not a number.</exception>
    public static implicit operator LearningRateSchedule(double rate) => new ConstantSchedule(rate);

    /// <summary>Follows this schedule for some steps, then another one from its own step 0.</summary>
    /// <param name="steps">The number of steps that this schedule lasts, at least 1.</param>
    /// <param name="next">The schedule that follows. It has no end.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="steps"/> is below 1.</exception>
    public SequenceSchedule Then(long steps, LearningRateSchedule next) => new([new(this, steps)], next);

    /// <summary>Puts a linear warm-up, which ends at this schedule's first rate, before this schedule.</summary>
    /// <param name="steps">The number of steps of the warm-up, at least 1.</param>
    /// <param name="start">The first rate of the warm-up, finite and at least 0. Default 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public WarmUpSchedule WarmedUp(long steps, double start = 0) => new(this, steps, start);

    /// <summary>The type of the value, which equality compares first: that of the object, in languages that have no records too.</summary>
    protected virtual Type EqualityContract => GetType();

    /// <summary>The type and its options; a record of yours prints its properties.</summary>
    public override string ToString() => PartText.Describe(this, PrintMembers);

    /// <summary>Writes what the value was made of, without what follows from that: by default nothing.</summary>
    /// <param name="builder">Where to.</param>
    /// <returns>Whether anything was written.</returns>
    protected virtual bool PrintMembers(StringBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return PartText.AppendType(this, builder);
    }
}
