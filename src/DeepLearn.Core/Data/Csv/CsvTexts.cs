using DeepLearn.Data.Tables;

namespace DeepLearn.Data.Csv;

/// <summary>A column of texts while it is read: each distinct text once, and a code for each row.</summary>
internal sealed class CsvTexts
{
    private readonly List<string> _names = [];
    private readonly GrowingArray<int> _codes = new();
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _known =
        new Dictionary<string, int>(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The codes; may be called once.</summary>
    public int[] Codes => _codes.TakeArray();

    public string[] Names => [.. _names];

    public void Expect(int count) => _codes.Expect(count);

    public void Add(ReadOnlySpan<char> text, bool isMissing)
    {
        if (isMissing)
        {
            _codes.Add(TableColumn.None);
            return;
        }
        if (!_known.TryGetValue(text, out int code))
        {
            code = _names.Count;
            _known[text] = code;
            _names.Add(text.ToString());
        }
        _codes.Add(code);
    }
}
