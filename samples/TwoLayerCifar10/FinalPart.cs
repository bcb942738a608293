using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Models;
using DeepLearn.Reporting.Tables;
using DeepLearn.Samples.TwoLayerCifar10.Results;
using DeepLearn.Training;

namespace DeepLearn.Samples.TwoLayerCifar10;

/// <summary>Part 4: the chosen lambda on as much data as there is: 49,000 images to train on, 1,000 to validate on, three cycles.</summary>
internal static class FinalPart
{
    /// <summary>The lambda that the report found.</summary>
    public const double ReportedLambda = 0.002584;

    /// <summary>The test accuracy that the report reached with it.</summary>
    public const double ReportedAccuracy = 0.5230;

    private const int Cycles = 3;

    public static FinalPartResult Run(Experiment experiment, double lambda, string lambdaOrigin)
    {
        experiment.Terminal.Heading($"Final: lambda {Format.Significant(lambda)} ({lambdaOrigin})");
        ulong seed = experiment.Settings.Seed;
        (Dataset training, Dataset validation) =
            experiment.Collection.Training.Split(experiment.Scaled(1000), RandomKey.FromSeed(seed).Derive("final validation"));
        int stepSize = StepSizeFor(training);
        TrainingPlan plan = TwoLayerNetwork.Plan(lambda, stepSize, Cycles, seed, Normalization.PerFeature(training));

        // The curves are measured on as many training images as there are for validation; the accuracies at the end on all.
        TrainingRun run = TrainingRun.Train(experiment, "Final", plan, stepSize, experiment.Scaled(1_000), training, validation);
        run.Model.Save(experiment.Store.ModelPath);
        var outcome = new FinalOutcome(
            lambda,
            seed,
            run.Steps,
            run.AccuracyOn(training),
            run.AccuracyOn(validation),
            run.AccuracyOn(experiment.Collection.Test),
            run.Seconds,
            run.Model.Sha256());
        experiment.Terminal.Line(
            $"Test accuracy {Format.Percent(outcome.TestAccuracy)}, {Format.Count(run.Steps)} steps in {Format.Seconds(run.Seconds)}.");
        experiment.Terminal.Line($"Weights SHA-256 {outcome.WeightsSha256}.");
        return new(outcome, stepSize, Cycles, training.Count, validation.Count, lambdaOrigin, run.Curve);
    }

    /// <summary>The report's n_s = 2 floor(n / 100): two epochs from the lowest rate to the highest.</summary>
    public static int StepSizeFor(Dataset training) => 2 * (training.Count / TwoLayerNetwork.BatchSize);
}
