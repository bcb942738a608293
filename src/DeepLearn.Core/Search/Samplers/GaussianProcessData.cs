using DeepLearn.Search.Spaces;
using DeepLearn.Search.Trials;

namespace DeepLearn.Search.Samplers;

/// <summary>The processes of a stage, and the results that they are fitted to.</summary>
internal sealed class GaussianProcessData(SearchSpace space, SearchGoals goals, int firstTrials, int mostTrials)
{
    private readonly bool[] _isChoice = [.. space.Dimensions.Select(dimension => dimension is CategoricalDimension)];
    private readonly List<double[]> _positions = [];
    private readonly Dictionary<int, GaussianProcessKernel> _kernels = [];
    private readonly TrialRanking _ranking = new(goals);

    /// <summary>
    /// The process that follows from a history, with the points and the values, smaller being better, that it was made of.
    /// </summary>
    public (GaussianProcess Process, double[][] Points, double[] Values) At(TrialHistory history)
    {
        lock (_kernels)
        {
            for (int i = _positions.Count; i < history.Count; i++)
                _positions.Add(PositionsOf(space, history[i].Trial.Point));
            (double[][] points, double[] values) = Select(history, history.Count);
            return (GaussianProcess.Of(KernelOf(history), points, values), points, values);
        }
    }

    /// <summary>The positions of a point; the middle for a dimension that it has not, and minus one for a choice.</summary>
    public static double[] PositionsOf(SearchSpace space, SearchPoint point)
    {
        var positions = new double[space.Dimensions.Count];
        int next = 0;
        for (int j = 0; j < positions.Length; j++)
        {
            bool isThere = next < point.Parameters.Count && point.Parameters[next].Name == space.Dimensions[j].Name;
            positions[j] = isThere ? space.Dimensions[j].PositionOf(point.Parameters[next++].Value)
                : space.Dimensions[j] is CategoricalDimension ? -1 : 0.5;
        }
        return positions;
    }

    // Of the trials up to the last number of a fixed row, so that it is a function of the history alone.
    private GaussianProcessKernel KernelOf(TrialHistory history)
    {
        int count = firstTrials;
        for (int next = count; next <= history.Count; next += Math.Max(2, next / 8))
            count = next;
        if (_kernels.TryGetValue(count, out GaussianProcessKernel? known))
            return known;
        (double[][] points, double[] values) = Select(history, count);
        return _kernels[count] = GaussianProcessKernel.Fit(_isChoice, points, values);
    }

    private (double[][] Points, double[] Values) Select(TrialHistory history, int count)
    {
        int[] chosen = [.. Enumerable.Range(0, count)];
        if (count > mostTrials)
        {
            int[] order = [.. chosen];
            Array.Sort(order, (a, b) => _ranking.Compare(history[a], history[b]));
            HashSet<int> best = [.. order.Take(mostTrials / 4)];
            chosen = [.. best.Concat(chosen.Reverse().Where(i => !best.Contains(i)).Take(mostTrials - best.Count)).Order()];
        }
        double sign = goals.Direction == SearchDirection.Minimize ? 1 : -1;
        double[] known = [.. chosen.Where(i => _ranking.IsValid(history[i])).Select(i => sign * history[i].Score).Order()];
        if (known.Length == 0)
            return ([.. chosen.Select(i => _positions[i])], new double[chosen.Length]);
        double lower = known[known.Length / 4], upper = known[known.Length * 3 / 4];
        double most = Math.Min(known[^1], upper + (1.5 * (upper - lower)));
        double[] values = [.. chosen.Select(i => _ranking.IsValid(history[i]) ? Math.Min(sign * history[i].Score, most) : most)];
        (double mean, double variance) = MomentsOf(values);
        if (!double.IsNormal(variance) && values.Max(Math.Abs) is > 0 and var largest)
        {
            // Squares beyond the range: by the power of two of the largest, which changes no digit.
            int exponent = -Math.ILogB(largest);
            values = [.. values.Select(value => Math.ScaleB(value, exponent))];
            (mean, variance) = MomentsOf(values);
        }
        double deviation = Math.Sqrt(variance);

        // Equal values hold no information.
        return (
            [.. chosen.Select(i => _positions[i])],
            [.. values.Select(value => deviation > 0 ? (value - mean) / deviation : 0)]);
    }

    private static (double Mean, double Variance) MomentsOf(double[] values)
    {
        double mean = values.Average();
        return (mean, values.Average(value => (value - mean) * (value - mean)));
    }
}
