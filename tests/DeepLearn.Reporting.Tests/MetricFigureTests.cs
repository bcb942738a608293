using DeepLearn.Reporting.Figures;
using DeepLearn.Reporting.Tables;
using DeepLearn.Training.Metrics;
using DeepLearn.Verification;
using Xunit;

namespace DeepLearn.Reporting.Tests;

/// <summary>Confusion matrices, reliability diagrams and tables of gradients.</summary>
public sealed class MetricFigureTests
{
    private static readonly ConfusionMatrix Matrix = new(3, [8, 2, 0, 1, 3, 0, 0, 0, 1000]);

    [Fact]
    public void ConfusionFigure_cells_have_counts_and_shares_of_the_actual_class()
    {
        Figure figure = ConfusionFigure.Of(Matrix, ["cat", "dog", "bird"]);

        var panel = Assert.IsType<MatrixPanel>(Assert.Single(figure.Panels));
        Assert.Equal(["cat", "dog", "bird"], panel.RowNames);
        Assert.Equal(panel.RowNames, panel.ColumnNames);
        Assert.Equal(["8", "2", "", "1", "3", "", "", "", "1,000"], panel.Texts);
        Assert.Equal([0.8, 0.2, 0, 0.25, 0.75, 0, 0, 0, 1], panel.Strengths);
        Assert.NotEmpty(figure.ToPng());
    }

    [Fact]
    public void ConfusionFigure_without_names_shows_numbers_and_other_names_are_refused()
    {
        Assert.Equal(["0", "1", "2"], ((MatrixPanel)ConfusionFigure.Of(Matrix).Panels[0]).RowNames);
        ArgumentException refused = Assert.Throws<ArgumentException>(() => ConfusionFigure.Of(Matrix, ["cat", "dog"]));
        Assert.Contains("3 classes", refused.Message, StringComparison.Ordinal);
        Assert.Contains("found 2", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ConfusionFigure_class_without_examples_has_no_color_and_a_hundred_classes_are_drawn()
    {
        var many = new ConfusionMatrix(100, [.. Enumerable.Range(0, 10_000).Select(i => i % 101 == 0 ? 5L : 0)]);

        Assert.NotEmpty(ConfusionFigure.Of(many).ToPng());
        var empty = (MatrixPanel)ConfusionFigure.Of(new ConfusionMatrix(2, [0, 0, 1, 1])).Panels[0];
        Assert.Equal([0, 0, 0.5, 0.5], empty.Strengths);
    }

    [Fact]
    public void ConfusionFigure_Table_has_the_numbers_of_each_class()
    {
        ReportTable table = ConfusionFigure.Table(Matrix, ["cat", "dog", "bird"]);

        Assert.Equal(["cat", "88.89 %", "80.00 %", "84.21 %", "10"], table.Rows[0]);
        Assert.Equal(["dog", "60.00 %", "75.00 %", "66.67 %", "4"], table.Rows[1]);
        Assert.Equal(["bird", "100.00 %", "100.00 %", "100.00 %", "1,000"], table.Rows[2]);
    }

    [Fact]
    public void ReliabilityDiagram_shows_ranges_with_examples_beside_the_diagonal()
    {
        var calibration = new Calibration(
            [new(0, 0.5, 0, double.NaN, double.NaN), new(0.5, 0.75, 10, 0.6, 0.4), new(0.75, 1, 30, 0.95, 0.9)]);

        Figure figure = ReliabilityDiagram.Of(calibration);

        var reliability = (LinePanel)figure.Panels[0];
        Assert.Equal([0.6, 0.95], reliability.Series[1].X);
        Assert.Equal([0.4, 0.9], reliability.Series[1].Y);
        Assert.Equal(reliability.Series[0].X, reliability.Series[0].Y);
        Assert.Equal([0, 10, 30], ((LinePanel)figure.Panels[1]).Series[0].Y);
        // (10 * 0.2 + 30 * 0.05) / 40
        Assert.Contains("8.75 %", reliability.Title, StringComparison.Ordinal);
        Assert.NotEmpty(figure.ToPng());
    }

    [Fact]
    public void GradientTable_says_which_parameter_failed()
    {
        var report = new GradientReport(
            1, [new("dense1/weights", 12, 1e-9, 2e-8, 0, 0, 1, 1, 1e-3, 1e-5), new("dense1/biases", 3, 0.5, 0.25, 0, 0, 1, 2, 1e-3, 1e-5)]);

        string[] lines = GradientTable.Of(report, "Gradients").ToString().Split('\n');

        Assert.Equal("Gradients", lines[0]);
        Assert.Matches(@"^dense1/weights +12 +1\.00e-09 +2\.00e-08  passed$", lines[3]);
        Assert.Matches(@"^dense1/biases +3 +5\.00e-01 +2\.50e-01  FAILED$", lines[4]);
    }
}
