using DeepLearn.Reporting.Figures;
using DeepLearn.Reporting.Tables;
using DeepLearn.Training.Metrics;

namespace DeepLearn.Reporting;

/// <summary>Draws a confusion matrix: which classes are taken for which.</summary>
/// <example><code>
/// var counts = new ConfusionMatrix(classes: 2, [40, 10, 5, 45]);
/// ConfusionFigure.Of(counts, ["no", "yes"]).Save("confusion.png");
/// </code></example>
public static class ConfusionFigure
{
    /// <summary>
    /// Makes the figure: a row for each actual class, a column for each predicted one, the number of examples in each cell.
    /// </summary>
    /// <param name="matrix">The counts.</param>
    /// <param name="classNames">The names of the classes in order. Default null: their numbers.</param>
    /// <exception cref="ArgumentException">There are not as many names as classes.</exception>
    public static Figure Of(ConfusionMatrix matrix, IReadOnlyList<string>? classNames = null)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        string[] names = ClassNaming.Of(matrix.Classes, classNames);
        var cells =
            from actual in Enumerable.Range(0, matrix.Classes)
            from predicted in Enumerable.Range(0, matrix.Classes)
            let count = matrix[actual, predicted]
            select (Strength: count / (double)Math.Max(1, matrix.Support(actual)), Text: count == 0 ? "" : Format.Count(count));
        var panel = new MatrixPanel(
            $"Accuracy {Format.Percent(matrix.Accuracy)}",
            "predicted class",
            "actual class",
            names,
            names,
            [.. cells.Select(cell => cell.Strength)],
            [.. cells.Select(cell => cell.Text)]);
        return new(
            "confusion-matrix",
            $"Confusion matrix of {Format.Count(matrix.Count)} examples. The color of a cell is its share of the examples of the actual "
            + "class.",
            1,
            [panel])
        {
            PanelWidth = Math.Clamp(200 + (44 * matrix.Classes), 360, 1200),
            PanelHeight = Math.Clamp(160 + (34 * matrix.Classes), 300, 1000),
        };
    }

    /// <summary>Makes a table with precision, recall, F1 and the number of examples of each class.</summary>
    /// <param name="matrix">The counts.</param>
    /// <param name="classNames">The names of the classes in order. Default null: their numbers.</param>
    /// <exception cref="ArgumentException">There are not as many names as classes.</exception>
    public static ReportTable Table(ConfusionMatrix matrix, IReadOnlyList<string>? classNames = null)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        string[] names = ClassNaming.Of(matrix.Classes, classNames);
        return new(
            "Precision, recall and F1 of each class",
            [new("Class", false), new("Precision"), new("Recall"), new("F1"), new("Examples")],
            [
                .. names.Select((name, label) => new[]
                {
                    name,
                    Format.Percent(matrix.Precision(label)),
                    Format.Percent(matrix.Recall(label)),
                    Format.Percent(matrix.F1(label)),
                    Format.Count(matrix.Support(label)),
                }),
            ]);
    }
}
