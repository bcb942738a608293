using System.Globalization;
using DeepLearn.Foundation;

namespace DeepLearn.Data.Csv;

/// <summary>The labels of a file: those that are given, or those that occur.</summary>
internal sealed class CsvLabels
{
    private readonly List<string> _names = [];
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly bool _areGiven;

    public CsvLabels(ValueList<string> given)
    {
        _areGiven = given.Count > 0;
        foreach (string name in given)
        {
            if (!_numbers.TryAdd(name, _names.Count))
                throw new ArgumentException($"Each class is named once; found '{name}' twice.", nameof(given));
            _names.Add(name);
        }
    }

    /// <summary>The provisional number of a label; -1 where it is not one of those given, or, where none are, empty.</summary>
    public int NumberOf(ReadOnlySpan<char> label)
    {
        Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> lookup = _numbers.GetAlternateLookup<ReadOnlySpan<char>>();
        label = label.Trim();
        if (lookup.TryGetValue(label, out int number))
            return number;
        if (_areGiven || label.IsEmpty)
            return -1;
        lookup[label] = _names.Count;
        _names.Add(label.ToString());
        return _names.Count - 1;
    }

    /// <summary>The labels in the order of their classes, and the class of each provisional number.</summary>
    public (ValueList<string> Names, int[] ClassOf) Sorted()
    {
        int[] order = [.. Enumerable.Range(0, _names.Count)];
        if (!_areGiven)
        {
            // Numbers beyond 64 bits count as text.
            var numbers = new long[_names.Count];
            bool areNumbers = true;
            for (int i = 0; i < numbers.Length && areNumbers; i++)
                areNumbers = long.TryParse(_names[i], NumberStyles.Integer, CultureInfo.InvariantCulture, out numbers[i]);
            Array.Sort(order, (a, b) =>
            {
                // "1" and "01" are two labels; their order does not depend on the file's either.
                int byNumber = areNumbers ? numbers[a].CompareTo(numbers[b]) : 0;
                return byNumber != 0 ? byNumber : string.CompareOrdinal(_names[a], _names[b]);
            });
        }
        var classOf = new int[order.Length];
        for (int i = 0; i < order.Length; i++)
            classOf[order[i]] = i;
        return (ValueList.Create<string>([.. order.Select(i => _names[i])]), classOf);
    }
}
