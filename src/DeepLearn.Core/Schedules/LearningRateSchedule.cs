namespace DeepLearn.Schedules;

/// <summary>The learning rate as a pure function of the step. An immutable value.</summary>
public abstract record LearningRateSchedule
{
    /// <summary>The rate that update number <paramref name="step"/> uses.</summary>
    /// <param name="step">The number of updates made before this one: 0 for the first.</param>
    /// <returns>The rate, at least 0.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="step"/> is negative.</exception>
    public abstract double RateAt(long step);
}
