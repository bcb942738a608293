using System.Numerics;
using DeepLearn.Foundation;

namespace DeepLearn.Training.Metrics;

/// <summary>Counts of examples by their weights, exact for every weight that a double can be. Without weights they are counts.</summary>
internal sealed class WeightedCounts(int length)
{
    // Of the examples that weigh 1; those that do not are summed beside, where there are some.
    private readonly long[] _counts = new long[length];
    private ExactSum?[]? _others;

    /// <summary>The number of counts.</summary>
    public int Length => _counts.Length;

    /// <summary>A count, in the units of <see cref="ExactSum"/>.</summary>
    public BigInteger this[int index]
    {
        get
        {
            BigInteger units = (BigInteger)_counts[index] << ExactSum.UnitExponent;
            return _others?[index] is { } others ? units + others.InUnits : units;
        }
    }

    /// <summary>All counts together, in the same units.</summary>
    public BigInteger Total
    {
        get
        {
            BigInteger total = 0;
            for (int i = 0; i < Length; i++)
                total += this[i];
            return total;
        }
    }

    /// <summary>Adds an example.</summary>
    /// <param name="index">Where.</param>
    /// <param name="weight">Its weight, finite and at least 0.</param>
    public void Add(int index, double weight)
    {
        if (weight == 1)
            _counts[index]++;
        else if (weight > 0)
            OthersAt(index).Add(weight);
    }

    /// <summary>Adds other counts, as many.</summary>
    public void Add(WeightedCounts other)
    {
        for (int i = 0; i < Length; i++)
        {
            _counts[i] += other._counts[i];
            if (other._others?[i] is { } others)
                OthersAt(i).Add(others);
        }
    }

    /// <summary>A sum of what was weighted, over the first count and a number of parts of each example; NaN for nothing.</summary>
    public double MeanOf(ExactSum sum, int parts)
    {
        BigInteger all = this[0];
        return all.IsZero ? double.NaN : sum.Over(parts * all);
    }

    /// <summary>Sets all counts to 0.</summary>
    public void Clear()
    {
        _counts.AsSpan().Clear();
        foreach (ExactSum? others in _others ?? [])
            others?.Clear();
    }

    /// <summary>The counts, where every example weighs 1; else null.</summary>
    public ValueList<long>? Whole => _others is null ? ValueList.Create<long>(_counts) : null;

    /// <summary>The counts in the largest unit of which each is a whole number.</summary>
    public BigInteger[] InCommonUnits()
    {
        BigInteger[] counts = [.. Enumerable.Range(0, Length).Select(i => this[i])];
        int shift = (int)counts.Where(count => !count.IsZero).Select(BigInteger.TrailingZeroCount).DefaultIfEmpty(BigInteger.Zero).Min();
        for (int i = 0; i < counts.Length; i++)
            counts[i] >>= shift;
        return counts;
    }

    private ExactSum OthersAt(int index) => (_others ??= new ExactSum?[Length])[index] ??= new(grows: true);
}
