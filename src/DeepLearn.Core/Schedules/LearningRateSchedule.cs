namespace DeepLearn.Schedules;

/// <summary>The learning rate as a pure function of the step. An immutable value.</summary>
public abstract record LearningRateSchedule
{
    /// <summary>The rate that update number <paramref name="step"/> uses.</summary>
    /// <param name="step">The number of updates made before this one: 0 for the first.</param>
    /// <returns>The rate, at least 0.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="step"/> is negative.</exception>
    public abstract double RateAt(long step);

    /// <summary>A number is a constant schedule: <c>Schedule = 0.01</c>.</summary>
    /// <param name="rate">The rate, finite and at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rate"/> is negative, infinite or not a number.</exception>
    public static implicit operator LearningRateSchedule(double rate) => new ConstantSchedule(rate);

    /// <summary>This schedule for some steps, then another one from its own beginning.</summary>
    /// <param name="steps">The number of steps that this one lasts, at least 1.</param>
    /// <param name="next">The schedule that follows.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="steps"/> is below 1.</exception>
    public SequenceSchedule Then(long steps, LearningRateSchedule next) => new([new(this, steps)], next);

    /// <summary>This schedule after a linear warm-up to its first rate.</summary>
    /// <param name="steps">The number of steps of the warm-up, at least 1.</param>
    /// <param name="start">The first rate of the warm-up, finite and at least 0. Default 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public WarmUpSchedule WarmedUp(long steps, double start = 0) => new(this, steps, start);
}
