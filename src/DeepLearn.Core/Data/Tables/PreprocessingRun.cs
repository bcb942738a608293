using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Tensors;

namespace DeepLearn.Data.Tables;

/// <summary>Makes examples of a table by a fitted <see cref="Preprocessing"/>.</summary>
internal static class PreprocessingRun
{
    public static DenseDataset<T> Apply<T>(Preprocessing preprocessing, Table table)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TableColumn[] features = [.. preprocessing.Columns.Select(column => Find(table, column.Name, column.IsCategorical))];
        TableColumn? label = preprocessing.LabelColumn is { } name && table.Find(name) is not null ? Find(table, name, isText: true) : null;
        TableColumn[] targets = preprocessing.TargetColumns.All(target => table.Find(target) is not null)
            ? [.. preprocessing.TargetColumns.Select(target => Find(table, target, isText: false))]
            : [];
        var used = new Table(
            table.Source,
            [.. features, .. targets, .. label is null ? Array.Empty<TableColumn>() : [label]],
            [.. Enumerable.Range(0, table.Count).Select(table.LineOf)]);
        PreprocessingFit.CheckMissing(used, preprocessing.MissingValues);
        int[] rows = [.. Enumerable.Range(0, table.Count)
            .Where(row => preprocessing.MissingValues != MissingValues.DropExample || !used.Columns.Any(column => column.IsMissing(row)))];

        int width = preprocessing.Columns.Sum(column => column.Width);
        if (width == 0)
            throw new InvalidDataException($"{table.Source}: the preprocessing has no feature.");
        bool isForTraining = label is not null || targets.Length > 0;
        var numbers = new Matrix<T>(rows.Length, width);
        var scratch = new double[preprocessing.Columns.Max(column => column.Width)];
        int at = 0;
        for (int i = 0; i < features.Length; i++)
        {
            ColumnPreparation column = preprocessing.Columns[i];
            if (!features[i].IsText && column.Mean == 0)
                RequirePrecision<T>(table, features[i], isForTraining);
            int[] positions = Positions(features[i], column.Categories);
            for (int row = 0; row < rows.Length; row++)
            {
                column.Write(ValueOf(preprocessing, table, features[i], positions, rows[row]), scratch);
                for (int j = 0; j < column.Width; j++)
                    numbers[row, at + j] = T.CreateChecked(scratch[j]);
            }
            at += column.Width;
        }
        var description = new DatasetDescription(width)
        {
            Classes = label is null ? 0 : preprocessing.ClassNames.Count,
            ClassNames = label is null ? ValueList<string>.Empty : preprocessing.ClassNames,
            TargetWidth = targets.Length,
            FeatureNames = preprocessing.FeatureNames,
            Preparation = preprocessing,
        };
        foreach (TableColumn target in targets)
            RequirePrecision<T>(table, target, isForTraining);
        return new(
            numbers,
            label is null ? null : Labels(preprocessing, table, label, rows),
            targets.Length == 0 ? null : Targets<T>(targets, rows),
            description);
    }

    /// <summary>Throws where a number of a table that becomes a feature is beyond the range of a type.</summary>
    /// <exception cref="InvalidDataException">One is; the message names the place.</exception>
    public static void RequireRange<T>(Preprocessing preprocessing, Table table)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (ColumnPreparation column in preprocessing.Columns.Where(column => !column.IsCategorical && column.Mean == 0))
            RequirePrecision<T>(table, Find(table, column.Name, isText: false), isForTraining: false);
    }

    // A number beyond the range is refused anywhere. That numbers would be merged is a matter of them all, of which something is to be
    // learned; what is predicted of a row must not depend on the rows beside it.
    private static void RequirePrecision<T>(Table table, TableColumn column, bool isForTraining)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(double))
            return;
        var guard = new RoundingGuard<T>(1);
        for (int row = 0; row < column.Count; row++)
        {
            int at = row;
            guard.Add(column.Numbers.Slice(row, 1), _ => table.PlaceOf(column, at));
        }
        if (isForTraining)
            guard.Require(_ => $"{table.Source}, column {column.Position} ({column.Name})");
    }

    private static TableColumn Find(Table table, string name, bool isText)
    {
        TableColumn column = table.Find(name) ?? throw new InvalidDataException(
            $"{table.Source}: expected a column '{name}', found "
            + $"{NameList.Of([.. table.Columns.Select(other => other.Name)], name)}.");
        return column.IsText == isText
            ? column
            : throw new InvalidDataException(
                $"{table.Source}, column {column.Position} ({name}): expected {Kind(isText)}, as in the training set; found "
                + $"{Kind(column.IsText)}.");
    }

    private static string Kind(bool isText) => isText ? "categories" : "numbers";

    // The position of each text of a table's column among the categories of the training set; -1 if it has none.
    private static int[] Positions(TableColumn column, ValueList<string> categories)
    {
        var known = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < categories.Count; i++)
            known[categories[i]] = i;
        return [.. column.Texts.ToArray().Select(text => known.GetValueOrDefault(text, -1))];
    }

    private static double ValueOf(Preprocessing preprocessing, Table table, TableColumn column, int[] positions, int row)
    {
        if (!column.IsText)
            return column.Numbers[row];
        if (column.Codes[row] == TableColumn.None)
            return double.NaN;
        int position = positions[column.Codes[row]];
        if (position >= 0)
            return position;
        if (preprocessing.UnknownCategories == UnknownCategories.Refuse)
        {
            ValueList<string> known = preprocessing.Columns.First(other => other.Name == column.Name).Categories;
            throw new InvalidDataException(
                $"{table.PlaceOf(column, row)}: expected one of the categories {known}, as in the training set; found "
                + $"'{column.TextAt(row)}'.");
        }
        return double.NaN;
    }

    private static int[] Labels(Preprocessing preprocessing, Table table, TableColumn label, int[] rows)
    {
        int[] positions = Positions(label, preprocessing.ClassNames);
        var labels = new int[rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            labels[i] = positions[label.Codes[rows[i]]];
            if (labels[i] < 0)
            {
                throw new InvalidDataException(
                    $"{table.PlaceOf(label, rows[i])}: expected one of the labels [{NameList.Of(preprocessing.ClassNames)}], as in the "
                    + $"training set; found '{label.TextAt(rows[i])}'.");
            }
        }
        return labels;
    }

    private static Matrix<T> Targets<T>(TableColumn[] targets, int[] rows)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var matrix = new Matrix<T>(rows.Length, targets.Length);
        for (int j = 0; j < targets.Length; j++)
        {
            for (int i = 0; i < rows.Length; i++)
                matrix[i, j] = T.CreateChecked(targets[j].Numbers[rows[i]]);
        }
        return matrix;
    }
}
