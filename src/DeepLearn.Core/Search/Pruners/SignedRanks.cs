using DeepLearn.Kernels;

namespace DeepLearn.Search.Pruners;

/// <summary>The test of Wilcoxon for paired differences.</summary>
internal static class SignedRanks
{
    private const int MostForExact = 50;

    /// <summary>
    /// The probability that the ranks of the positive differences sum to this much or more if each sign is random: small if the differences
    /// tend to be positive.
    /// </summary>
    /// <param name="differences">The differences, none of them zero; those of equal size share their mean rank.</param>
    public static double ProbabilityOfMore(IReadOnlyList<double> differences)
    {
        int count = differences.Count;
        if (count == 0)
            return 1;
        int[] order = [.. Enumerable.Range(0, count).OrderBy(i => Math.Abs(differences[i])).ThenBy(i => i)];

        // Twice the ranks, so that mean ranks are whole numbers.
        var ranks = new int[count];
        for (int i = 0; i < count;)
        {
            int end = i;
            while (end < count && Math.Abs(differences[order[end]]) == Math.Abs(differences[order[i]]))
                end++;
            for (int k = i; k < end; k++)
                ranks[order[k]] = i + 1 + end;
            i = end;
        }
        int positive = Enumerable.Range(0, count).Where(i => differences[i] > 0).Sum(i => ranks[i]);
        return count <= MostForExact ? Exact(ranks, positive) : Normal(ranks, positive);
    }

    // The distribution of the sum, rank by rank: half of the cases have the rank in the sum.
    private static double Exact(int[] ranks, int positive)
    {
        var probabilities = new double[ranks.Sum() + 1];
        probabilities[0] = 1;
        int most = 0;
        foreach (int rank in ranks)
        {
            most += rank;
            for (int sum = most; sum >= 0; sum--)
                probabilities[sum] = 0.5 * (probabilities[sum] + (sum >= rank ? probabilities[sum - rank] : 0));
        }
        double tail = 0;
        for (int sum = probabilities.Length - 1; sum >= positive; sum--)
            tail += probabilities[sum];
        return tail;
    }

    private static double Normal(int[] ranks, int positive)
    {
        double mean = 0, variance = 0;
        foreach (int rank in ranks)
        {
            mean += 0.5 * rank;
            variance += 0.25 * rank * rank;
        }
        return 0.5 * (1 - VectorMath.Erf((positive - mean) / Math.Sqrt(2 * variance)));
    }
}
