using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using DeepLearn.Foundation;
using DeepLearn.Tensors;

namespace DeepLearn.Data.Csv;

/// <summary>Reads tables of numbers with a header: CSV as RFC 4180 has it, in UTF-8, with a point before decimals whatever the machine's
/// culture.</summary>
public static class CsvFiles
{
    private const char ByteOrderMark = '\uFEFF';

    /// <summary>Reads a file.</summary>
    /// <typeparam name="T">The precision to keep the numbers at, <see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="path">The file.</param>
    /// <param name="options">What its columns are.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The examples in the order of the lines; the description has the names of features and classes.</returns>
    /// <exception cref="ArgumentException">The options contradict themselves.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    /// <exception cref="InvalidDataException">
    /// The header is missing or consists of numbers, a column is missing, a record has too few or too many fields, a number is none or not
    /// finite, a label is empty or unknown, quotes do not match, or the file is not UTF-8: the message names the file, line, column, what
    /// was expected and what was found.
    /// </exception>
    /// <exception cref="OperationCanceledException">The reading was stopped.</exception>
    public static DenseDataset<T> Load<T>(string path, CsvOptions options, CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var reader = new StreamReader(path, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true));
        try
        {
            return Parse<T>(reader, path, options, cancellationToken);
        }
        catch (DecoderFallbackException exception)
        {
            throw new InvalidDataException($"{path}: expected a text in UTF-8; found bytes that are none.", exception);
        }
    }

    /// <summary>Reads a text.</summary>
    /// <typeparam name="T">The precision to keep the numbers at, <see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="text">The text; read to its end, not closed.</param>
    /// <param name="name">How messages name it.</param>
    /// <param name="options">What its columns are.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="ArgumentException">The options contradict themselves.</exception>
    /// <exception cref="InvalidDataException">As for <see cref="Load"/>.</exception>
    /// <exception cref="OperationCanceledException">The reading was stopped.</exception>
    public static DenseDataset<T> Parse<T>(TextReader text, string name, CsvOptions options, CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(options);
        if (options.LabelColumn is not null && options.LabelIndex is not null)
            throw new ArgumentException("The label's column has a name or an index, not both.", nameof(options));
        if (options.Separator is '"' or '\r' or '\n')
            throw new ArgumentException("The separator is neither a quote nor a line end.", nameof(options));
        if (text.Peek() == ByteOrderMark)
            text.Read();
        var records = new CsvRecordReader(text, name, options.Separator);
        if (!records.MoveNext())
            throw new InvalidDataException($"{name}, line 1: expected a header, found nothing.");
        if (!options.HasNumericNames)
            CheckIsHeader(records, name);
        var columns = new CsvColumns(records, name, options);

        var features = new List<T>();
        var targets = new List<T>();
        var labels = new List<int>();
        CsvLabels? classes = columns.Label >= 0 ? new(options.ClassNames) : null;
        int count = 0;
        while (records.MoveNext())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (records.Count != columns.Count)
            {
                throw new InvalidDataException(
                    $"{name}, line {records.Line}: expected {columns.Count} fields, as in the header; found {records.Count}.");
            }
            for (int i = 0; i < columns.Features.Count; i++)
                features.Add(Number<T>(records, columns.Features[i], name, columns));
            for (int i = 0; i < columns.Targets.Count; i++)
                targets.Add(Number<T>(records, columns.Targets[i], name, columns));
            if (classes is not null)
            {
                int label = classes.NumberOf(records[columns.Label]);
                if (label < 0)
                {
                    string known = options.ClassNames.Count == 0 ? "a label" : $"one of the labels {options.ClassNames}";
                    throw Bad(records, columns.Label, name, columns, $"expected {known}");
                }
                labels.Add(label);
            }
            count++;
        }
        (ValueList<string> classNames, int[] order) = classes?.Sorted() ?? (ValueList<string>.Empty, []);
        for (int i = 0; i < labels.Count; i++)
            labels[i] = order[labels[i]];
        var description = new DatasetDescription(columns.Features.Count)
        {
            Classes = classNames.Count,
            ClassNames = classNames,
            TargetWidth = columns.Targets.Count,
            FeatureNames = columns.NamesOf(columns.Features),
        };
        return new(
            Filled(features, count, columns.Features.Count),
            classNames.Count == 0 ? null : labels.ToArray(),
            columns.Targets.Count == 0 ? null : Filled(targets, count, columns.Targets.Count),
            description);
    }

    /// <summary>Refuses a first line of numbers alone: the first example of a file without a header, which would be lost.</summary>
    private static void CheckIsHeader(CsvRecordReader records, string name)
    {
        for (int i = 0; i < records.Count; i++)
        {
            if (!double.TryParse(records[i], NumberStyles.Float, CultureInfo.InvariantCulture, out _))
                return;
        }
        throw new InvalidDataException(
            $"{name}, line {records.Line}: expected a header, found numbers alone. Where they are the names of the columns, say so by "
            + $"{nameof(CsvOptions)}.{nameof(CsvOptions.HasNumericNames)}.");
    }

    private static T Number<T>(CsvRecordReader records, int column, string name, CsvColumns columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        T.TryParse(records[column], NumberStyles.Float, CultureInfo.InvariantCulture, out T value) && T.IsFinite(value)
            ? value
            : throw Bad(records, column, name, columns, "expected a finite number");

    private static InvalidDataException Bad(CsvRecordReader records, int column, string name, CsvColumns columns, string expected)
    {
        string found = records[column].Length <= 40 ? records[column].ToString() : $"{records[column][..40]}...";
        return new($"{name}, line {records.Line}, column {column + 1} ({columns.NameOf(column)}): {expected}, found '{found}'.");
    }

    private static Matrix<T> Filled<T>(List<T> values, int rows, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var matrix = new Matrix<T>(rows, columns);
        CollectionsMarshal.AsSpan(values).CopyTo(matrix.AsSpan());
        return matrix;
    }
}
