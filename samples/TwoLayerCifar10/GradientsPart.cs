using DeepLearn.Data;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Regularizers;
using DeepLearn.Reporting.Tables;
using DeepLearn.Samples.TwoLayerCifar10.Results;
using DeepLearn.Tensors;
using DeepLearn.Verification;

namespace DeepLearn.Samples.TwoLayerCifar10;

/// <summary>
/// Part 1: the analytic gradient against centered differences, in double, on the first 20 input dimensions of real images, in the report's
/// three cases.
/// </summary>
internal static class GradientsPart
{
    /// <summary>The largest differences that the report has.</summary>
    public const double ReportedAbsolute = 1.85e-10;

    /// <summary>The largest relative difference that the report has.</summary>
    public const double ReportedRelative = 5.4e-6;

    private const int Dimensions = 20;

    private static readonly string[] ParameterNames = ["W1", "b1", "W2", "b2"];

    public static IReadOnlyList<GradientCell> Run(Experiment experiment)
    {
        experiment.Terminal.Heading("Gradients: analytic against numeric, in double");
        List<GradientCell> cells =
        [
            .. Check(experiment, 1, 0),
            .. Check(experiment, 20, 0),
            .. Check(experiment, 20, 1),
        ];
        double absolute = cells.Max(cell => cell.MaxAbsoluteDifference), relative = cells.Max(cell => cell.MaxRelativeDifference);
        experiment.Terminal.Line(
            $"Largest absolute difference {Format.Scientific(absolute)} (the report: {Format.Scientific(ReportedAbsolute)}), "
            + $"relative {Format.Scientific(relative)} (the report: {Format.Scientific(ReportedRelative)}).");
        return cells;
    }

    private static IEnumerable<GradientCell> Check(Experiment experiment, int batch, double lambda)
    {
        experiment.Stop.ThrowIfCancellationRequested();
        Dataset images = experiment.Collection.TrainingBatches[0];
        Matrix<double> examples = FirstDimensions(images, batch);
        Model<double> model = TwoLayerNetwork.Network.Build<double>(Dimensions, experiment.Settings.Seed);
        GradientReport report = GradientChecker.Check(
            model, new SoftmaxCrossEntropy(), new L2(lambda), examples, Targets<double>.FromLabels(images.Labels[..batch]));
        string name = Format.Text($"batch {batch}, lambda {lambda}");
        return report.Parameters.Select((parameter, i) =>
            new GradientCell(name, ParameterNames[i], parameter.MaxAbsoluteDifference, parameter.MaxRelativeDifference));
    }

    private static Matrix<double> FirstDimensions(Dataset images, int count)
    {
        var whole = new Matrix<double>(count, images.ExampleShape.Count);
        images.GatherRange(0, Normalization.PerFeature(images).Build<double>(), whole.View);
        return Matrix<double>.CopyOf(whole.View.Slice(0, 0, count, Dimensions));
    }
}
