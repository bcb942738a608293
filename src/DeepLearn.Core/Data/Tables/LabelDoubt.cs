using System.Globalization;

namespace DeepLearn.Data.Tables;

/// <summary>Whether the column that was named as the label holds classes, or something that was meant otherwise.</summary>
internal static class LabelDoubt
{
    private const int LeastRowsOfText = 2;

    /// <summary>Throws where a training set's labels do not look like classes.</summary>
    /// <param name="table">The training set.</param>
    /// <param name="label">Its label.</param>
    /// <exception cref="InvalidDataException">They do not; the message says what they look like, and how to insist.</exception>
    public static void Require(Table table, TableColumn label)
    {
        string[] texts = [.. PreprocessingFit.CategoriesOf(label)];
        if (texts.Length <= LabelNumbers.Undoubted)
            return;
        double[]? numbers = NumbersOf(texts);
        if (numbers is null ? table.Count >= (long)LeastRowsOfText * texts.Length : AreClasses(numbers, table.Count))
            return;
        string kind = numbers is null ? "texts" : "numbers";
        string looks = numbers is null
            ? "nearly every row has one of its own. Name another column as the label, or"
            : $"they look like numbers to be predicted. Name the column in {nameof(Csv.CsvOptions.TargetColumns)} instead, with a loss "
                + "for numbers; or";
        throw new InvalidDataException(
            $"{table.Source}, column {label.Position} ({label.Name}): expected labels of classes; found {texts.Length} different {kind} in "
            + $"{table.Count} rows, such as {texts[0]}, {texts[texts.Length / 2]} and {texts[^1]}: {looks} say that each is a class by "
            + $"{nameof(PreprocessingOptions)}.{nameof(PreprocessingOptions.LabelsAreClasses)} or "
            + $"{nameof(Csv.CsvOptions)}.{nameof(Csv.CsvOptions.ClassNames)}.");
    }

    private static bool AreClasses(double[] numbers, int rows)
    {
        if (numbers.Any(number => number != Math.Round(number)) || rows < (long)LabelNumbers.LeastRows * numbers.Length)
            return false;
        return numbers.Length <= LabelNumbers.UndoubtedNumbers
            || (numbers.Min() is 0 or 1 && numbers.Max() - numbers.Min() < numbers.Length);
    }

    private static double[]? NumbersOf(string[] texts)
    {
        var numbers = new double[texts.Length];
        for (int i = 0; i < texts.Length; i++)
        {
            if (!double.TryParse(texts[i].Replace(',', '.'), NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i])
                || !double.IsFinite(numbers[i]))
            {
                return null;
            }
        }
        return numbers;
    }
}
