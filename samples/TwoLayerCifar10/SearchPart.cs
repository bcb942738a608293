using System.Collections.Concurrent;
using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Models;
using DeepLearn.Reporting.Tables;
using DeepLearn.Reporting.Terminal;
using DeepLearn.Samples.CommandLine;
using DeepLearn.Samples.TwoLayerCifar10.Results;
using DeepLearn.Search;
using DeepLearn.Search.Executors;
using DeepLearn.Search.Spaces;
using DeepLearn.Search.Stores;
using DeepLearn.Search.Trials;
using DeepLearn.Training;
using TrialOutcome = DeepLearn.Search.Trials.TrialOutcome;

namespace DeepLearn.Samples.TwoLayerCifar10;

/// <summary>
/// Part 3: lambda by coarse-to-fine random search, on all five batches less 5,000 images for validation. Ten values over 1e-5..1e-1 for
/// two cycles, then ten over the range that the best of them suggest, for three. Trials run at once, each on one thread; each is in a
/// journal before it counts, so that a search that is stopped or killed goes on where it was.
/// </summary>
internal static class SearchPart
{
    private const string Lambda = "lambda";

    // When a trial was trained, kept with it in the journal, in seconds since 1970.
    private const string Began = "began";
    private const string Ended = "ended";

    public static SearchPartResult Run(Experiment experiment)
    {
        experiment.Terminal.Heading("Search: lambda, from coarse to fine");
        RandomKey choice = RandomKey.FromSeed(experiment.Settings.Seed).Derive("search validation");
        (Dataset training, Dataset validation) = experiment.Collection.Training.Split(experiment.Scaled(5000), choice);
        int trials = experiment.Settings.Quick ? 4 : 10;
        long stepsPerCycle = 2 * FinalPart.StepSizeFor(training);
        Normalization normalization = Normalization.PerFeature(training);
        var search = new CoarseToFineSearch(
            new SearchSpace(new LogUniformDimension(Lambda, 1e-5, 1e-1)),
            new SearchStage(trials, budget: 2),
            new SearchStage(trials, budget: 3))
        {
            Seed = experiment.Settings.Seed,
            Subject = $"two-layer network, {experiment.Data.Source} {experiment.Data.Fingerprint}, {training.Count} training images",
        };
        try
        {
            SearchResult result = experiment.Terminal.Follow(board =>
            {
                long totalSteps = search.Stages.Sum(stage => stage.Trials * stage.Budget * stepsPerCycle);
                using var progress = new SearchBoard(board, experiment.Terminal, totalSteps, trial => trial.Budget * stepsPerCycle);
                var options = new SearchRunOptions
                {
                    Store = new JournalTrialStore(experiment.Store.JournalPath),
                    Executor = new ThreadExecutor(experiment.Settings.Threads),
                    Progress = progress,
                };
                return search.Run(Objective(training, validation, normalization, progress), options, experiment.Stop);
            });
            return Finish(experiment, result, search.TotalTrials);
        }
        catch (SearchCanceledException stopped) when (stopped.Partial.Stages.Any(stage => stage.Results.Count > 0))
        {
            experiment.Store.Search = Describe(stopped.Partial, search.TotalTrials);
            throw;
        }
    }

    // One trial: a network of its own, trained on the one thread that runs it, scored by its accuracy on the validation set at the end.
    private static TrialObjective Objective(Dataset training, Dataset validation, Normalization normalization, SearchBoard board)
    {
        int stepSize = FinalPart.StepSizeFor(training);
        TrialObjective train = TrainingObjective.Create<float>(
            training,
            validation,
            trial => TwoLayerNetwork.Network.Build<float>(training.ExampleShape, trial.Seed),
            trial => TwoLayerNetwork.Plan(trial.Value(Lambda), stepSize, trial.Budget, trial.Seed, normalization) with
            {
                Evaluation = new EvaluationPlan { TrainingExamples = 1000 },
            },
            callbacks: trial => [new StepCounter(board.LineOf(trial))]);
        return (trial, context, stop) =>
        {
            double began = Now();
            TrialOutcome outcome = train(trial, context, stop);
            return outcome with { Metrics = [.. outcome.Metrics, new(Began, began), new(Ended, Now())] };
        };
    }

    private static SearchPartResult Finish(Experiment experiment, SearchResult result, int planned)
    {
        SearchPartResult part = Describe(result, planned);
        if (part.Best is not { } best)
            throw new SampleException($"None of the search's {planned} trials could be trained; the first says: {result.Ranked[0].Error}");
        experiment.Terminal.Line(
            $"Best lambda {Format.Significant(best.Lambda)}: validation accuracy {Format.Percent(best.ValidationAccuracy!.Value)}; "
            + $"{planned} trials in {Format.Seconds(part.Outcome.Seconds)}.");
        return part;
    }

    private static SearchPartResult Describe(SearchResult result, int planned)
    {
        StageOutcome[] stages = [.. result.Stages.Select(stage => new StageOutcome(stage.Budget, [.. stage.Results.Select(Describe)]))];
        IEnumerable<LogUniformDimension> spaces = result.Stages.Select(stage => (LogUniformDimension)stage.Space[Lambda]);
        LambdaRange[] ranges = [.. spaces.Select(space => new LambdaRange(space.Minimum, space.Maximum))];
        return new(new SearchOutcome(stages, BusySeconds(result.Ranked)), ranges, planned);
    }

    private static Results.TrialOutcome Describe(TrialResult result) => new(
        result.Trial.Value(Lambda), result.State == TrialState.Completed ? result.Score : null, result.Trial.Seed, result.Seconds);

    /// <summary>The time in which at least one trial was being trained, over all the runs that it took.</summary>
    private static double BusySeconds(IEnumerable<TrialResult> results)
    {
        double total = 0, until = double.NegativeInfinity;
        foreach ((double began, double ended) in results.Select(result => (result.Metric(Began) ?? 0, result.Metric(Ended) ?? 0)).Order())
        {
            total += Math.Max(0, ended - Math.Max(began, until));
            until = Math.Max(until, ended);
        }
        return total;
    }

    private static double Now() => (DateTime.UtcNow - DateTime.UnixEpoch).TotalSeconds;

    private sealed class StepCounter(SearchBoard.TrialLine line) : TrainingCallback<float>
    {
        public override TrainingDecision OnStep(in StepReport<float> report)
        {
            line.Report(report.Step);
            return TrainingDecision.Continue;
        }
    }
}
