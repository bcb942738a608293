using DeepLearn.Schedules;

namespace DeepLearn.Samples.CustomLayer;

/// <summary>
/// A schedule of our own: the rate climbs to its maximum in a straight line and then falls with the root of the step,
/// <c>maximum * min(t / climb, sqrt(climb / t))</c> for t = step + 1. (Vaswani and others, "Attention Is All You Need", 2017.)
/// </summary>
/// <param name="Maximum">The rate at the end of the climb.</param>
/// <param name="Climb">The number of steps of the climb, at least 1.</param>
internal sealed record InverseRootSchedule(double Maximum, long Climb) : LearningRateSchedule
{
    public override double RateAt(long step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        double t = step + 1.0;
        return Maximum * Math.Min(t / Climb, Math.Sqrt(Climb / t));
    }
}
