using System.Numerics;
using System.Text;
using DeepLearn.Data.Tables;

namespace DeepLearn.Data.Csv;

/// <summary>
/// Reads tables: CSV as RFC 4180 has it, with any separator and with blanks around quotes, in UTF-8, with a point before decimals, or a
/// comma where the options say so, whatever the machine's culture.
/// </summary>
/// <example><code>
/// File.WriteAllText("plants.csv", "water,light,survives\n0.1,0.9,no\n0.8,0.7,yes\n0.9,0.8,yes\n");
/// DenseDataset&lt;float&gt; plants = CsvFiles.Load&lt;float&gt;("plants.csv", new() { LabelColumn = "survives" });
/// Console.WriteLine($"{plants.Count} examples of {plants.Description.FeatureNames}");    // prints 3 examples of [water, light]
/// </code></example>
public static class CsvFiles
{
    private const char ByteOrderMark = '\uFEFF';

    /// <summary>
    /// Reads a file into examples, with what <see cref="Preprocessing"/> does by default: missing values are refused, categories are
    /// one-hot. Validation data that are read so have the classes and columns of their own file: use <see cref="ReadTable"/> and one
    /// <see cref="Preprocessing"/> for both, or <see cref="Dataset.AlignedTo"/>.
    /// </summary>
    /// <typeparam name="T">The precision to keep the numbers at, <see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="path">The file.</param>
    /// <param name="options">What its columns are.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The examples in the order of the lines; the description has the names of features and classes.</returns>
    /// <exception cref="ArgumentException">The options contradict themselves.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    /// <exception cref="InvalidDataException">
    /// As for <see cref="ReadTable"/>; or a value is missing, a label is unknown, or labels do not look like classes.
    /// </exception>
    /// <exception cref="OperationCanceledException">The reading was stopped.</exception>
    public static DenseDataset<T> Load<T>(string path, CsvOptions options, CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => ToDataset<T>(ReadTable(path, options, cancellationToken), options);

    /// <summary>Reads a text into examples.</summary>
    /// <typeparam name="T">The precision to keep the numbers at, <see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="text">The text; read to its end, not closed.</param>
    /// <param name="name">How messages name it.</param>
    /// <param name="options">What its columns are.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="ArgumentException">The options contradict themselves.</exception>
    /// <exception cref="InvalidDataException">As for <see cref="Load"/>.</exception>
    /// <exception cref="OperationCanceledException">The reading was stopped.</exception>
    public static DenseDataset<T> Parse<T>(TextReader text, string name, CsvOptions options, CancellationToken cancellationToken = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => ToDataset<T>(ParseTable(text, name, options, cancellationToken), options);

    /// <summary>Reads a file as it is, for a <see cref="Preprocessing"/>; values may be missing.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">What its columns are.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="ArgumentException">The options contradict themselves.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    /// <exception cref="InvalidDataException">
    /// The header is missing or has a number in it, a column is missing or has no name, a record has too few or too many fields, a number
    /// is none or not finite, quotes do not match, or the file is not UTF-8: the message names the file, line, column, what was expected
    /// and what was found.
    /// </exception>
    /// <exception cref="OperationCanceledException">The reading was stopped.</exception>
    public static Table ReadTable(string path, CsvOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        RefuseOtherEncodings(file, path);
        var strict = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
        using var reader = new StreamReader(file, strict, detectEncodingFromByteOrderMarks: false, 1 << 16);
        try
        {
            return ParseTable(reader, path, options, file.Length, cancellationToken);
        }
        catch (DecoderFallbackException exception)
        {
            throw new InvalidDataException($"{path}: expected a text in UTF-8; found bytes that are none.", exception);
        }
    }

    /// <summary>Reads a text as it is, for a <see cref="Preprocessing"/>; values may be missing.</summary>
    /// <param name="text">The text; read to its end, not closed.</param>
    /// <param name="name">How messages name it.</param>
    /// <param name="options">What its columns are.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="ArgumentException">The options contradict themselves.</exception>
    /// <exception cref="InvalidDataException">As for <see cref="ReadTable"/>.</exception>
    /// <exception cref="OperationCanceledException">The reading was stopped.</exception>
    public static Table ParseTable(TextReader text, string name, CsvOptions options, CancellationToken cancellationToken = default) =>
        ParseTable(text, name, options, 0, cancellationToken);

    /// <param name="text">The text.</param>
    /// <param name="name">How messages name it.</param>
    /// <param name="options">What its columns are.</param>
    /// <param name="length">About how many characters it has; 0 where that is not known.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    private static Table ParseTable(TextReader text, string name, CsvOptions options, long length, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(options);
        if (options.LabelColumn is not null && options.LabelIndex is not null)
            throw new ArgumentException("The label's column has a name or an index, not both.", nameof(options));
        if (options.Separator is '"' or '\r' or '\n')
            throw new ArgumentException("The separator is neither a quote nor a line end.", nameof(options));
        if (options.DecimalPoint is not ('.' or ',') || options.DecimalPoint == options.Separator)
        {
            throw new ArgumentException(
                $"What stands before decimals is a point or a comma, other than the separator; found '{options.DecimalPoint}' and "
                + $"'{options.Separator}'.",
                nameof(options));
        }
        if (options.ClassNames.Distinct().Count() != options.ClassNames.Count)
            throw new ArgumentException($"Each class is named once; found {options.ClassNames}.", nameof(options));
        if (text.Peek() == ByteOrderMark)
            text.Read();
        return CsvTableReader.Read(new CsvRecordReader(text, name, options.Separator), name, options, length, cancellationToken);
    }

    // A spreadsheet's "Unicode text" is UTF-16, with a mark at its beginning or a zero byte in each of its first characters.
    private static void RefuseOtherEncodings(FileStream file, string path)
    {
        Span<byte> start = stackalloc byte[4];
        start = start[..file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        file.Position = 0;
        string? found = start switch
        {
            [0xFF, 0xFE, 0, 0] or [0, 0, 0xFE, 0xFF] or [0, 0, 0, _] => "UTF-32",
            [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] or [_, 0, ..] or [0, _, ..] => "UTF-16",
            [0x1F, 0x8B, ..] => "a gzipped file",
            [(byte)'P', (byte)'K', 3, 4] => "a zip archive, perhaps a spreadsheet",
            _ => null,
        };
        if (found is null)
            return;
        throw new InvalidDataException($"{path}: expected a text in UTF-8; found {found}, as its first bytes say. Save it as UTF-8 text.");
    }

    private static DenseDataset<T> ToDataset<T>(Table table, CsvOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // A header alone has nothing to fit.
        PreprocessingOptions fitting = new() { LabelsAreClasses = options.ClassNames.Count > 0 };
        Preprocessing preprocessing = table.Count > 0 ? Preprocessing.Fit(table, fitting) : new()
        {
            Columns = Foundation.ValueList.Create<ColumnPreparation>([.. table.Columns
                .Where(column => column.Role == ColumnRole.Feature && !column.IsText)
                .Select(column => new ColumnPreparation { Name = column.Name })]),
            LabelColumn = table.Columns.FirstOrDefault(column => column.Role == ColumnRole.Label)?.Name,
            TargetColumns = Foundation.ValueList.Create<string>(
                [.. table.Columns.Where(column => column.Role == ColumnRole.Target).Select(column => column.Name)]),
        };
        if (options.ClassNames.Count > 0)
            preprocessing = preprocessing with { ClassNames = options.ClassNames };
        return preprocessing.Apply<T>(table);
    }
}
