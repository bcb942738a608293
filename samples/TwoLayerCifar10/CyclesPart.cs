using DeepLearn.Data;
using DeepLearn.Reporting.Tables;
using DeepLearn.Samples.TwoLayerCifar10.Results;
using DeepLearn.Training;

namespace DeepLearn.Samples.TwoLayerCifar10;

/// <summary>
/// Part 2: what a cyclical learning rate does to the learning curves. Trained on the first batch of files, validated on 1,000 images of
/// the second, with lambda 0.01: one cycle of n_s = 500, and three of n_s = 800.
/// </summary>
internal static class CyclesPart
{
    public const double Lambda = 0.01;

    public static IReadOnlyList<CyclesRun> Run(Experiment experiment)
    {
        experiment.Terminal.Heading("Cycles: learning curves under a cyclical learning rate");
        Dataset training = experiment.Collection.TrainingBatches[0];
        Dataset validation = experiment.Collection.TrainingBatches[1].Take(experiment.Scaled(1000));
        return
        [
            Train(experiment, training, validation, experiment.Scaled(500), 1),
            Train(experiment, training, validation, experiment.Scaled(800), 3),
        ];
    }

    private static CyclesRun Train(Experiment experiment, Dataset training, Dataset validation, int stepSize, int cycles)
    {
        TrainingPlan plan = TwoLayerNetwork.Plan(Lambda, stepSize, cycles, experiment.Settings.Seed, Normalization.PerFeature(training));
        TrainingRun run = TrainingRun.Train(experiment, $"n_s = {stepSize}", plan, stepSize, 0, training, validation);
        double accuracy = run.AccuracyOn(experiment.Collection.Test);
        experiment.Terminal.Line(
            $"n_s = {stepSize}, {cycles} {(cycles == 1 ? "cycle" : "cycles")}: test accuracy {Format.Percent(accuracy)}, "
            + $"{Format.Count(run.Steps)} steps in {Format.Seconds(run.Seconds)}.");
        return new(stepSize, cycles, accuracy, run.Seconds, run.Curve);
    }
}
