namespace DeepLearn.Schedules;

/// <summary>
/// A learning-rate schedule that runs in cycles. Training can be told to last a number of cycles, and snapshots are taken at their ends.
/// </summary>
public abstract record CyclicalSchedule : LearningRateSchedule
{
    /// <summary>The lowest learning rate of every cycle, where it begins or ends.</summary>
    public abstract double Minimum { get; }

    /// <summary>The number of steps in the first cycles together.</summary>
    /// <param name="cycles">The number of cycles, at least 0.</param>
    /// <returns>
    /// The number of steps: 0 for no cycle, and more with each further cycle. It is <see cref="long.MaxValue"/> where the number is larger.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="cycles"/> is negative.</exception>
    public abstract long StepsIn(int cycles);

    /// <summary>The cycle that a step belongs to.</summary>
    /// <remarks>By default it is found by bisection, with <see cref="StepsIn"/>.</remarks>
    /// <param name="step">The number of updates made before this one.</param>
    /// <returns>The number of cycles completed before the step: 0 in the first.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="step"/> is negative.</exception>
    public virtual int CycleAt(long step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        int completed = 0, beyond = 1;
        while (beyond < int.MaxValue / 2 && StepsIn(beyond) <= step)
        {
            completed = beyond;
            beyond *= 2;
        }
        while (beyond - completed > 1)
        {
            int middle = completed + ((beyond - completed) / 2);
            if (StepsIn(middle) <= step)
                completed = middle;
            else
                beyond = middle;
        }
        return completed;
    }
}
