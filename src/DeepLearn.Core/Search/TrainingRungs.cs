using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DeepLearn.Search.Trials;
using DeepLearn.Training;
using DeepLearn.Training.Checkpoints;

namespace DeepLearn.Search;

/// <summary>
/// Lets a trial that is repeated on a larger budget continue its training: for <see cref="SuccessiveHalvingSearch"/> and
/// <see cref="HyperbandSearch"/>, whose trials then cost as much as their largest budget, not the sum of all.
/// </summary>
/// <remarks>
/// Every trial has the plan of the longest training, and goes as far in it as its budget says. The training of a small budget is so the
/// beginning of that of a larger one, and continuing from its checkpoint gives the same bits as training anew. A missing checkpoint costs
/// time and nothing else. The plan must not depend on <see cref="Trial.Budget"/>, and has an evaluation where each rung ends.
/// </remarks>
/// <example><code>
/// // A trial of more budget trains on from the checkpoint of the same point with less.
/// var rungs = new TrainingRungs("rungs", trial => TrainingLength.Epochs(trial.Budget));
/// TrialObjective objective = TrainingObjective.Create&lt;float&gt;(
///     training,
///     test,
///     trial => network.Build&lt;float&gt;(training.ExampleShape, trial.Seed),
///     trial => plan with
///     {
///         Regularizer = new L2(trial.Value("lambda")),
///         Length = TrainingLength.Epochs(4),
///         Evaluation = new() { EveryEpochs = 1 },
///     },
///     rungs: rungs);
/// SearchResult found = new SuccessiveHalvingSearch(space, trials: 4, stages: 2).Run(objective);
/// Console.WriteLine(found.Best!.Trial.Budget);    // prints 2
/// </code></example>
public sealed class TrainingRungs
{
    private const int NameDigits = 16;

    /// <summary>Rungs.</summary>
    /// <param name="folder">
    /// Where the checkpoints are, a file for each number, seed and point; made where it is missing. They stay there; the caller deletes
    /// them after the search.
    /// </param>
    /// <param name="length">How far a trial trains, by its budget; at most the length of its plan. Called from several threads.</param>
    /// <exception cref="ArgumentException">The folder is empty.</exception>
    public TrainingRungs(string folder, Func<Trial, TrainingLength> length)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        ArgumentNullException.ThrowIfNull(length);
        Folder = Path.GetFullPath(folder);
        Length = length;
    }

    /// <summary>The full path of the folder of the checkpoints.</summary>
    public string Folder { get; }

    /// <summary>How far a trial trains.</summary>
    public Func<Trial, TrainingLength> Length { get; }

    /// <summary>Where a trial's checkpoint is, whatever its stage and budget.</summary>
    /// <param name="trial">The trial.</param>
    public Checkpointing CheckpointingOf(Trial trial)
    {
        ArgumentNullException.ThrowIfNull(trial);
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"{trial.Number}, {trial.Seed}: {trial.Point}")));
        string name = string.Create(
            CultureInfo.InvariantCulture, $"trial-{trial.Number}-{Convert.ToHexStringLower(hash)[..NameDigits]}.safetensors");
        return new(Path.Combine(Folder, name));
    }

    /// <summary>After how many steps a trial ends.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="plan">Its plan.</param>
    /// <param name="examples">The number of examples that it learns from.</param>
    /// <param name="totalSteps">The steps of the whole plan.</param>
    /// <exception cref="InvalidOperationException">The trial goes further than its plan, or ends where it is not evaluated.</exception>
    internal long EndOf(Trial trial, TrainingPlan plan, int examples, long totalSteps)
    {
        int batches = plan.DropLast ? examples / plan.BatchSize : (int)(((long)examples + plan.BatchSize - 1) / plan.BatchSize);
        TrainingLength length = Length(trial);
        long end = length.InSteps(plan.Schedule, batches);
        if (end < 1 || end > totalSteps)
        {
            throw new InvalidOperationException(
                $"A rung is at least one step and at most the whole plan, {plan.Length} or {totalSteps} steps, which must not depend on "
                + $"the trial's budget; found {length} or {end} steps for {trial}, budget {trial.Budget}.");
        }
        EvaluationPlan evaluation = plan.Evaluation.InSteps(batches);
        if (!evaluation.IncludesStep(end, totalSteps))
        {
            throw new InvalidOperationException(
                $"A trial is scored at the end of its rung; expected an evaluation after {end} steps, found "
                + (evaluation.Every > 0 ? $"one every {evaluation.Every} steps." : "none before the end of the plan."));
        }
        return end;
    }
}
