namespace DeepLearn.Training;

/// <summary>How far training is: a few times a second, after each evaluation and at the end.</summary>
/// <param name="Step">The number of updates made.</param>
/// <param name="TotalSteps">The number that training lasts.</param>
/// <param name="Loss">The loss of the last batch; NaN before the first.</param>
/// <param name="Seconds">The time that training has taken, in seconds.</param>
/// <param name="Latest">The latest point of the learning curves; null before the first.</param>
public sealed record TrainingProgress(long Step, long TotalSteps, double Loss, double Seconds, TrainingPoint? Latest)
{
    /// <summary>The number of updates a second so far; 0 before the first.</summary>
    public double StepsPerSecond => Seconds > 0 ? Step / Seconds : 0;

    /// <summary>
    /// The time that is left at this rate; null before the first step, and where it is longer than a <see cref="TimeSpan"/> can be, as of a
    /// training that a callback is to end.
    /// </summary>
    public TimeSpan? Remaining
    {
        get
        {
            double seconds = (TotalSteps - Step) / StepsPerSecond;
            return StepsPerSecond > 0 && seconds < TimeSpan.MaxValue.TotalSeconds ? TimeSpan.FromSeconds(seconds) : null;
        }
    }
}
