using DeepLearn.Search.Trials;

namespace DeepLearn.Search.Pruners;

/// <summary>The decision of asynchronous successive halving.</summary>
internal static class HalvingRule
{
    /// <summary>
    /// Whether a trial, at a step of a decision, is not among the best part of those that came so far, itself included.
    /// </summary>
    /// <param name="request">The trial.</param>
    /// <param name="firstStep">The step of the first decision.</param>
    /// <param name="factor">The factor between two decisions, and the part that goes on.</param>
    /// <param name="scores">The scores of the trials that it is compared with.</param>
    public static bool ShouldStop(PruneRequest request, long firstStep, int factor, ScoresAtSteps scores)
    {
        (long step, double score) = request.Reports[^1];
        if (double.IsNaN(score))
            return true;
        long before = request.Reports.Count > 1 ? request.Reports[^2].Step : 0;
        if (RungAt(step, firstStep, factor) is not { } rung || rung <= before)
            return false;
        double[] others = scores.At(request.History, step);
        double own = ScoresAtSteps.Badness(score, request.Direction);
        int better = others.Count(other => other < own);
        return better >= Math.Max(1, (others.Length + 1) / factor);
    }

    // The last decision at or before a step; null before the first.
    private static long? RungAt(long step, long firstStep, int factor)
    {
        if (step < firstStep)
            return null;
        long rung = firstStep;
        while (rung <= step / factor)
            rung *= factor;
        return rung;
    }
}
