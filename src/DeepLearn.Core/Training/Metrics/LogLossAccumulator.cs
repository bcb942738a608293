using DeepLearn.Foundation;
using DeepLearn.Kernels;
using DeepLearn.Losses;

namespace DeepLearn.Training.Metrics;

/// <summary>Sums the logarithms of the probabilities of what is true, exactly.</summary>
internal sealed class LogLossAccumulator(PredictionTask task) : MetricAccumulator(task)
{
    private readonly ExactSum _sum = new();

    private readonly WeightedCounts _all = new(1);

    public override bool TakesWeights => true;

    protected override void AddExample<T>(ReadOnlySpan<T> outputs, int label)
    {
        _all.Add(0, Weight);
        if (outputs.Length == 1)
        {
            double score = Precision.ToDouble(outputs[0]);
            _sum.Add(Weight, VectorMath.Softplus(label == 1 ? -score : score));
            return;
        }
        double greatest = Precision.ToDouble(outputs[Ranking.First(outputs)]), sum = 0;
        foreach (T output in outputs)
            sum += VectorMath.Exp(Precision.ToDouble(output) - greatest);
        _sum.Add(Weight, greatest - Precision.ToDouble(outputs[label]) + VectorMath.Log(sum));
    }

    protected override void AddExample<T>(ReadOnlySpan<T> outputs, ReadOnlySpan<T> values)
    {
        _all.Add(0, Weight);
        for (int j = 0; j < outputs.Length; j++)
        {
            double score = Precision.ToDouble(outputs[j]), yes = Precision.ToDouble(values[j]);
            _sum.Add(Weight, Share(yes, VectorMath.Softplus(-score)) + Share(1 - yes, VectorMath.Softplus(score)));
        }

        static double Share(double part, double loss) => part == 0 && !double.IsNaN(loss) ? 0 : part * loss;
    }

    protected override bool TryMerge(MetricAccumulator other)
    {
        if (other is not LogLossAccumulator losses)
            return false;
        _sum.Add(losses._sum);
        _all.Add(losses._all);
        return true;
    }

    protected override void ResetSums()
    {
        _all.Clear();
        _sum.Clear();
    }

    protected override double ComputeValue() => _all.MeanOf(_sum, Task.Kind == TaskKind.Multilabel ? Task.Outputs : 1);
}
