using DeepLearn.Foundation;
using DeepLearn.Losses;

namespace DeepLearn.Training.Metrics;

/// <summary>Keeps the scores of each label, those of yes and those of no, and counts the pairs that stand in the right order.</summary>
internal sealed class RocAccumulator : MetricAccumulator
{
    private readonly List<double>[] _yes;
    private readonly List<double>[] _no;

    public RocAccumulator(PredictionTask task)
        : base(task)
    {
        int labels = task.Kind == TaskKind.Multilabel ? task.Outputs : 1;
        _yes = [.. Enumerable.Range(0, labels).Select(_ => new List<double>())];
        _no = [.. Enumerable.Range(0, labels).Select(_ => new List<double>())];
    }

    protected override void AddExample<T>(ReadOnlySpan<T> outputs, int label) =>
        (label == 1 ? _yes : _no)[0].Add(TwoClasses.ScoreOf(outputs));

    protected override void AddExample<T>(ReadOnlySpan<T> outputs, ReadOnlySpan<T> values)
    {
        for (int j = 0; j < outputs.Length; j++)
            (values[j] > T.CreateChecked(0.5) ? _yes : _no)[j].Add(Precision.ToDouble(outputs[j]));
    }

    protected override bool TryMerge(MetricAccumulator other)
    {
        if (other is not RocAccumulator scores)
            return false;
        for (int j = 0; j < _yes.Length; j++)
        {
            _yes[j].AddRange(scores._yes[j]);
            _no[j].AddRange(scores._no[j]);
        }
        return true;
    }

    protected override void ResetSums()
    {
        for (int j = 0; j < _yes.Length; j++)
        {
            _yes[j].Clear();
            _no[j].Clear();
        }
    }

    protected override double ComputeValue()
    {
        int[] present = [.. Enumerable.Range(0, _yes.Length).Where(j => _yes[j].Count > 0 && _no[j].Count > 0)];
        return present.Length == 0 ? double.NaN : present.Average(j => Area(_yes[j], _no[j]));
    }

    // Twice the pairs in the right order and once those of equals, over twice all pairs. NaN comes first in the order of Sort.
    private static double Area(List<double> yes, List<double> no)
    {
        double[] above = [.. yes], below = [.. no];
        Array.Sort(above);
        Array.Sort(below);
        Int128 right = 0;
        int less = 0, upTo = 0;
        foreach (double score in above)
        {
            while (less < below.Length && below[less].CompareTo(score) < 0)
                less++;
            upTo = Math.Max(upTo, less);
            while (upTo < below.Length && below[upTo].CompareTo(score) <= 0)
                upTo++;
            right += less + (long)upTo;
        }
        return (double)right / (2.0 * above.Length * below.Length);
    }
}
