using DeepLearn.Losses;

namespace DeepLearn.Training.Metrics;

/// <summary>The part of the examples whose class is among the k that the outputs put first, from 0 to 1.</summary>
public sealed record TopKAccuracy : Metric
{
    /// <summary>The accuracy among the first k.</summary>
    /// <param name="k">How many classes count as an answer, at least 1. Default 5.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="k"/> is below 1.</exception>
    public TopKAccuracy(int k = 5)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        K = k;
    }

    /// <summary>How many classes count as an answer.</summary>
    public int K { get; }

    /// <inheritdoc/>
    public override string Name => $"top-{K} accuracy";

    /// <inheritdoc/>
    public override bool HigherIsBetter => true;

    /// <inheritdoc/>
    public override bool AppliesTo(PredictionTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        return task.Kind == TaskKind.Multiclass;
    }

    /// <inheritdoc/>
    protected override MetricAccumulator Create(PredictionTask task) =>
        K <= task.Classes
            ? new HitAccumulator(task, K)
            : throw new ArgumentException($"The first {K} classes are taken of at least as many; found {task.Classes}.", nameof(task));
}
