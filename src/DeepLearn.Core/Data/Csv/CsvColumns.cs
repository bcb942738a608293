using DeepLearn.Foundation;

namespace DeepLearn.Data.Csv;

/// <summary>The role of each column of a file, found by name.</summary>
internal sealed class CsvColumns
{
    private readonly List<string> _names = [];

    public CsvColumns(CsvRecordReader first, string path, CsvOptions options)
    {
        if (options.ColumnNames.Count != 0 && options.ColumnNames.Count != first.Count)
        {
            throw new InvalidDataException(
                $"{path}, line {first.Line}: expected {options.ColumnNames.Count} fields, as there are names of columns; found "
                + $"{first.Count}.");
        }
        for (int i = 0; i < first.Count; i++)
        {
            string name = options.HasHeader ? first[i].Trim().ToString() : $"column{i + 1}";
            _names.Add(options.ColumnNames.Count > 0 ? options.ColumnNames[i] : name);
        }
        Label = LabelOf(path, options);
        var others = new HashSet<int>();
        foreach (string name in options.TargetColumns)
            Targets.Add(Find(name, path));
        foreach (string name in options.IgnoredColumns)
            others.Add(Find(name, path));
        others.UnionWith(Targets);
        foreach (string name in options.CategoricalColumns)
            Categorical.Add(Find(name, path));
        if (others.Count != Targets.Count + options.IgnoredColumns.Count || others.Contains(Label) || others.Overlaps(Categorical)
            || Categorical.Contains(Label) || Categorical.Count != options.CategoricalColumns.Count)
        {
            throw new ArgumentException("A column is a label, a target, categorical or ignored, and each is named once.", nameof(options));
        }
        for (int i = 0; i < _names.Count; i++)
        {
            if (i == Label || others.Contains(i))
                continue;
            if (i == 0 && _names[i].Length == 0)
                Unnamed = i;
            else
                Features.Add(i);
            if (i > 0 && _names[i].Length == 0)
                throw new InvalidDataException($"{path}, line {first.Line}: expected a name for column {i + 1}, found none.");
        }
        foreach (string name in _names.Where((name, i) => !others.Contains(i) || Targets.Contains(i)).GroupBy(name => name)
            .Where(same => same.Count() > 1).Select(same => same.Key))
        {
            Find(name, path);
        }
        if (Features.Count == 0)
        {
            throw new InvalidDataException(
                $"{path}, line {first.Line}: expected at least one column of features, found none among {Count}.");
        }
    }

    public int Count => _names.Count;

    /// <summary>The column of the label; -1 if there is none.</summary>
    public int Label { get; }

    public List<int> Features { get; } = [];

    public List<int> Targets { get; } = [];

    /// <summary>Those of the features that hold categories.</summary>
    public HashSet<int> Categorical { get; } = [];

    /// <summary>The first column if it has no name, as the index has that some programs write with a table; otherwise -1.</summary>
    public int Unnamed { get; } = -1;

    public string NameOf(int column) => _names[column];

    public ValueList<string> NamesOf(List<int> columns) => ValueList.Create<string>([.. columns.Select(NameOf)]);

    private int LabelOf(string path, CsvOptions options)
    {
        if (options.LabelColumn is not null)
            return Find(options.LabelColumn, path);
        if (options.LabelIndex is not { } index)
            return -1;
        int column = index.GetOffset(Count);
        return column >= 0 && column < Count
            ? column
            : throw new InvalidDataException($"{path}, line 1: expected a label in column {index} (from 0), found {Count} columns.");
    }

    private int Find(string name, string path)
    {
        int column = _names.IndexOf(name);
        if (column < 0)
        {
            bool isOneColumn = _names.Count == 1 && _names[0].AsSpan().ContainsAny(';', '\t', '|');
            string hint = isOneColumn ? $" {nameof(CsvOptions)}.{nameof(CsvOptions.Separator)} says what stands between fields." : "";
            throw new InvalidDataException($"{path}, line 1: expected a column '{name}', found {NameList.Of(_names, name)}.{hint}");
        }
        if (_names.LastIndexOf(name) != column)
        {
            throw new InvalidDataException(
                $"{path}, line 1: expected one column '{name}', found it at {column + 1} and {_names.LastIndexOf(name) + 1}.");
        }
        return column;
    }
}
