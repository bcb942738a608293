using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Losses;

namespace DeepLearn.Training.Metrics;

/// <summary>Keeps the scores of each label, those of yes and those of no, and counts the pairs that stand in the right order.</summary>
internal sealed class RocAccumulator : MetricAccumulator
{
    private readonly List<(double Score, double Weight)>[] _yes;
    private readonly List<(double Score, double Weight)>[] _no;

    public RocAccumulator(PredictionTask task)
        : base(task)
    {
        int labels = task.Kind == TaskKind.Multilabel ? task.Outputs : 1;
        _yes = [.. Enumerable.Range(0, labels).Select(_ => new List<(double, double)>())];
        _no = [.. Enumerable.Range(0, labels).Select(_ => new List<(double, double)>())];
    }

    public override bool TakesWeights => true;

    protected override void AddExample<T>(ReadOnlySpan<T> outputs, int label) => Add(0, label == 1, TwoClasses.ScoreOf(outputs));

    protected override void AddExample<T>(ReadOnlySpan<T> outputs, ReadOnlySpan<T> values)
    {
        for (int j = 0; j < outputs.Length; j++)
            Add(j, values[j] > T.CreateChecked(0.5), Precision.ToDouble(outputs[j]));
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

    // Twice the pairs in the right order and once those of equals, over twice all pairs, in whole numbers. NaN comes first in the order
    // of Sort. An example that weighs nothing is not there.
    private static double Area(List<(double Score, double Weight)> yes, List<(double Score, double Weight)> no)
    {
        (double Score, double Weight)[] above = [.. yes], below = [.. no];
        Array.Sort(above);
        Array.Sort(below);
        int unit = Math.Min(LowestExponent(yes), LowestExponent(no));
        BigInteger right = 0, less = 0, upTo = 0, weight = 0;
        int isLess = 0, isUpTo = 0;
        foreach ((double score, double share) in above)
        {
            while (isLess < below.Length && below[isLess].Score.CompareTo(score) < 0)
                less += Units(below[isLess++].Weight);
            while (isUpTo < below.Length && below[isUpTo].Score.CompareTo(score) <= 0)
                upTo += Units(below[isUpTo++].Weight);
            right += Units(share) * (less + upTo);
            weight += Units(share);
        }
        while (isUpTo < below.Length)
            upTo += Units(below[isUpTo++].Weight);
        BigInteger pairs = 2 * weight * upTo;
        return pairs.IsZero ? double.NaN : ExactSum.Quotient(right, pairs);

        BigInteger Units(double share)
        {
            (ulong mantissa, int exponent) = ExactSum.Parts(share);
            return exponent >= unit ? (BigInteger)mantissa << (exponent - unit) : mantissa >> (unit - exponent);
        }
    }

    // Of the largest unit of which every weight is a whole number, so that the numbers are short: that of weights of 1 is 1.
    private static int LowestExponent(List<(double Score, double Weight)> scores)
    {
        int lowest = int.MaxValue;
        foreach ((_, double weight) in scores)
        {
            (ulong mantissa, int exponent) = ExactSum.Parts(weight);
            lowest = Math.Min(lowest, exponent + BitOperations.TrailingZeroCount(mantissa));
        }
        return lowest;
    }

    private void Add(int label, bool isYes, double score)
    {
        if (Weight > 0)
            (isYes ? _yes : _no)[label].Add((score, Weight));
    }
}
