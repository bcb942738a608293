using System.Buffers;

namespace DeepLearn.Data.Csv;

/// <summary>Reads the records of a CSV text (RFC 4180, 2005, with any separator) one at a time into one buffer.</summary>
internal sealed class CsvRecordReader
{
    private readonly TextReader _text;
    private readonly string _path;
    private readonly char _separator;
    private readonly SearchValues<char> _plainEnds;
    private readonly List<int> _ends = [];
    private readonly char[] _block = new char[1 << 16];
    private int _next;
    private int _end;
    private long _blocks;
    private char[] _characters = new char[256];
    private int _length;
    private int _line = 1;

    public CsvRecordReader(TextReader text, string path, char separator)
    {
        _text = text;
        _path = path;
        _separator = separator;
        _plainEnds = SearchValues.Create([separator, '"', '\r', '\n']);
    }

    /// <summary>The line on which the record begins, from 1.</summary>
    public int Line { get; private set; }

    /// <summary>The number of characters read so far.</summary>
    public long Consumed => _blocks + _next;

    /// <summary>The number of fields of the record.</summary>
    public int Count => _ends.Count;

    /// <summary>A field of the record, without its quotes. Valid until the next record.</summary>
    public ReadOnlySpan<char> this[int field]
    {
        get
        {
            int start = field == 0 ? 0 : _ends[field - 1];
            return _characters.AsSpan(start, _ends[field] - start);
        }
    }

    /// <summary>Goes to the next record that is not an empty line.</summary>
    /// <returns>Whether there is one.</returns>
    /// <exception cref="InvalidDataException">A quote stands where none may, or is missing.</exception>
    public bool MoveNext()
    {
        while (Peek() >= 0)
        {
            _ends.Clear();
            _length = 0;
            Line = _line;
            bool isQuoted = false;
            while (ReadField(ref isQuoted))
            {
            }
            if (_ends.Count > 1 || _length > 0 || isQuoted)
                return true;
        }
        return false;
    }

    /// <summary>Reads one field and what ends it; says whether another one follows in the record.</summary>
    private bool ReadField(ref bool anyQuoted)
    {
        int start = _length;
        SkipBlanks();
        if (Peek() == '"')
        {
            _length = start;
            ReadOne();
            anyQuoted = true;
            ReadQuoted();
        }
        while (true)
        {
            AppendPlain();
            int next = ReadOne();
            if (next == _separator || next < 0 || next is '\r' or '\n')
            {
                _ends.Add(_length);
                if (next == _separator)
                    return true;
                if (next == '\r' && Peek() == '\n')
                    ReadOne();
                _line++;
                return false;
            }
            if (next == '"')
                throw Bad("a quote inside a field that is not quoted");
            Append((char)next);
        }
    }

    private void ReadQuoted()
    {
        int opened = _line;
        while (true)
        {
            int next = ReadOne();
            if (next < 0)
                throw Bad($"a closing quote is missing for the one opened on line {opened}");
            if (next == '"')
            {
                if (Peek() != '"')
                    break;
                ReadOne();
            }
            if (next == '\n' || (next == '\r' && Peek() != '\n'))
                _line++;
            Append((char)next);
        }
        int length = _length;
        SkipBlanks();
        _length = length;
        int after = Peek();
        if (after >= 0 && after != _separator && after is not ('\r' or '\n'))
            throw Bad($"expected a separator or the end of the line after a closing quote, found '{(char)after}'");
    }

    // Blanks before and after quotes belong to neither the field nor the record; elsewhere they are part of the field.
    private void SkipBlanks()
    {
        while (Peek() is ' ' or '\t' && Peek() != _separator)
            Append((char)ReadOne());
    }

    private int Peek()
    {
        if (_next == _end)
        {
            _blocks += _end;
            _next = 0;
            _end = _text.Read(_block, 0, _block.Length);
        }
        return _end > 0 ? _block[_next] : -1;
    }

    private int ReadOne()
    {
        int next = Peek();
        if (next >= 0)
            _next++;
        return next;
    }

    // The characters up to the next special one, many at a time.
    private void AppendPlain()
    {
        ReadOnlySpan<char> rest = _block.AsSpan(_next, _end - _next);
        int count = rest.IndexOfAny(_plainEnds) is var found && found >= 0 ? found : rest.Length;
        if (_characters.Length - _length < count)
            Array.Resize(ref _characters, Math.Max(_length * 2, _length + count));
        rest[..count].CopyTo(_characters.AsSpan(_length));
        _length += count;
        _next += count;
    }

    private void Append(char character)
    {
        if (_length == _characters.Length)
            Array.Resize(ref _characters, _length * 2);
        _characters[_length++] = character;
    }

    private InvalidDataException Bad(string what) => new($"{_path}, line {_line}, column {_ends.Count + 1}: {what}.");
}
