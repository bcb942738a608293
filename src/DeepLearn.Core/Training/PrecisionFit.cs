using System.Numerics;
using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Optimizers;
using DeepLearn.Schedules;

namespace DeepLearn.Training;

/// <summary>Whether numbers that were given in double keep their meaning in the precision that is trained in.</summary>
internal static class PrecisionFit
{
    private const int Looks = 1000;
    private const int MostLooks = 10_000_000;

    /// <summary>Throws where a weight of an example overflows, or vanishes in the mean of a batch.</summary>
    /// <param name="weights">The weights, at least 0; empty for none.</param>
    /// <param name="batchSize">The number of examples of a batch.</param>
    /// <param name="name">What the data set is called, such as <c>training</c>.</param>
    /// <exception cref="ArgumentException">One does; the message names it.</exception>
    public static void RequireWeights<T>(ReadOnlySpan<double> weights, int batchSize, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < weights.Length; i++)
        {
            if (weights[i] == 0 || (IsHeld<T>(weights[i] / batchSize) && IsHeld<T>(weights[i])))
                continue;
            throw new ArgumentException(
                $"The weight of example {i} of the {name} set is {InvariantText.Of(weights[i])}, which {TypeNames.Of<T>()} cannot hold in "
                + "the mean of a batch. Choose weights whose mean is 1.",
                nameof(weights));
        }
    }

    /// <summary>
    /// Throws where no learning rate is above 0, or one is beyond the range. Some thousands of steps are looked at, and more where these
    /// are all 0.
    /// </summary>
    /// <param name="schedule">The learning rates.</param>
    /// <param name="steps">The number of steps of training, at least 1.</param>
    /// <param name="factor">What the rates are multiplied by for some parameters.</param>
    /// <exception cref="ArgumentException">It is so.</exception>
    public static void RequireRates<T>(LearningRateSchedule schedule, long steps, double factor = 1)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        string times = factor == 1 ? "" : $" times the factor {InvariantText.Of(factor)} of a rule";
        double largest = 0;
        bool any = false;
        for (long i = 0; i < Math.Min(steps, Looks); i++)
            any |= Look(i) | Look((long)(i / (double)Looks * steps));
        for (long i = Looks; i < Math.Min(steps, MostLooks) && !any; i++)
            any |= Look(i);
        if (!any && steps <= MostLooks)
        {
            throw new ArgumentException(
                $"Training needs learning rates above 0, in {TypeNames.Of<T>()} too; found {InvariantText.Of(largest)} as the largest of "
                + $"{steps} steps by {schedule}{times}.",
                nameof(schedule));
        }

        bool Look(long step)
        {
            double rate = schedule.RateAt(step) * factor;
            T rounded = Precision.FromDouble<T>(rate);
            if (!T.IsFinite(rounded) || rounded < T.Zero)
            {
                throw new ArgumentException(
                    $"A learning rate is at least 0 and finite, in {TypeNames.Of<T>()} too; found {InvariantText.Of(rate)} at step {step} "
                    + $"by {schedule}{times}.",
                    nameof(schedule));
            }
            largest = Math.Max(largest, rate);
            return rounded > T.Zero;
        }
    }

    /// <summary>As <see cref="RequireRates"/>, for the rates of each rule of a plan too.</summary>
    public static void RequireRulesRates<T>(TrainingPlan plan, long steps)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RequireRates<T>(plan.Schedule, steps);
        ParameterRule[] rules = plan.Optimizer is GroupedOptimizer grouped ? [.. plan.Parameters, .. grouped.Rules] : [.. plan.Parameters];
        foreach (double factor in rules.Where(rule => !rule.Freezes).Select(rule => rule.RateFactor).Distinct())
        {
            if (factor != 1)
                RequireRates<T>(plan.Schedule, steps, factor);
        }
    }

    private static bool IsHeld<T>(double number)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => T.IsNormal(Precision.FromDouble<T>(number));
}
