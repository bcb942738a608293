using DeepLearn.Data;
using DeepLearn.Losses;
using DeepLearn.Training.Metrics;

namespace DeepLearn.Training;

public sealed partial class Evaluator<T>
{
    /// <summary>Counts which classes of a data set the model takes for which.</summary>
    /// <param name="dataset">The data set, at least one example. Examples count once each, whatever their weights.</param>
    /// <param name="cancellationToken">Stops between two chunks.</param>
    /// <example><code>
    /// Evaluator&lt;float&gt; evaluator = Evaluator&lt;float&gt;.Of(model, new SoftmaxCrossEntropy(), test.Description);
    /// ConfusionMatrix confusion = evaluator.MeasureConfusion(test);
    /// Console.WriteLine(confusion[1, 0]);    // examples of class 1 that are taken for class 0
    /// </code></example>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    /// <exception cref="ArgumentException">
    /// The data set is empty, its targets or examples do not fit the loss or the model, or its examples have no class.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// The model's card has a normalization or a scaling of targets, and the evaluator was made without.
    /// </exception>
    public ConfusionMatrix MeasureConfusion(Dataset dataset, CancellationToken cancellationToken = default)
    {
        var counts = (ConfusionMatrixAccumulator)Measure(dataset, [new Confusion()], cancellationToken)[0];
        return counts.ToMatrix();
    }

    private sealed record Confusion : Metric
    {
        public override string Name => "confusion matrix";

        public override bool HigherIsBetter => true;

        public override bool AppliesTo(PredictionTask task) => task.Classes > 0;

        protected override MetricAccumulator Create(PredictionTask task) => new ConfusionMatrixAccumulator(task);
    }
}
