using System.Numerics;
using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Training.Metrics;

namespace DeepLearn.Training;

/// <summary>
/// Trains a network anew on each fold and measures it on what the fold leaves out (Stone, "Cross-Validatory Choice and Assessment of
/// Statistical Predictions", 1974).
/// </summary>
/// <example><code>
/// var folds = Splits.StratifiedFolds(training, folds: 3, RandomKey.FromSeed(1));
/// CrossValidationResult crossed = CrossValidation.Run&lt;float&gt;(
///     folds, network, learned => plan with { Normalization = Normalization.PerFeature(learned) });
/// Console.WriteLine(crossed);
/// </code></example>
public static class CrossValidation
{
    /// <summary>Trains and measures fold after fold. The result is a function of (folds, network, plan, seed).</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="folds">
    /// Training and validation sets, at least one pair: those of <see cref="Splits"/>; for a repeated cross-validation those of several
    /// keys one after the other.
    /// </param>
    /// <param name="network">The network.</param>
    /// <param name="plan">
    /// How it is trained on a fold's training set, to which alone scalings are fitted. Its evaluations need not be any.
    /// </param>
    /// <param name="seed">The seed of the initial parameters, the same for every fold. Default 0.</param>
    /// <param name="metrics">What is measured on the validation sets; null for what is usual for the task.</param>
    /// <param name="callbacks">
    /// Makes what else is told of the training of a fold, such as early stopping, which then looks at the fold's validation set. Default:
    /// nothing.
    /// </param>
    /// <param name="workers">The threads to use; null for the calling one alone.</param>
    /// <param name="progress">Told of each fold when it is done; null for nobody.</param>
    /// <param name="cancellationToken">Stops between two steps.</param>
    /// <exception cref="ArgumentException">
    /// There is no fold, one has other features, classes or targets than the first, which is found before any is trained, a fold's data
    /// do not fit the network or the plan, or a metric has no meaning for them.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    /// <exception cref="TrainingDivergedException">A loss is not finite.</exception>
    public static CrossValidationResult Run<T>(
        IReadOnlyList<(Dataset Training, Dataset Validation)> folds,
        Layer network,
        Func<Dataset, TrainingPlan> plan,
        ulong seed = 0,
        IReadOnlyList<Metric>? metrics = null,
        Func<int, Model<T>, IEnumerable<TrainingCallback<T>>>? callbacks = null,
        WorkerPool? workers = null,
        IProgress<FoldResult>? progress = null,
        CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(folds);
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(plan);
        DataFit.RequireFolds(folds);
        var results = new FoldResult[folds.Count];
        for (int fold = 0; fold < results.Length; fold++)
        {
            (Dataset training, Dataset validation) = folds[fold];
            Model<T> model = network.Build<T>(training.ExampleShape, seed);
            results[fold] = RunFold(
                fold, model, plan(training), training, validation, metrics, callbacks?.Invoke(fold, model), workers, cancellationToken);
            progress?.Report(results[fold]);
        }
        return new([.. results]);
    }

    /// <summary>Trains a model on one fold and measures it.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="fold">The number of the fold.</param>
    /// <param name="model">The model, which is trained.</param>
    /// <param name="plan">How it is trained.</param>
    /// <param name="training">The fold's training set.</param>
    /// <param name="validation">The fold's validation set.</param>
    /// <param name="metrics">What is measured; null for what is usual for the task.</param>
    /// <param name="callbacks">What else is told of the training; null for nothing.</param>
    /// <param name="workers">The threads to use; null for the calling one alone.</param>
    /// <param name="cancellationToken">Stops between two steps.</param>
    /// <exception cref="ArgumentException">The data do not fit the network or the plan, or a metric has no meaning for them.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    /// <exception cref="TrainingDivergedException">A loss is not finite.</exception>
    public static FoldResult RunFold<T>(
        int fold,
        Model<T> model,
        TrainingPlan plan,
        Dataset training,
        Dataset validation,
        IReadOnlyList<Metric>? metrics = null,
        IEnumerable<TrainingCallback<T>>? callbacks = null,
        WorkerPool? workers = null,
        CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(validation);
        using var trainer = new Trainer<T>(model, plan, training, validation, workers);
        PredictionTask task = BatchTargets.TaskOf(validation, plan.EvaluationLoss ?? plan.Loss, model.OutputShape.Count);
        metrics ??= Metric.UsualFor(task);
        MetricFit.Require(metrics, task, !validation.Weights.IsEmpty, nameof(metrics));
        foreach (TrainingCallback<T> callback in callbacks ?? [])
        {
            ArgumentNullException.ThrowIfNull(callback, nameof(callbacks));
            trainer.Callbacks.Add(callback);
        }
        TrainingResult result = trainer.Run(cancellationToken: cancellationToken);
        var evaluator = new Evaluator<T>(
            model, plan.EvaluationLoss ?? plan.Loss, plan.Regularizer, validation.Description, plan.Normalization, workers,
            plan.TargetScaling);
        Evaluation evaluation = evaluator.Evaluate(validation, metrics, cancellationToken);
        return new(fold, evaluation, result);
    }
}
