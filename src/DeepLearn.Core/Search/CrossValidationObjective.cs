using System.Numerics;
using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Models;
using DeepLearn.Search.Trials;
using DeepLearn.Training;
using DeepLearn.Training.Metrics;

namespace DeepLearn.Search;

/// <summary>
/// Makes objectives that score a trial by a cross-validation: less noise than with one validation set, at the cost of one training for each
/// fold. <see cref="TrainingObjective"/> scores by one validation set.
/// </summary>
/// <example><code>
/// TrialObjective objective = CrossValidationObjective.Create(
///     Splits.StratifiedFolds(training, folds: 3, RandomKey.FromSeed(1)),
///     trial => network.Build&lt;float&gt;(training.ExampleShape, trial.Seed),
///     (trial, learned) => plan with { Regularizer = new L2(trial.Value("lambda")), Normalization = Normalization.PerFeature(learned) });
/// SearchResult found = search.Run(objective);
/// </code></example>
public static class CrossValidationObjective
{
    /// <summary>
    /// An objective that trains a model on each fold and scores the mean over the folds. After each fold it reports the mean so far, at the
    /// step of the number of folds done, so that a pruner may stop a trial between two folds.
    /// </summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="folds">Training and validation sets, at least one pair; shared by all trials.</param>
    /// <param name="model">
    /// Builds a fresh model for a fold, from <see cref="Trial.Seed"/> or a seed of the caller's own. Called from several threads.
    /// </param>
    /// <param name="plan">
    /// Says how to train it on a fold's training set, to which alone scalings are fitted. Called from several threads.
    /// </param>
    /// <param name="score">The score of a fold. Default: its accuracy; where there is none, as for numbers, a score has to be given, such
    /// as <c>fold => fold.Validation["R²"]</c>.</param>
    /// <param name="metrics">What is measured on the validation sets; null for what is usual for the task.</param>
    /// <param name="callbacks">Makes what else is told of the training of a fold. Default: nothing. Called from several threads.</param>
    /// <returns>
    /// The objective. Each trial trains on one thread. Its metrics are the number of folds done as <c>folds</c>, the standard deviation of
    /// the score over the folds as <c>scoreStandardDeviation</c>, and the means of the validation loss and metrics under their names. Its
    /// seconds are the training's of all folds.
    /// </returns>
    /// <exception cref="ArgumentException">There is no fold, or one has other features, classes or targets than the first.</exception>
    public static TrialObjective Create<T>(
        IReadOnlyList<(Dataset Training, Dataset Validation)> folds,
        Func<Trial, Model<T>> model,
        Func<Trial, Dataset, TrainingPlan> plan,
        Func<FoldResult, double>? score = null,
        IReadOnlyList<Metric>? metrics = null,
        Func<Trial, int, IEnumerable<TrainingCallback<T>>>? callbacks = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(folds);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(plan);
        DataFit.RequireFolds(folds);
        Func<FoldResult, double> scoreOf = score ?? (static fold => fold.Validation.Accuracy!.Value);
        return (trial, context, cancellationToken) =>
        {
            ObjectiveFit.RequireFolds(folds.Count, context);
            using var workers = new WorkerPool(1, context.Processors);
            var results = new List<FoldResult>();
            var scores = new List<double>();
            bool goesOn = true;
            for (int fold = 0; fold < folds.Count && goesOn; fold++)
            {
                (Dataset training, Dataset validation) = folds[fold];
                Model<T> start = model(trial);
                TrainingPlan how = plan(trial, training);
                if (score is null)
                    ObjectiveFit.RequireAccuracy(validation, how, start.OutputShape.Count);
                results.Add(CrossValidation.RunFold(
                    fold, start, how, training, validation, metrics, callbacks?.Invoke(trial, fold), workers,
                    cancellationToken));
                scores.Add(scoreOf(results[^1]));

                // The mean of all folds is the outcome, so nothing is left to stop.
                goesOn = fold == folds.Count - 1 || context.Report(fold + 1, scores.Average());
            }
            return Outcome(new([.. results]), scores);
        };
    }

    private static TrialOutcome Outcome(CrossValidationResult result, List<double> scores)
    {
        double mean = scores.Average();
        double spread = scores.Count < 2 ? 0 : Math.Sqrt(scores.Sum(score => (score - mean) * (score - mean)) / (scores.Count - 1));
        return new(mean)
        {
            Seconds = result.Folds.Sum(fold => fold.Training.Seconds),
            Metrics =
            [
                new("folds", scores.Count),
                new("scoreStandardDeviation", spread),
                .. result.Names.Select(name => new TrialMetric(name, result.Mean(name))),
            ],
        };
    }
}
