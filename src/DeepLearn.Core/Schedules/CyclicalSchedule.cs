namespace DeepLearn.Schedules;

/// <summary>A schedule that goes in cycles, so that training can be told to last a number of them.</summary>
public abstract record CyclicalSchedule : LearningRateSchedule
{
    /// <summary>The number of steps in the first cycles together.</summary>
    /// <param name="cycles">The number of cycles, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="cycles"/> is negative.</exception>
    public abstract long StepsIn(int cycles);
}
