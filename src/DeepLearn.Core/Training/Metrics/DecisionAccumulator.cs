using System.Numerics;
using DeepLearn.Losses;

namespace DeepLearn.Training.Metrics;

/// <summary>
/// Counts decisions, yes or no for each label of each example: one label where there are two classes. A quotient of which there is nothing
/// to divide by is 0, as in <see cref="ConfusionMatrix"/>.
/// </summary>
internal sealed class DecisionAccumulator : MetricAccumulator
{
    private readonly double _threshold;
    private readonly DecisionMeasure _measure;
    private readonly WeightedCounts _predicted;
    private readonly WeightedCounts _actual;
    private readonly WeightedCounts _both;

    /// <param name="task">What is predicted: two classes, or several labels.</param>
    /// <param name="threshold">The score above which the decision is yes.</param>
    /// <param name="measure">What the value is.</param>
    public DecisionAccumulator(PredictionTask task, double threshold, DecisionMeasure measure)
        : base(task)
    {
        _threshold = threshold;
        _measure = measure;
        int labels = task.Kind == TaskKind.Multilabel ? task.Outputs : 1;
        _predicted = new(labels);
        _actual = new(labels);
        _both = new(labels);
    }

    private readonly WeightedCounts _all = new(1);

    /// <inheritdoc/>
    public override bool TakesWeights => true;

    /// <inheritdoc/>
    protected override void AddExample<T>(ReadOnlySpan<T> outputs, int label)
    {
        _all.Add(0, Weight);
        Decide(0, TwoClasses.ScoreOf(outputs), label == 1);
    }

    /// <inheritdoc/>
    protected override void AddExample<T>(ReadOnlySpan<T> outputs, ReadOnlySpan<T> values)
    {
        _all.Add(0, Weight);
        for (int j = 0; j < outputs.Length; j++)
            Decide(j, double.CreateChecked(outputs[j]), values[j] > T.CreateChecked(0.5));
    }

    /// <inheritdoc/>
    protected override bool TryMerge(MetricAccumulator other)
    {
        if (other is not DecisionAccumulator decisions || decisions._threshold != _threshold || decisions._measure != _measure)
            return false;
        _predicted.Add(decisions._predicted);
        _actual.Add(decisions._actual);
        _both.Add(decisions._both);
        _all.Add(decisions._all);
        return true;
    }

    /// <inheritdoc/>
    protected override void ResetSums()
    {
        _all.Clear();
        _predicted.Clear();
        _actual.Clear();
        _both.Clear();
    }

    /// <inheritdoc/>
    protected override double ComputeValue()
    {
        BigInteger predicted = _predicted.Total, actual = _actual.Total, both = _both.Total, all = _all[0] * _both.Length;
        return _measure switch
        {
            DecisionMeasure.Accuracy => all.IsZero ? double.NaN : ExactSum.Quotient(all - predicted - actual + (2 * both), all),
            DecisionMeasure.Precision => Quotient(both, predicted),
            DecisionMeasure.Recall => Quotient(both, actual),
            DecisionMeasure.F1 => Quotient(2 * both, predicted + actual),
            DecisionMeasure.MacroPrecision => Macro(j => Quotient(_both[j], _predicted[j])),
            DecisionMeasure.MacroRecall => Macro(j => Quotient(_both[j], _actual[j])),
            _ => Macro(j => Quotient(2 * _both[j], _predicted[j] + _actual[j])),
        };
    }

    private static double Quotient(BigInteger part, BigInteger whole) => whole.IsZero ? 0 : ExactSum.Quotient(part, whole);

    private double Macro(Func<int, double> measure)
    {
        int[] present = [.. Enumerable.Range(0, _both.Length).Where(j => !_predicted[j].IsZero || !_actual[j].IsZero)];
        return present.Length == 0 ? 0 : present.Average(measure);
    }

    private void Decide(int label, double score, bool isActual)
    {
        bool isPredicted = score > _threshold;
        if (isPredicted)
            _predicted.Add(label, Weight);
        if (isActual)
            _actual.Add(label, Weight);
        if (isPredicted && isActual)
            _both.Add(label, Weight);
    }
}
