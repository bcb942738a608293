using DeepLearn.Foundation;
using DeepLearn.Losses;

namespace DeepLearn.Training.Metrics;

/// <summary>Sums magnitudes or squares of errors, exactly.</summary>
internal sealed class ErrorAccumulator(PredictionTask task, ErrorMeasure measure) : MetricAccumulator(task)
{
    private readonly ErrorMeasure _measure = measure;
    private readonly ExactSum _sum = new();

    private readonly WeightedCounts _all = new(1);

    public override bool TakesWeights => true;

    protected override void AddExample<T>(ReadOnlySpan<T> outputs, ReadOnlySpan<T> values)
    {
        _all.Add(0, Weight);
        for (int j = 0; j < outputs.Length; j++)
        {
            double error = Precision.ToDouble(outputs[j]) - Precision.ToDouble(values[j]);
            _sum.Add(Weight, _measure == ErrorMeasure.Mae ? Math.Abs(error) : error * error);
        }
    }

    protected override bool TryMerge(MetricAccumulator other)
    {
        if (other is not ErrorAccumulator errors || errors._measure != _measure)
            return false;
        _sum.Add(errors._sum);
        _all.Add(errors._all);
        return true;
    }

    protected override void ResetSums()
    {
        _all.Clear();
        _sum.Clear();
    }

    protected override double ComputeValue()
    {
        double mean = _all.MeanOf(_sum, Task.Outputs);
        return _measure == ErrorMeasure.Rmse ? Math.Sqrt(mean) : mean;
    }
}
