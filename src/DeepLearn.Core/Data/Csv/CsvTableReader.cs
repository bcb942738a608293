using System.Globalization;
using DeepLearn.Data.Tables;

namespace DeepLearn.Data.Csv;

/// <summary>Reads the records of a file into the columns of a table.</summary>
internal sealed class CsvTableReader
{
    private const int RowsBeforeExpecting = 256;

    private readonly CsvRecordReader _records;
    private readonly string _path;
    private readonly CsvOptions _options;
    private readonly CsvColumns _columns;
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _missing;
    private readonly bool _isMissingANumber;
    private readonly List<(int Column, ColumnRole Role, GrowingArray<double>? Numbers, CsvTexts? Texts)> _read = [];
    private readonly GrowingArray<int> _lines = new();

    private CsvTableReader(CsvRecordReader records, string path, CsvOptions options)
    {
        _records = records;
        _path = path;
        _options = options;
        _columns = new(records, path, options);
        _missing = new HashSet<string>(options.MissingTexts, StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
        _isMissingANumber = options.MissingTexts.Any(text => DecimalNumber.TryParse(text, options.DecimalPoint, out double value)
            && double.IsFinite(value));
        foreach (int column in _columns.Features)
        {
            bool isText = _columns.Categorical.Contains(column);
            _read.Add((column, ColumnRole.Feature, isText ? null : new(), isText ? new() : null));
        }
        foreach (int column in _columns.Targets)
            _read.Add((column, ColumnRole.Target, new(), null));
        if (_columns.Label >= 0)
            _read.Add((_columns.Label, ColumnRole.Label, null, new()));
    }

    public static Table Read(
        CsvRecordReader records, string path, CsvOptions options, long length, CancellationToken cancellationToken)
    {
        if (!records.MoveNext())
            throw new InvalidDataException($"{path}, line 1: expected {(options.HasHeader ? "a header" : "an example")}, found nothing.");
        if (options.HasHeader && !options.HasNumericNames)
            CheckIsHeader(records, path, options);
        var reader = new CsvTableReader(records, path, options);
        if (!options.HasHeader)
            reader.AddRow();
        while (records.MoveNext())
        {
            cancellationToken.ThrowIfCancellationRequested();
            reader.AddRow();
            if (reader._lines.Count == RowsBeforeExpecting)
                reader.Expect(length);
        }
        return reader.ToTable();
    }

    /// <summary>
    /// Refuses a first line with a number or a missing value in it: the first example of a file without a header, which would be lost.
    /// </summary>
    private static void CheckIsHeader(CsvRecordReader records, string path, CsvOptions options)
    {
        for (int i = 0; i < records.Count; i++)
        {
            ReadOnlySpan<char> name = records[i].Trim();
            bool isNumber = DecimalNumber.TryParse(name, options.DecimalPoint, out _);
            if (!isNumber && (name.IsEmpty || !options.MissingTexts.Contains(name.ToString())))
                continue;
            string found = isNumber ? "the number" : "a missing value,";
            throw new InvalidDataException(
                $"{path}, line {records.Line}: expected a header, found {found} '{name}' in column {i + 1}. Where the file "
                + $"has no header, say so by {nameof(CsvOptions)}.{nameof(CsvOptions.HasHeader)}; where a number or such a text is the "
                + $"name of a column, by {nameof(CsvOptions.HasNumericNames)}.");
        }
    }

    private void AddRow()
    {
        if (_records.Count != _columns.Count)
        {
            string like = _options.HasHeader ? "in the header" : "on the first line";
            throw new InvalidDataException(
                $"{_path}, line {_records.Line}: expected {_columns.Count} fields, as {like}; found {_records.Count}.");
        }
        if (_columns.Unnamed >= 0)
            CheckIndex();
        foreach ((int column, _, GrowingArray<double>? numbers, CsvTexts? texts) in _read)
        {
            ReadOnlySpan<char> field = _records[column].Trim();
            if (texts is not null)
                texts.Add(field, _missing.Contains(field));
            else
                numbers!.Add(Number(field, column));
        }
        _lines.Add(_records.Line);
    }

    // From the length of the first rows: a file of 100 MB then takes the memory of its numbers, not twice as much while it is read.
    private void Expect(long length)
    {
        const double Slack = 1.05;
        double rows = Slack * length / (_records.Consumed / (double)_lines.Count);
        if (!(rows < Array.MaxLength))
            return;
        foreach ((_, _, GrowingArray<double>? numbers, CsvTexts? texts) in _read)
        {
            numbers?.Expect((int)rows);
            texts?.Expect((int)rows);
        }
        _lines.Expect((int)rows);
    }

    private double Number(ReadOnlySpan<char> field, int column)
    {
        bool isFinite = DecimalNumber.TryParse(field, _options.DecimalPoint, out double value) && double.IsFinite(value);
        if (isFinite && !_isMissingANumber)
            return value;
        if (_missing.Contains(field))
            return double.NaN;
        if (isFinite)
            return value;
        string found = field.Length <= 40 ? field.ToString() : $"{field[..40]}...";
        char other = _options.DecimalPoint == '.' ? ',' : '.';
        string hint = DecimalNumber.TryParse(field, other, out double decimals) && double.IsFinite(decimals)
            ? $"{nameof(CsvOptions)}.{nameof(CsvOptions.DecimalPoint)} says what stands before decimals, here '{_options.DecimalPoint}'."
                + (IsGrouped(field, other) ? " Marks between thousands are not read: take them out." : "")
            : $"Columns of text are named in {nameof(CsvOptions.LabelColumn)}, {nameof(CsvOptions.CategoricalColumns)} or "
                + $"{nameof(CsvOptions.IgnoredColumns)}.";
        throw new InvalidDataException(
            $"{_path}, line {_records.Line}, column {column + 1} ({_columns.NameOf(column)}): expected a finite number, found '{found}'. "
            + hint);
    }

    // 1,500 may be a number and a half or fifteen hundred; 0,125 is no group of thousands.
    private static bool IsGrouped(ReadOnlySpan<char> field, char mark)
    {
        int last = field.LastIndexOf(mark);
        return last > 0 && field.Length - last == 4 && field[0] != '0';
    }

    // Tables are often written with an index, whose column has no name: it counts the rows, from 0 or 1.
    private void CheckIndex()
    {
        ReadOnlySpan<char> field = _records[_columns.Unnamed].Trim();
        if (long.TryParse(field, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            && (number == _lines.Count || number == _lines.Count + 1))
        {
            return;
        }
        throw new InvalidDataException(
            $"{_path}, line {_records.Line}, column 1: the column has no name and does not count the rows, found '{field}'. Name it by "
            + $"{nameof(CsvOptions.ColumnNames)}.");
    }

    private Table ToTable() => new(
        _path,
        [.. _read.OrderBy(column => column.Column).Select(column => column.Texts is { } texts
            ? TableColumn.OfTexts(_columns.NameOf(column.Column), column.Role, column.Column + 1, texts.Codes, texts.Names)
            : TableColumn.KeepNumbers(_columns.NameOf(column.Column), column.Role, column.Column + 1, column.Numbers!.Take()))],
        _lines.TakeArray());
}
