using DeepLearn.Search.Trials;

namespace DeepLearn.Search.Samplers;

/// <summary>The trials that are parents: by fronts, and within a front by their distance from its other trials.</summary>
internal sealed class NsgaPopulation
{
    private readonly double[][] _positions;
    private readonly int[] _ranks;
    private readonly double[] _crowding;

    private NsgaPopulation(int[] members, double[][] positions, int[] ranks, double[] crowding)
    {
        Members = members;
        _positions = positions;
        _ranks = ranks;
        _crowding = crowding;
    }

    /// <summary>The trials, by their place in the stage, from best to worst.</summary>
    public int[] Members { get; }

    /// <summary>The number of trials.</summary>
    public int Count => Members.Length;

    /// <summary>The best of some trials.</summary>
    /// <param name="candidates">The trials, by their place in the stage.</param>
    /// <param name="size">How many are kept.</param>
    /// <param name="history">The results of the stage.</param>
    /// <param name="positions">Their positions.</param>
    /// <param name="goals">What is better.</param>
    public static NsgaPopulation Select(int[] candidates, int size, TrialHistory history, double[][] positions, SearchGoals goals)
    {
        int[] ranks = RanksOf(candidates, history, goals);
        double[] crowding = CrowdingOf(candidates, ranks, history, goals);
        int[] order = [.. Enumerable.Range(0, candidates.Length)];

        // Ties are broken by number, so that the order depends on results alone.
        Array.Sort(order, (a, b) =>
        {
            int byRank = ranks[a].CompareTo(ranks[b]), byCrowding = crowding[b].CompareTo(crowding[a]);
            return byRank != 0 ? byRank : byCrowding != 0 ? byCrowding : candidates[a].CompareTo(candidates[b]);
        });
        order = order[..Math.Min(size, order.Length)];
        return new(
            [.. order.Select(i => candidates[i])],
            [.. order.Select(i => positions[candidates[i]])],
            [.. order.Select(i => ranks[i])],
            [.. order.Select(i => crowding[i])]);
    }

    /// <summary>The positions of a member.</summary>
    public double[] PositionsOf(int member) => _positions[member];

    /// <summary>Whether one member is better than another: on an earlier front, or on the same one and less crowded.</summary>
    public bool IsBetter(int member, int other) =>
        _ranks[member] != _ranks[other] ? _ranks[member] < _ranks[other] : _crowding[member] > _crowding[other];

    // The front of each trial: 0 if no trial dominates it, 1 if only trials of front 0 do, and so on.
    private static int[] RanksOf(int[] candidates, TrialHistory history, SearchGoals goals)
    {
        int count = candidates.Length;
        var dominated = new List<int>[count];
        var by = new int[count];
        for (int i = 0; i < count; i++)
        {
            dominated[i] = [];
            for (int j = 0; j < count; j++)
            {
                if (goals.Dominates(history[candidates[i]], history[candidates[j]]))
                    dominated[i].Add(j);
                else if (goals.Dominates(history[candidates[j]], history[candidates[i]]))
                    by[i]++;
            }
        }
        var ranks = new int[count];
        int[] front = [.. Enumerable.Range(0, count).Where(i => by[i] == 0)];
        for (int rank = 0; front.Length > 0; rank++)
        {
            var next = new List<int>();
            foreach (int i in front)
            {
                ranks[i] = rank;
                next.AddRange(dominated[i].Where(j => --by[j] == 0));
            }
            front = [.. next];
        }
        return ranks;
    }

    // The sum over the objectives of the distance between the two neighbors, in units of the front's width; infinite at the ends.
    private static double[] CrowdingOf(int[] candidates, int[] ranks, TrialHistory history, SearchGoals goals)
    {
        var crowding = new double[candidates.Length];
        double[][] costs = [.. candidates.Select(candidate => goals.CostsOf(history[candidate]))];
        foreach (IGrouping<int, int> front in Enumerable.Range(0, candidates.Length).GroupBy(i => ranks[i]))
        {
            for (int objective = 0; objective < costs[0].Length; objective++)
            {
                int[] order = [.. front.OrderBy(i => costs[i][objective]).ThenBy(i => candidates[i])];
                double width = costs[order[^1]][objective] - costs[order[0]][objective];
                crowding[order[0]] = crowding[order[^1]] = double.PositiveInfinity;
                for (int k = 1; k < order.Length - 1 && width > 0 && double.IsFinite(width); k++)
                    crowding[order[k]] += (costs[order[k + 1]][objective] - costs[order[k - 1]][objective]) / width;
            }
        }
        return crowding;
    }
}
