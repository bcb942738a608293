using System.Numerics;
using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Models;
using DeepLearn.Search.Trials;
using DeepLearn.Training;

namespace DeepLearn.Search;

/// <summary>Makes objectives that train a model and score it on a validation set: the one place where searching meets training.</summary>
/// <example><code>
/// Sequential Network(int units) => new(new Dense(units), new Relu(), new Dense(10));
/// TrialObjective objective = TrainingObjective.Create&lt;float&gt;(
///     training,
///     test,
///     trial => Network(trial.Integer("units")).Build&lt;float&gt;(training.ExampleShape, trial.Seed),
///     trial => plan with { Regularizer = new L2(trial.Value("lambda")), Seed = trial.Seed });
/// SearchResult found = search.Run(objective);
/// </code></example>
public static class TrainingObjective
{
    /// <summary>
    /// An objective that builds a model for the trial, trains it by the trial's plan, and scores it as training left it
    /// (<see cref="TrainingResult.Final"/>): the last point of its learning curves, or the weights that a callback gave it at the end, such
    /// as the best ones. A trial that is stopped before, by a pruner or at the end of its rung, is scored by its last point.
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
    /// The score of a point of the learning curves, and of the measurement at the end. Default: the accuracy on the validation set; where
    /// there is none, as for numbers, a score has to be given.
    /// </param>
    /// <param name="callbacks">
    /// Makes what else is told of a trial's training, for instance early stopping or a progress bar. Default: nothing. Called from several
    /// threads.
    /// </param>
    /// <param name="rungs">
    /// Where trials that are tried again on a larger budget go on from. Default: null; each trial trains anew, to the end of its plan.
    /// </param>
    /// <returns>
    /// The objective. Each trial trains on one thread, and makes batches ahead of time on a second one
    /// (<see cref="TrainingPlan.Prefetch"/>) only where the trials that run beside it leave a processor for that. Its step count, and cost,
    /// loss and accuracy on both sets, are kept as the metrics <c>steps</c>, <c>trainingCost</c>, <c>trainingLoss</c>,
    /// <c>trainingAccuracy</c>, <c>validationCost</c>, <c>validationLoss</c> and <c>validationAccuracy</c>, the accuracies where there are
    /// classes. Its seconds are the training's. A loss or cost that is not finite fails the trial.
    /// The search is stopped by an <see cref="InvalidOperationException"/>, before anything is trained, where it has a pruner and the plan
    /// no evaluation before the end, or where outputs have no accuracy and there is no <paramref name="score"/>.
    /// </returns>
    /// <exception cref="ArgumentException">
    /// A set is empty, or the two mean something else by their features, classes or targets.
    /// </exception>
    public static TrialObjective Create<T>(
        Dataset trainingSet,
        Dataset validationSet,
        Func<Trial, Model<T>> model,
        Func<Trial, TrainingPlan> plan,
        Func<TrainingPoint, double>? score = null,
        Func<Trial, IEnumerable<TrainingCallback<T>>>? callbacks = null,
        TrainingRungs? rungs = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(trainingSet);
        ArgumentNullException.ThrowIfNull(validationSet);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(plan);
        DataFit.RequirePair(trainingSet, validationSet);
        return (trial, context, cancellationToken) =>
        {
            using var workers = new WorkerPool(1, context.Processors);
            TrainingPlan whole = plan(trial);
            Model<T> start = model(trial);
            using var trainer = new Trainer<T>(start, whole, trainingSet, validationSet, workers)
            {
                Checkpointing = rungs?.CheckpointingOf(trial),
            };
            ObjectiveFit.RequireEvaluations(whole.Evaluation, context);
            if (score is null)
                ObjectiveFit.RequireAccuracy(validationSet, whole, start.OutputShape.Count);
            Func<TrainingPoint, double> scoreOf = score ?? (static point => point.Validation!.Accuracy!.Value);
            long end = rungs?.EndOf(trial, whole, trainingSet.Count, trainer.TotalSteps) ?? trainer.TotalSteps;
            using var rung = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            foreach (TrainingCallback<T> callback in callbacks?.Invoke(trial) ?? [])
                trainer.Callbacks.Add(callback);
            if (end == trainer.TotalSteps && !whole.Evaluation.AtEnd
                && trainer.Callbacks.FirstOrDefault(callback => callback?.ReplacesWeights == true) is { } replacing)
            {
                throw new InvalidOperationException(
                    $"A trial is scored by what its model is at the end; expected {nameof(EvaluationPlan)}.{nameof(EvaluationPlan.AtEnd)} "
                    + $"with {replacing}, which gives the model other weights then.");
            }
            var reporter = new Reporter<T>(context, scoreOf, end, trainer.TotalSteps, rung);
            trainer.Callbacks.Add(reporter);
            double? seconds = null;
            TrainingPoint? final = null;
            if (rungs is null || !trainer.TryResume() || reporter.GoesOnAfter(trainer.Curve))
            {
                try
                {
                    TrainingResult result = trainer.Run(cancellationToken: rung.Token);
                    seconds = result.Seconds;
                    if (!reporter.IsStopped)
                        final = result.Final;
                }
                catch (OperationCanceledException) when (reporter.IsAtEnd && !cancellationToken.IsCancellationRequested)
                {
                    // The end of the rung, with a checkpoint to go on from.
                }
            }

            // A checkpoint may be of a later rung.
            if ((final ?? trainer.Curve.LastOrDefault(point => point.Step <= end)) is not { } last)
            {
                throw new InvalidOperationException(
                    "A trial is scored by its last evaluation; expected a plan with at least one, found none.");
            }
            return new TrialOutcome(scoreOf(last))
            {
                Seconds = rungs is null ? seconds : null,
                Metrics =
                [
                    new("steps", rungs is null ? trainer.StepsDone : last.Step),
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

    /// <summary>Tells the search of evaluations, and ends the training at the end of the trial's rung.</summary>
    private sealed class Reporter<T>(
        TrialContext context, Func<TrainingPoint, double> score, long end, long totalSteps, CancellationTokenSource rung)
        : TrainingCallback<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        /// <summary>Whether the end of the rung was reached, before that of the plan.</summary>
        public bool IsAtEnd { get; private set; }

        /// <summary>Whether the search stopped the training, so that the trial is scored by what it had heard.</summary>
        public bool IsStopped { get; private set; }

        /// <summary>Tells of the points of a training that goes on from its checkpoint, as if it had made them just now.</summary>
        /// <returns>Whether it goes on, if only to what callbacks do at the end of the plan.</returns>
        public bool GoesOnAfter(IEnumerable<TrainingPoint> curve)
        {
            foreach (TrainingPoint point in curve)
            {
                if (point.Step >= end)
                    return end == totalSteps;
                if (Hear(point) == TrainingDecision.Stop)
                    return false;
            }
            return true;
        }

        // The point at the end is the outcome, so nothing is left to stop.
        public override TrainingDecision OnEvaluation(TrainingPoint point, Model<T> model)
        {
            if (point.Step < end)
                return Hear(point);

            // The training is not stopped, since it could not be continued then.
            IsAtEnd = end < totalSteps;
            if (IsAtEnd)
                rung.Cancel();
            return TrainingDecision.Continue;
        }

        private TrainingDecision Hear(TrainingPoint point)
        {
            IsStopped |= !context.Report(point.Step, score(point));
            return IsStopped ? TrainingDecision.Stop : TrainingDecision.Continue;
        }
    }
}
