using DeepLearn.Kernels;

namespace DeepLearn.Benchmarks.Measuring;

/// <summary>The statistics of the reports.</summary>
internal static class Statistics
{
    /// <summary>The median: the middle value, or the mean of the two middle values. NaN if there are no values.</summary>
    public static double Median(IEnumerable<double> values) => Quantile(values, 0.5);

    /// <summary>The lower quartile, the median and the upper quartile.</summary>
    public static Quartiles QuartilesOf(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return new(QuantileOfSorted(sorted, 0.25), QuantileOfSorted(sorted, 0.5), QuantileOfSorted(sorted, 0.75));
    }

    /// <summary>The value below which a fraction of the values is, interpolated linearly. NaN if there are no values.</summary>
    public static double Quantile(IEnumerable<double> values, double fraction) => QuantileOfSorted([.. values.Order()], fraction);

    /// <summary>The geometric mean, which suits ratios, since a ratio and its reciprocal cancel. NaN if there are no values.</summary>
    public static double GeometricMean(IEnumerable<double> values)
    {
        double sum = 0;
        int count = 0;
        foreach (double value in values)
        {
            sum += Math.Log(value);
            count++;
        }
        return count == 0 ? double.NaN : Math.Exp(sum / count);
    }

    /// <summary>
    /// How likely two samples of one distribution would be as far apart as these, by the two-sided rank-sum test of Mann and Whitney, 1947:
    /// the normal approximation with the correction for ties. 1 if all values are equal.
    /// </summary>
    public static double RankSumProbability(IReadOnlyCollection<double> one, IReadOnlyCollection<double> other)
    {
        (double Value, bool IsOne)[] all =
        [
            .. one.Select(value => (value, true)).Concat(other.Select(value => (value, false))).OrderBy(pair => pair.Item1),
        ];
        double ranks = 0, ties = 0, n = all.Length;
        for (int first = 0, next; first < all.Length; first = next)
        {
            next = first;
            while (next < all.Length && all[next].Value.Equals(all[first].Value))
                next++;
            double count = next - first;
            ranks += all[first..next].Count(pair => pair.IsOne) * (first + next + 1) / 2.0;
            ties += (count * count * count) - count;
        }
        double u = ranks - (one.Count * (one.Count + 1) / 2.0), mean = one.Count * other.Count / 2.0;
        double variance = one.Count * other.Count / 12.0 * (n + 1 - (ties / (n * (n - 1))));
        if (variance <= 0)
            return 1;
        double z = Math.Max(0, Math.Abs(u - mean) - 0.5) / Math.Sqrt(variance);
        return Math.Min(1, 1 - VectorMath.Erf(z / Math.Sqrt(2)));
    }

    private static double QuantileOfSorted(double[] sorted, double fraction)
    {
        if (sorted.Length == 0)
            return double.NaN;
        double position = fraction * (sorted.Length - 1);
        int below = (int)position;
        int above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((position - below) * (sorted[above] - sorted[below]));
    }
}

/// <summary>A median with its spread.</summary>
/// <param name="Lower">A quarter of the values lies below.</param>
/// <param name="Median">Half of the values lies below.</param>
/// <param name="Upper">Three quarters of the values lie below.</param>
internal readonly record struct Quartiles(double Lower, double Median, double Upper);
