using System.Numerics;
using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Models;
using DeepLearn.Search.Trials;
using DeepLearn.Training;

namespace DeepLearn.Search;

/// <summary>Makes objectives that train a model and score it on a validation set: the one place where searching meets training.</summary>
public static class TrainingObjective
{
    /// <summary>
    /// An objective that builds a model for the trial, trains it by the trial's plan, and scores the last point of its learning curves.
    /// </summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="trainingSet">The examples to learn from; shared by all trials.</param>
    /// <param name="validationSet">The examples to score on; shared by all trials.</param>
    /// <param name="model">
    /// Builds a fresh model, from <see cref="Trial.Seed"/> or a seed of the caller's own. Called from several threads.
    /// </param>
    /// <param name="plan">
    /// Says how to train it: where the trial's values and <see cref="Trial.Budget"/> go. Its evaluations are what pruners hear of. Called
    /// from several threads.
    /// </param>
    /// <param name="score">
    /// The score of a point of the learning curves. Default: the accuracy on the validation set; where there is none, as for numbers, a
    /// score has to be given.
    /// </param>
    /// <param name="callbacks">
    /// Makes what else is told of a trial's training, for instance early stopping or a progress bar. Default: nothing. Called from several
    /// threads.
    /// </param>
    /// <returns>
    /// The objective. Each trial trains on one thread, and makes batches ahead of time on a second one
    /// (<see cref="TrainingPlan.Prefetch"/>) only where the trials that run beside it leave a processor for that. Its step count, and cost,
    /// loss and accuracy on both sets, are kept as the metrics <c>steps</c>, <c>trainingCost</c>, <c>trainingLoss</c>,
    /// <c>trainingAccuracy</c>, <c>validationCost</c>, <c>validationLoss</c> and <c>validationAccuracy</c>, the accuracies where there are
    /// classes. Its seconds are the training's. A loss or cost that is not finite fails the trial.
    /// </returns>
    public static TrialObjective Create<T>(
        Dataset trainingSet,
        Dataset validationSet,
        Func<Trial, Model<T>> model,
        Func<Trial, TrainingPlan> plan,
        Func<TrainingPoint, double>? score = null,
        Func<Trial, IEnumerable<TrainingCallback<T>>>? callbacks = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(trainingSet);
        ArgumentNullException.ThrowIfNull(validationSet);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(plan);
        score ??= static point => point.Validation!.Accuracy ?? throw new InvalidOperationException(
            "A trial is scored by the accuracy on the validation set, which numbers do not have; give a score, such as minus the "
            + "validation loss.");
        return (trial, context, cancellationToken) =>
        {
            using var workers = new WorkerPool(1, context.Processors);
            using var trainer = new Trainer<T>(model(trial), plan(trial), trainingSet, validationSet, workers);
            foreach (TrainingCallback<T> callback in callbacks?.Invoke(trial) ?? [])
                trainer.Callbacks.Add(callback);
            trainer.Callbacks.Add(new Reporter<T>(context, score, trainer.TotalSteps));
            TrainingResult result = trainer.Run(cancellationToken: cancellationToken);
            if (result.Curve.Count == 0)
            {
                throw new InvalidOperationException(
                    "A trial is scored by its last evaluation; expected a plan with at least one, found none.");
            }
            TrainingPoint last = result.Curve[^1];
            return new TrialOutcome(score(last))
            {
                Seconds = result.Seconds,
                Metrics =
                [
                    new("steps", result.Steps),
                    new("trainingCost", last.Training.Cost),
                    new("trainingLoss", last.Training.Loss),
                    .. Accuracy("trainingAccuracy", last.Training),
                    new("validationCost", last.Validation!.Cost),
                    new("validationLoss", last.Validation.Loss),
                    .. Accuracy("validationAccuracy", last.Validation),
                ],
            };
        };
    }

    private static TrialMetric[] Accuracy(string name, Evaluation evaluation) =>
        evaluation.Accuracy is { } accuracy ? [new(name, accuracy)] : [];

    private sealed class Reporter<T>(TrialContext context, Func<TrainingPoint, double> score, long totalSteps) : TrainingCallback<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // The point after the last step is the outcome: there is nothing left to stop.
        public override TrainingDecision OnEvaluation(TrainingPoint point, Model<T> model) =>
            point.Step == totalSteps || context.Report(point.Step, score(point)) ? TrainingDecision.Continue : TrainingDecision.Stop;
    }
}
