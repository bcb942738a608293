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

    protected override void AddExample<T>(ReadOnlySpan<T> outputs, ReadOnlySpan<T> values)
    {
        for (int j = 0; j < outputs.Length; j++)
        {
            double target = Precision.ToDouble(values[j]), error = Precision.ToDouble(outputs[j]) - target, square = target * target;
            _errors[j].Add(error * error);
            _targets[j].Add(target);

            // The square in two parts, since what is left of it after the mean has been taken away may be its last digits.
            _squares[j].Add(square);
            if (double.IsFinite(square))
                _squares[j].Add(Math.FusedMultiplyAdd(target, target, -square));
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
        return true;
    }

    protected override void ResetSums()
    {
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
        BigInteger targets = _targets[output].InUnits;
        BigInteger spread = ((Count * _squares[output].InUnits) << ExactSum.UnitExponent) - (targets * targets);
        return spread.Sign <= 0 ? double.NaN : 1 - ExactSum.Quotient((Count * _errors[output].InUnits) << ExactSum.UnitExponent, spread, 0);
    }
}
