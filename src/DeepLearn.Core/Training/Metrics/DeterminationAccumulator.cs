using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Losses;

namespace DeepLearn.Training.Metrics;

/// <summary>For each output the exact sums of the squared errors, of the targets and of their squares.</summary>
internal sealed class DeterminationAccumulator : MetricAccumulator
{
    private readonly ExactSum[] _errors;
    private readonly ExactSum[] _targets;
    private readonly ExactSum[] _squares;

    public DeterminationAccumulator(PredictionTask task)
        : base(task)
    {
        _errors = Sums();
        _targets = Sums();
        _squares = Sums();

        ExactSum[] Sums() => [.. Enumerable.Range(0, task.Outputs).Select(_ => new ExactSum())];
    }

    private readonly WeightedCounts _all = new(1);

    public override bool TakesWeights => true;

    protected override void AddExample<T>(ReadOnlySpan<T> outputs, ReadOnlySpan<T> values)
    {
        _all.Add(0, Weight);
        for (int j = 0; j < outputs.Length; j++)
        {
            double target = Precision.ToDouble(values[j]), error = Precision.ToDouble(outputs[j]) - target, square = target * target;
            _errors[j].Add(Weight, error * error);
            _targets[j].Add(Weight, target);

            // A square in two parts, since what is left of it after the mean has been taken away may be its last digits.
            _squares[j].Add(Weight, square);
            if (double.IsFinite(square))
                _squares[j].Add(Weight, Math.FusedMultiplyAdd(target, target, -square));
        }
    }

    protected override bool TryMerge(MetricAccumulator other)
    {
        if (other is not DeterminationAccumulator sums)
            return false;
        for (int j = 0; j < _errors.Length; j++)
        {
            _errors[j].Add(sums._errors[j]);
            _targets[j].Add(sums._targets[j]);
            _squares[j].Add(sums._squares[j]);
        }
        _all.Add(sums._all);
        return true;
    }

    protected override void ResetSums()
    {
        _all.Clear();
        for (int j = 0; j < _errors.Length; j++)
        {
            _errors[j].Clear();
            _targets[j].Clear();
            _squares[j].Clear();
        }
    }

    protected override double ComputeValue()
    {
        double total = 0;
        for (int j = 0; j < _errors.Length; j++)
            total += Of(j);
        return total / _errors.Length;
    }

    // 1 - n * errors / (n * squares - targets^2), in whole numbers up to the division.
    private double Of(int output)
    {
        if (!_errors[output].IsFinite || !_targets[output].IsFinite || !_squares[output].IsFinite)
            return double.NaN;
        BigInteger targets = _targets[output].InUnits, weight = _all[0];
        BigInteger spread = (weight * _squares[output].InUnits) - (targets * targets);
        return spread.Sign <= 0 ? double.NaN : 1 - ExactSum.Quotient(weight * _errors[output].InUnits, spread);
    }
}
