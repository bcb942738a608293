using System.Numerics;
using DeepLearn.Data;
using DeepLearn.Data.Tables;
using DeepLearn.Foundation;
using DeepLearn.Tensors;

namespace DeepLearn.Models.Predictors;

/// <summary>
/// Makes a network's inputs of a user's values: names become columns, categories become features, and all of it is normalized.
/// </summary>
internal sealed class ExampleReader<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Shape _input;
    private readonly Preprocessing? _preprocessing;
    private readonly string[] _names;
    private readonly Dictionary<string, int> _columns = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>?[] _categories;
    private readonly HashSet<string> _others;

    public ExampleReader(ModelCard card, Shape input)
    {
        _input = input;
        _preprocessing = card.Preprocessing;
        Transform = card.Normalization?.Build<T>();
        Columns = _preprocessing?.Columns.Count ?? input.Count;
        _names = _preprocessing is { } steps ? [.. steps.Columns.Select(column => column.Name)] : [.. card.FeatureNames];
        for (int i = 0; i < _names.Length; i++)
            _columns.TryAdd(_names[i], i);
        _categories = new Dictionary<string, int>?[Columns];
        for (int i = 0; i < (_preprocessing?.Columns.Count ?? 0); i++)
        {
            if (_preprocessing!.Columns[i] is not { IsCategorical: true } column)
                continue;
            _categories[i] = new(StringComparer.Ordinal);
            for (int j = 0; j < column.Categories.Count; j++)
                _categories[i]!.TryAdd(column.Categories[j], j);
        }
        _others = _preprocessing is null
            ? []
            : [.. _preprocessing.TargetColumns, .. _preprocessing.LabelColumn is { } label ? [label] : Array.Empty<string>()];
    }

    /// <summary>The number of values that a row has: the table's columns, or the features.</summary>
    public int Columns { get; }

    /// <summary>The names of the values of a row, in order; empty if they are not known.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>The normalization, ready for use; null for none.</summary>
    public FeatureTransform<T>? Transform { get; }

    /// <summary>Whether rows go through a table's preprocessing.</summary>
    public bool IsOfTable => _preprocessing is not null;

    /// <summary>Writes an example that is given by numbers.</summary>
    /// <exception cref="InvalidExampleException">A number is not finite, or a category would be needed.</exception>
    public void Read<TValue>(ReadOnlySpan<TValue> row, Span<T> destination, int? example)
        where TValue : unmanaged, IBinaryFloatingPointIeee754<TValue>
    {
        RequireLength(row.Length, example);
        for (int i = 0; i < row.Length; i++)
        {
            if (!TValue.IsFinite(row[i]) && !(IsOfTable && TValue.IsNaN(row[i])))
                throw Fault(i, "a finite number", FormattableString.Invariant($"{row[i]}"), example);
        }
        if (_preprocessing is null)
        {
            if (Transform is not null)
                Transform.ApplyTo(0, row, destination);
            else
                System.Numerics.Tensors.TensorPrimitives.ConvertTruncating(row, destination);
            RequireRange(row, destination, example);
            return;
        }
        Span<double> codes = Columns <= 256 ? stackalloc double[Columns] : new double[Columns];
        for (int i = 0; i < row.Length; i++)
        {
            codes[i] = CodeOf(i, double.CreateChecked(row[i]), example);
        }
        WriteCodes(codes, destination, example);
    }

    /// <summary>Writes an example that is given by named values.</summary>
    /// <exception cref="InvalidExampleException">A name is unknown, missing or there twice, or a value is not of its column.</exception>
    public void Read(ReadOnlySpan<(string Name, FeatureValue Value)> values, Span<T> destination, int? example)
    {
        if (_names.Length == 0)
        {
            throw new InvalidExampleException(
                $"The model has no names of features; its examples are rows of {_input.Count} numbers.", null, example);
        }
        Span<double> codes = Columns <= 256 ? stackalloc double[Columns] : new double[Columns];
        Span<bool> isGiven = Columns <= 1024 ? stackalloc bool[Columns] : new bool[Columns];
        codes.Clear();
        isGiven.Clear();
        foreach ((string name, FeatureValue value) in values)
        {
            if (name is null || !_columns.TryGetValue(name, out int column))
            {
                if (name is not null && _others.Contains(name))
                    continue;
                throw new InvalidExampleException($"Expected the features {NameList.Of(_names)}; found '{name}'.", name, example);
            }
            if (isGiven[column])
                throw new InvalidExampleException($"Expected every feature once; found '{name}' twice.", name, example);
            isGiven[column] = true;
            codes[column] = CodeOf(column, value, example);
        }
        for (int i = 0; i < codes.Length; i++)
        {
            if (!isGiven[i])
                codes[i] = CodeOf(i, FeatureValue.Missing, example);
        }
        if (_preprocessing is not null)
            WriteCodes(codes, destination, example);
        else
            Read<double>(codes, destination, example);
    }

    /// <summary>Throws unless a row has as many values as there are columns.</summary>
    public void RequireLength(int length, int? example)
    {
        if (length == Columns)
            return;
        throw new InvalidExampleException(
            IsOfTable
                ? $"The model takes rows of {Columns} values ({NameList.Of(_names)}); found {length}."
                : $"The model takes examples of {_input}, {_input.Count} numbers; found {length}.",
            null,
            example);
    }

    /// <summary>The fault of a value.</summary>
    public InvalidExampleException Fault(int column, string expected, string found, int? example)
    {
        string name = column < _names.Length ? _names[column] : FormattableString.Invariant($"feature {column}");
        return new($"Expected {expected} as {name}; found {found}.", name, example);
    }

    private void RequireRange<TValue>(ReadOnlySpan<TValue> row, Span<T> destination, int? example, int first = 0)
        where TValue : unmanaged, IBinaryFloatingPointIeee754<TValue>
    {
        for (int i = 0; i < destination.Length; i++)
        {
            if (T.IsInfinity(destination[i]))
            {
                throw Fault(
                    first + i, $"a number in the range of {TypeNames.Of<T>()}", FormattableString.Invariant($"{row[i]}"), example);
            }
        }
    }

    // What stands for a value before the column's own steps: the number, the position of the category, or NaN for none.
    private double CodeOf(int column, FeatureValue value, int? example)
    {
        if (value.IsMissing)
        {
            bool isFilled = _preprocessing is not null
                && (_preprocessing.MissingValues == MissingValues.NaN || !double.IsNaN(_preprocessing.Columns[column].Replacement));
            return isFilled ? double.NaN : throw Fault(column, "a value", "nothing", example);
        }
        if (_categories[column] is not { } categories)
        {
            return value.IsNumber && double.IsFinite(value.Number)
                ? value.Number
                : throw Fault(column, "a finite number", value.ToString(), example);
        }
        string text = value.Text ?? value.ToString();
        if (categories.TryGetValue(text, out int position))
            return position;
        return _preprocessing!.UnknownCategories == UnknownCategories.AsNone
            ? double.NaN
            : throw Fault(column, $"one of {NameList.Of(_preprocessing.Columns[column].Categories)}", value.ToString(), example);
    }

    // The same steps, rounded at the same places, as a whole table goes through.
    private void WriteCodes(ReadOnlySpan<double> codes, Span<T> destination, int? example)
    {
        ValueList<ColumnPreparation> columns = _preprocessing!.Columns;
        int at = 0;
        for (int i = 0; i < codes.Length; i++)
        {
            int width = columns[i].Width;
            Span<T> features = destination.Slice(at, width);
            if (width == 1)
            {
                double only = 0;
                columns[i].Write(codes[i], new Span<double>(ref only));
                features[0] = T.CreateChecked(only);
                RequireRange(codes.Slice(i, 1), features, example, i);
                Transform?.ApplyTo(at, new ReadOnlySpan<double>(in only), features);
            }
            else
            {
                // One of the categories, or none of them.
                double code = double.IsNaN(codes[i]) ? columns[i].Replacement : codes[i];
                features.Clear();
                if (!double.IsNaN(code))
                    features[(int)code] = T.One;
                Transform?.Apply(at, features, features);
            }
            at += width;
        }
    }
}
