using DeepLearn.Data.Csv;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Regularizers;
using DeepLearn.Reporting.Tables;
using DeepLearn.Reporting.Terminal;
using DeepLearn.Search.Trials;
using DeepLearn.Training;
using DeepLearn.Training.Metrics;

namespace DeepLearn.Samples.Tables;

/// <summary>Regression: how many miles a car goes on a gallon.</summary>
internal static class Cars
{
    public static void Run(ReportTerminal terminal, string folder, CancellationToken stop)
    {
        terminal.Heading("Cars: miles on a gallon");
        var options = new CsvOptions { TargetColumns = ["mpg"], CategoricalColumns = ["origin"], IgnoredColumns = ["name"] };
        var data = new StudyData(CsvFiles.ReadTable(Path.Combine(AppContext.BaseDirectory, "data", "auto-mpg.csv"), options), "mpg", 1);
        terminal.Line(Format.Text(
            $"{data.Training.Count} rows to train on, {data.Test.Count} for the test, {data.Training.ExampleShape.Count} features"));

        // The loss is the mean of the squared errors; its root is in miles per gallon.
        var study = new Study(
            "cars", data, Outputs: 1, new MeanSquaredError(), fold => Math.Sqrt(fold.Loss), SearchDirection.Minimize);
        (Model<float> model, double score) = study.Run(terminal, folder, stop);

        var evaluator = new Evaluator<float>(model, study.Loss, Regularizer.None, data.Test.Description);
        var measures = evaluator.Measure(data.Test, [new Rmse(), new Mae(), new RSquared()]);
        terminal.Line(
            $"error in cross-validation {score:f2} mpg; on the test set {measures[0].Value:f2} mpg, mean absolute error "
            + $"{measures[1].Value:f2} mpg, R² {measures[2].Value:f3}");
    }
}
