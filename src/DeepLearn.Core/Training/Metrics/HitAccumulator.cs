using System.Numerics;
using DeepLearn.Losses;

namespace DeepLearn.Training.Metrics;

/// <summary>Counts the examples whose class is among the first k.</summary>
internal sealed class HitAccumulator(PredictionTask task, int k) : MetricAccumulator(task)
{
    private readonly int _k = k;
    private readonly WeightedCounts _hits = new(1);

    private readonly WeightedCounts _all = new(1);

    public override bool TakesWeights => true;

    protected override void AddExample<T>(ReadOnlySpan<T> outputs, int label)
    {
        _all.Add(0, Weight);
        bool isHit = _k == 1 ? PredictedClass(outputs) == label : Ranking.Of(outputs, label) < _k;
        if (isHit)
            _hits.Add(0, Weight);
    }

    protected override bool TryMerge(MetricAccumulator other)
    {
        if (other is not HitAccumulator hits || hits._k != _k)
            return false;
        _hits.Add(hits._hits);
        _all.Add(hits._all);
        return true;
    }

    protected override void ResetSums()
    {
        _all.Clear();
        _hits.Clear();
    }

    protected override double ComputeValue()
    {
        BigInteger all = _all[0];
        return all.IsZero ? double.NaN : ExactSum.Quotient(_hits[0], all);
    }
}
