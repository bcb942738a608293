using System.Runtime.InteropServices;
using DeepLearn.Search.Trials;

namespace DeepLearn.Search.Pruners;

/// <summary>
/// The scores of a stage's trials at each step. They are kept from report to report: reading all reports of all trials anew for each report
/// would take longer the longer a search runs.
/// </summary>
/// <param name="direction">Which scores are better.</param>
/// <param name="belongs">The trials that are looked at. Default: all.</param>
internal sealed class ScoresAtSteps(SearchDirection direction, Func<TrialResult, bool>? belongs = null)
{
    private readonly Dictionary<long, Step> _steps = [];

    /// <summary>
    /// The scores at a step of the trials that came so far: each the last one reported at or before it. Smaller is better; what is not a
    /// number is positive infinity.
    /// </summary>
    /// <param name="history">
    /// The trials; one list that grows from call to call, of which a call may see less than the one before it.
    /// </param>
    /// <param name="step">The step.</param>
    /// <returns>A copy.</returns>
    public double[] At(TrialHistory history, long step)
    {
        lock (_steps)
        {
            if (!_steps.TryGetValue(step, out Step? known))
                _steps[step] = known = new();
            for (; known.Seen < history.Count; known.Seen++)
            {
                if (ScoreAt(history[known.Seen], step) is not { } score)
                    continue;
                known.Scores.Add(score);
                known.Trials.Add(known.Seen);
            }
            int count = known.Trials.BinarySearch(history.Count);
            return CollectionsMarshal.AsSpan(known.Scores)[..(count < 0 ? ~count : count)].ToArray();
        }
    }

    /// <summary>A score such that smaller is better; one that is not a number is the worst.</summary>
    public static double Badness(double score, SearchDirection direction) =>
        double.IsNaN(score) ? double.PositiveInfinity : direction == SearchDirection.Maximize ? -score : score;

    private double? ScoreAt(TrialResult trial, long step)
    {
        if (belongs?.Invoke(trial) == false || trial.Reports.Count == 0 || trial.Reports[^1].Step < step || trial.Reports[0].Step > step)
            return null;
        int low = 0, high = trial.Reports.Count - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            if (trial.Reports[middle].Step <= step)
                low = middle;
            else
                high = middle - 1;
        }
        return Badness(trial.Reports[low].Score, direction);
    }

    private sealed class Step
    {
        /// <summary>The scores in the order of their trials.</summary>
        public List<double> Scores { get; } = [];

        /// <summary>The place of each score's trial in the history.</summary>
        public List<int> Trials { get; } = [];

        /// <summary>How many trials have been looked at.</summary>
        public int Seen { get; set; }
    }
}
