using System.Globalization;

namespace DeepLearn.Data.Tables;

/// <summary>Whether the column that was named as the label holds classes, or something that was meant otherwise.</summary>
internal static class LabelDoubt
{
    // As many classes are never doubted: small tables may have few rows of each.
    private const int Undoubted = 10;

    // Whole numbers from 0 or 1 on are numbers of classes, however many; others are, up to here.
    private const int UndoubtedNumbers = 100;

    private const int LeastRowsOfNumber = 5;
    private const int LeastRowsOfText = 2;

    /// <summary>Throws where a training set's labels do not look like classes.</summary>
    /// <param name="table">The training set.</param>
    /// <param name="label">Its label.</param>
    /// <exception cref="InvalidDataException">They do not; the message says what they look like, and how to insist.</exception>
    public static void Require(Table table, TableColumn label)
    {
        string[] texts = [.. PreprocessingFit.CategoriesOf(label)];
        if (texts.Length <= Undoubted)
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

    /// <summary>Throws where the labels of an array, of which nobody said how many classes there are, do not look like classes.</summary>
    /// <remarks>
    /// As for a table, but for this: a number stands for the class that it is, and not for the next one, so that as many classes as the
    /// largest label has below it are said to be there.
    /// </remarks>
    /// <param name="labels">The labels, at least 0.</param>
    /// <param name="largest">The largest of them, below the largest number there is.</param>
    /// <param name="source">Where they are from.</param>
    /// <param name="withTargets">What takes numbers instead.</param>
    /// <exception cref="InvalidDataException">They do not; the message says what they look like, and how to insist.</exception>
    public static void Require(ReadOnlySpan<int> labels, int largest, string source, string withTargets)
    {
        if (largest < Undoubted)
            return;
        int different = new HashSet<int>([.. labels]).Count;
        bool haveRows = largest < labels.Length && (different <= Undoubted || labels.Length >= (long)LeastRowsOfNumber * different);
        if (haveRows && (largest < UndoubtedNumbers || largest < 2L * different))
            return;
        throw new InvalidDataException(
            $"{source}: expected labels of classes, from 0; found {different} different numbers up to {largest} in {labels.Length} "
            + $"examples: they look like numbers to be predicted. Give them as targets, by {withTargets}, with a loss for numbers; or say "
            + $"that each is a class by the number of classes, the argument classes ({largest + 1}, or as many as there are).");
    }

    private static bool AreClasses(double[] numbers, int rows)
    {
        if (numbers.Any(number => number != Math.Round(number)) || rows < (long)LeastRowsOfNumber * numbers.Length)
            return false;
        return numbers.Length <= UndoubtedNumbers || (numbers.Min() is 0 or 1 && numbers.Max() - numbers.Min() < numbers.Length);
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
