using DeepLearn.Losses;

namespace DeepLearn.Training.Metrics;

/// <summary>Counts the examples whose class is among the first k.</summary>
internal sealed class HitAccumulator(PredictionTask task, int k) : MetricAccumulator(task)
{
    private readonly int _k = k;
    private long _hits;

    protected override void AddExample<T>(ReadOnlySpan<T> outputs, int label) =>
        _hits += (_k == 1 ? PredictedClass(outputs) == label : Ranking.Of(outputs, label) < _k) ? 1 : 0;

    protected override bool TryMerge(MetricAccumulator other)
    {
        if (other is not HitAccumulator hits || hits._k != _k)
            return false;
        _hits += hits._hits;
        return true;
    }

    protected override void ResetSums() => _hits = 0;

    protected override double ComputeValue() => (double)_hits / Count;
}
