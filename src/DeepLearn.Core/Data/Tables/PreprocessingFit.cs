using System.Globalization;
using DeepLearn.Foundation;

namespace DeepLearn.Data.Tables;

/// <summary>What <see cref="Preprocessing.Fit"/> takes from a training set.</summary>
internal static class PreprocessingFit
{
    /// <summary>Refuses missing values where they are not to be filled in: the first is named, and they are counted.</summary>
    public static void CheckMissing(Table table, MissingValues handling)
    {
        if (handling == MissingValues.DropExample)
            return;
        foreach (TableColumn column in table.Columns)
        {
            if (column.Role == ColumnRole.Feature && handling != MissingValues.Refuse)
                continue;
            int first = -1, missing = 0;
            for (int row = 0; row < table.Count; row++)
            {
                if (!column.IsMissing(row))
                    continue;
                missing++;
                first = first < 0 ? row : first;
            }
            if (missing == 0)
                continue;
            const string Option = $"{nameof(PreprocessingOptions)}.{nameof(PreprocessingOptions.MissingValues)}";
            const string ForTables = $"for {nameof(Preprocessing)}.{nameof(Preprocessing.Fit)} of a {nameof(Table)}";
            string hint = column.Role == ColumnRole.Feature
                ? $"{Option}, {ForTables}, fills them in or leaves such examples out."
                : $"Labels and targets are not filled in; {Option} = {nameof(MissingValues.DropExample)}, {ForTables}, leaves such "
                    + "examples out.";
            throw new InvalidDataException(
                $"{table.PlaceOf(column, first)}: a value is missing, as in {missing} of {table.Count} rows of this column. {hint}");
        }
    }

    public static Table WithoutMissing(Table table) => table.Rows(
        [.. Enumerable.Range(0, table.Count).Where(row => !table.Columns.Any(column => column.IsMissing(row)))]);

    public static ColumnPreparation Of(Table table, TableColumn column, PreprocessingOptions options)
    {
        if (table.Count == 0 || Enumerable.Range(0, table.Count).All(column.IsMissing))
            throw new InvalidDataException($"{table.Source}, column {column.Position} ({column.Name}): all values are missing.");
        if (column.IsText)
        {
            ValueList<string> categories = CategoriesOf(column);
            bool isFilled = options.MissingValues is MissingValues.Mean or MissingValues.Median or MissingValues.MostFrequent;
            return new()
            {
                Name = column.Name,
                IsCategorical = true,
                Categories = categories,
                Encoding = options.Encoding,
                Replacement = isFilled ? MostFrequent([.. PositionsOf(column, categories)]) : double.NaN,
            };
        }
        bool isFilledIn = options.MissingValues is MissingValues.Mean or MissingValues.Median or MissingValues.MostFrequent;
        if (!isFilledIn && !options.Standardizes)
            return new() { Name = column.Name };
        double[] numbers = [.. column.Numbers.ToArray().Where(x => !double.IsNaN(x))];
        double replacement = options.MissingValues switch
        {
            MissingValues.Mean => MomentsOf(numbers).Mean,
            MissingValues.Median => Median(numbers),
            MissingValues.MostFrequent => MostFrequent(numbers),
            _ => double.NaN,
        };
        var preparation = new ColumnPreparation { Name = column.Name, Replacement = replacement };
        if (!options.Standardizes)
            return preparation;

        // With the values that are filled in, as the model will see them.
        int missing = double.IsNaN(replacement) ? 0 : table.Count - numbers.Length;
        (double mean, double variance) = MomentsOf([.. numbers, .. Enumerable.Repeat(replacement, missing)]);
        if (!double.IsFinite(mean) || !double.IsFinite(variance))
        {
            throw new InvalidDataException(
                $"{table.Source}, column {column.Position} ({column.Name}): the squares of its numbers are not finite.");
        }
        return preparation with { Mean = mean, StandardDeviation = variance > 0 ? Math.Sqrt(variance) : 1 };
    }

    /// <summary>The texts that occur: in the order of the numbers where all are whole numbers, otherwise in ordinal order.</summary>
    public static ValueList<string> CategoriesOf(TableColumn column)
    {
        var occurs = new bool[column.Texts.Length];
        foreach (int code in column.Codes)
        {
            if (code != TableColumn.None)
                occurs[code] = true;
        }
        string[] texts = [.. column.Texts.ToArray().Where((_, code) => occurs[code])];

        // Numbers beyond 64 bits count as text; "1" and "01" are two categories, whose order does not depend on the file's.
        bool areNumbers = texts.All(text => long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out _));
        Array.Sort(texts, (a, b) =>
        {
            int byNumber = areNumbers
                ? long.Parse(a, CultureInfo.InvariantCulture).CompareTo(long.Parse(b, CultureInfo.InvariantCulture))
                : 0;
            return byNumber != 0 ? byNumber : string.CompareOrdinal(a, b);
        });
        return ValueList.Create<string>(texts);
    }

    private static IEnumerable<double> PositionsOf(TableColumn column, ValueList<string> categories)
    {
        var positions = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < categories.Count; i++)
            positions[categories[i]] = i;
        int[] codes = column.Codes.ToArray();
        string[] texts = column.Texts.ToArray();
        return codes.Where(code => code != TableColumn.None).Select(code => (double)positions[texts[code]]);
    }

    private static (double Mean, double Variance) MomentsOf(double[] numbers)
    {
        var moments = new FeatureMoments(1);
        foreach (double number in numbers)
            moments.Add(new ReadOnlySpan<double>(in number));
        return moments.Of(0);
    }

    private static double Median(double[] numbers)
    {
        double[] sorted = [.. numbers.Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] / 2) + (sorted[middle] / 2);
    }

    private static double MostFrequent(double[] numbers) =>
        numbers.GroupBy(x => x).OrderByDescending(group => group.Count()).ThenBy(group => group.Key).First().Key;
}
