namespace DeepLearn.Data.Tables;

/// <summary>A column of a <see cref="Table"/>: numbers, or texts of which each distinct one is kept once. It is immutable.</summary>
public sealed class TableColumn
{
    /// <summary>The code of a missing text, -1.</summary>
    public const int None = -1;

    private readonly ReadOnlyMemory<double> _numbers;
    private readonly int[] _codes;
    private readonly string[] _texts;

    private TableColumn(
        string name, ColumnRole role, int position, ReadOnlyMemory<double> numbers, int[] codes, string[] texts, bool isText)
    {
        Name = name;
        Role = role;
        Position = position;
        IsText = isText;
        _numbers = numbers;
        _codes = codes;
        _texts = texts;
    }

    /// <summary>The name, unique in the table.</summary>
    public string Name { get; }

    /// <summary>What the column is for.</summary>
    public ColumnRole Role { get; }

    /// <summary>The position of the column in its file, from 1.</summary>
    public int Position { get; }

    /// <summary>Whether the column holds texts, as those of categories and labels do; otherwise numbers.</summary>
    public bool IsText { get; }

    /// <summary>The number of rows.</summary>
    public int Count => IsText ? _codes.Length : _numbers.Length;

    /// <summary>The numbers, NaN where one is missing; empty if the column holds texts.</summary>
    public ReadOnlySpan<double> Numbers => _numbers.Span;

    /// <summary>The code of the text of each row, <see cref="None"/> where it is missing; empty if the column holds numbers.</summary>
    internal ReadOnlySpan<int> Codes => _codes;

    /// <summary>The texts by their codes.</summary>
    internal ReadOnlySpan<string> Texts => _texts;

    /// <summary>Whether a row has no value in this column.</summary>
    /// <param name="row">The row, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public bool IsMissing(int row)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, Count);
        return IsText ? _codes[row] == None : double.IsNaN(_numbers.Span[row]);
    }

    /// <summary>The text of a row; null if it is missing.</summary>
    /// <param name="row">The row, from 0.</param>
    /// <exception cref="InvalidOperationException">The column holds numbers.</exception>
    public string? TextAt(int row)
    {
        if (!IsText)
            throw new InvalidOperationException($"The column {Name} holds numbers, not texts.");
        return _codes[row] == None ? null : _texts[_codes[row]];
    }

    /// <summary>A column of numbers.</summary>
    /// <param name="name">The name.</param>
    /// <param name="role">What the column is for; not the label.</param>
    /// <param name="position">Its position in the file, from 1.</param>
    /// <param name="numbers">The numbers, finite, or NaN where one is missing; copied.</param>
    /// <exception cref="ArgumentException">The column is a label, or a number is infinite.</exception>
    public static TableColumn OfNumbers(string name, ColumnRole role, int position, ReadOnlySpan<double> numbers) =>
        KeepNumbers(name, role, position, numbers.ToArray());

    /// <summary>A column of numbers in an array that it keeps and does not copy.</summary>
    /// <param name="name">The name.</param>
    /// <param name="role">What the column is for; not the label.</param>
    /// <param name="position">Its position in the file, from 1.</param>
    /// <param name="numbers">The numbers, finite, or NaN where one is missing; not to be changed afterwards.</param>
    /// <exception cref="ArgumentException">The column is a label, or a number is infinite.</exception>
    public static TableColumn KeepNumbers(string name, ColumnRole role, int position, double[] numbers)
    {
        ArgumentNullException.ThrowIfNull(numbers);
        return KeepNumbers(name, role, position, (ReadOnlyMemory<double>)numbers);
    }

    /// <summary>A column of numbers in memory that it keeps and does not copy.</summary>
    /// <param name="name">The name.</param>
    /// <param name="role">What the column is for; not the label.</param>
    /// <param name="position">Its position in the file, from 1.</param>
    /// <param name="memory">The numbers, finite, or NaN where one is missing; not to be changed afterwards.</param>
    /// <exception cref="ArgumentException">The column is a label, or a number is infinite.</exception>
    public static TableColumn KeepNumbers(string name, ColumnRole role, int position, ReadOnlyMemory<double> memory)
    {
        ArgumentNullException.ThrowIfNull(name);
        ReadOnlySpan<double> numbers = memory.Span;
        if (role == ColumnRole.Label)
            throw new ArgumentException($"A label is a text; found numbers in {name}.", nameof(role));
        for (int i = 0; i < numbers.Length; i++)
        {
            if (double.IsInfinity(numbers[i]))
                throw new ArgumentException($"A number is finite, or NaN where it is missing; found {numbers[i]} in row {i} of {name}.");
        }
        return new(name, role, position, memory, [], [], isText: false);
    }

    /// <summary>A column of texts, each of which is kept once.</summary>
    /// <param name="name">The name.</param>
    /// <param name="role">What the column is for; not a target.</param>
    /// <param name="position">Its position in the file, from 1.</param>
    /// <param name="codes">The place of each row's text among the texts, or <see cref="None"/> where it is missing; copied.</param>
    /// <param name="texts">The texts, all different; copied.</param>
    /// <exception cref="ArgumentException">The column is a target, a code is out of range, or a text comes twice.</exception>
    public static TableColumn OfTexts(string name, ColumnRole role, int position, ReadOnlySpan<int> codes, ReadOnlySpan<string> texts)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (role == ColumnRole.Target)
            throw new ArgumentException($"A target is a number; found texts in {name}.", nameof(role));
        if (new HashSet<string>(texts.ToArray(), StringComparer.Ordinal).Count != texts.Length)
            throw new ArgumentException($"The texts of a column are all different; found one twice in {name}.", nameof(texts));
        foreach (int code in codes)
        {
            if (code < None || code >= texts.Length)
                throw new ArgumentException($"A code is from {None} to {texts.Length - 1}; found {code} in {name}.", nameof(codes));
        }
        return new(name, role, position, default, codes.ToArray(), texts.ToArray(), isText: true);
    }

    internal TableColumn At(ReadOnlySpan<int> rows)
    {
        var numbers = new double[IsText ? 0 : rows.Length];
        var codes = new int[IsText ? rows.Length : 0];
        for (int i = 0; i < rows.Length; i++)
        {
            if (IsText)
                codes[i] = _codes[rows[i]];
            else
                numbers[i] = _numbers.Span[rows[i]];
        }
        return new(Name, Role, Position, numbers, codes, _texts, IsText);
    }
}
