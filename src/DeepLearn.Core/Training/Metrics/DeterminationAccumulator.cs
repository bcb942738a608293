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
            _errors[j].Add(Weight * (error * error));

            // Products in two parts, since what is left of them after the mean has been taken away may be their last digits.
            AddExactly(_targets[j], target);
            AddExactly(_squares[j], square);
            if (double.IsFinite(square))
                AddExactly(_squares[j], Math.FusedMultiplyAdd(target, target, -square));
        }
    }

    private void AddExactly(ExactSum sum, double number)
    {
        double product = Weight * number;
        sum.Add(product);
        if (Weight != 1 && double.IsFinite(product))
            sum.Add(Math.FusedMultiplyAdd(Weight, number, -product));
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
        // In units of 2^-2148 over those of the weights.
        BigInteger targets = _targets[output].InUnits, weight = (BigInteger)_all[0];
        BigInteger spread = ((weight * _squares[output].InUnits) << ExactSum.UnitExponent)
            - ((targets * targets) << WeightedCounts.UnitExponent);
        BigInteger errors = (weight * _errors[output].InUnits) << ExactSum.UnitExponent;
        return spread.Sign <= 0 ? double.NaN : 1 - ExactSum.Quotient(errors, spread, 0);
    }
}
