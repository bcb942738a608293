using DeepLearn.Foundation;

namespace DeepLearn.Training.Metrics;

/// <summary>
/// Counts of examples by their weights, exact: whole numbers of units of 2^-40, to which a weight is rounded once. Without weights they are
/// counts.
/// </summary>
internal sealed class WeightedCounts(int length)
{
    /// <summary>The unit is 2^-40.</summary>
    public const int UnitExponent = 40;

    private readonly long[] _counts = new long[length];
    private Int128[]? _units;

    /// <summary>The number of counts.</summary>
    public int Length => _counts.Length;

    /// <summary>Whether an example has come whose weight is not 1.</summary>
    public bool IsWeighted => _units is not null;

    /// <summary>A count, in units.</summary>
    public Int128 this[int index] => _units is null ? (Int128)_counts[index] << UnitExponent : _units[index];

    /// <summary>All counts together, in units.</summary>
    public Int128 Total
    {
        get
        {
            Int128 total = 0;
            for (int i = 0; i < Length; i++)
                total += this[i];
            return total;
        }
    }

    /// <summary>A weight as it counts.</summary>
    public static double Rounded(double weight) =>
        weight == 1 ? 1 : Math.ScaleB((double)(Int128)Math.Round(Math.ScaleB(weight, UnitExponent)), -UnitExponent);

    /// <summary>The number of examples; there are no weights.</summary>
    public ReadOnlySpan<long> Counts => _counts;

    /// <summary>Adds an example.</summary>
    /// <param name="index">Where.</param>
    /// <param name="weight">Its weight, as <see cref="Rounded"/> gives it.</param>
    public void Add(int index, double weight)
    {
        if (weight != 1)
            Weigh();
        if (_units is null)
            _counts[index]++;
        else
            _units[index] += (Int128)Math.ScaleB(weight, UnitExponent);
    }

    /// <summary>Adds other counts, as many.</summary>
    public void Add(WeightedCounts other)
    {
        if (other.IsWeighted)
            Weigh();
        for (int i = 0; i < Length; i++)
        {
            if (_units is null)
                _counts[i] += other._counts[i];
            else
                _units[i] += other[i];
        }
    }

    /// <summary>A sum of what was weighted, over the first count and a number of parts of each example; NaN for nothing.</summary>
    public double MeanOf(ExactSum sum, int parts) =>
        this[0] == 0 ? double.NaN : sum.Over(parts * (System.Numerics.BigInteger)this[0], UnitExponent);

    /// <summary>Sets all counts to 0.</summary>
    public void Clear()
    {
        _counts.AsSpan().Clear();
        _units = null;
    }

    /// <summary>
    /// The counts as whole numbers that keep their proportions, to about 60 bits; the counts themselves where nothing is weighted.
    /// </summary>
    public ValueList<long> InProportion()
    {
        if (_units is null)
            return ValueList.Create<long>(_counts);
        int shift = 0;
        while ((Total >> shift) > long.MaxValue / 4)
            shift++;
        return [.. _units.Select(units => (long)(units >> shift))];
    }

    private void Weigh()
    {
        if (_units is not null)
            return;
        _units = [.. _counts.Select(count => (Int128)count << UnitExponent)];
    }
}
