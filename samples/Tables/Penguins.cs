using DeepLearn.Data.Csv;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Regularizers;
using DeepLearn.Reporting;
using DeepLearn.Reporting.Tables;
using DeepLearn.Reporting.Terminal;
using DeepLearn.Search.Trials;
using DeepLearn.Training;
using DeepLearn.Training.Metrics;

namespace DeepLearn.Samples.Tables;

/// <summary>
/// Classification: the island on which a penguin was measured, from its species, measures and sex. Two of the species live on one island
/// each; the third lives on all three, so that nobody can be sure, and the calibration shows whether the network knows that.
/// </summary>
internal static class Penguins
{
    public static void Run(ReportTerminal terminal, string folder, CancellationToken stop)
    {
        terminal.Heading("Penguins: which island");
        var options = new CsvOptions { LabelColumn = "island", CategoricalColumns = ["species", "sex"] };
        var data = new StudyData(CsvFiles.ReadTable(Path.Combine(AppContext.BaseDirectory, "data", "penguins.csv"), options), "island", 1);
        terminal.Line(Format.Text(
            $"{data.Training.Count} rows to train on, {data.Test.Count} for the test, {data.Training.ExampleShape.Count} features"));

        var study = new Study("penguins", data, Outputs: 3, new SoftmaxCrossEntropy(), fold => fold.Loss, SearchDirection.Minimize);
        (Model<float> model, double score) = study.Run(terminal, folder, stop);

        var evaluator = new Evaluator<float>(model, study.Loss, Regularizer.None, data.Test.Description);
        ConfusionMatrix confusion = evaluator.MeasureConfusion(data.Test);
        var calibration = (CalibrationAccumulator)evaluator.Measure(data.Test, [new ExpectedCalibrationError(bins: 5)])[0];
        ConfusionFigure.Of(confusion, data.Preprocessing.ClassNames).Save(Path.Combine(folder, "penguins-confusion.png"));
        ReliabilityDiagram.Of(calibration.ToCalibration()).Save(Path.Combine(folder, "penguins-calibration.png"));
        terminal.Table(ConfusionFigure.Table(confusion, data.Preprocessing.ClassNames));
        terminal.Line(Format.Text($"loss in cross-validation {score:f4}; test accuracy {Format.Percent(confusion.Accuracy)}"));
    }
}
