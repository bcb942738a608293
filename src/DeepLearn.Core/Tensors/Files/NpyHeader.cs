using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using DeepLearn.Foundation;

namespace DeepLearn.Tensors.Files;

/// <summary>
/// Reads and writes the header of NumPy's format (versions 1.0 to 3.0): a dictionary as Python writes it, with <c>descr</c>,
/// <c>fortran_order</c> and <c>shape</c>.
/// </summary>
internal static class NpyHeader
{
    private const int Alignment = 64;
    private const int LongestText = 1 << 16;
    private const int MostAxes = 64;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    public static ArrayHeader Read(Stream stream, string source)
    {
        Span<byte> start = stackalloc byte[12];
        int found = stream.ReadAtLeast(start[..10], 10, throwOnEndOfStream: false);
        if (found < 10 || !start[..6].SequenceEqual(Magic))
        {
            string bytes = Convert.ToHexString(start[..Math.Min(found, 6)]);
            throw new InvalidDataException($"{source} is not an npy file: expected it to begin with 93 NUMPY; found '{bytes}'.");
        }
        int major = start[6], minor = start[7], before = 10;
        if (major is < 1 or > 3 || minor != 0)
            throw new InvalidDataException($"{source}: expected version 1.0, 2.0 or 3.0 of the npy format; found {major}.{minor}.");
        long length = BinaryPrimitives.ReadUInt16LittleEndian(start[8..]);
        if (major > 1)
        {
            before = 12;
            found += stream.ReadAtLeast(start[10..12], 2, throwOnEndOfStream: false);
            length = BinaryPrimitives.ReadUInt32LittleEndian(start[8..]);
        }
        if (length > LongestText)
            throw new InvalidDataException($"{source}: expected a header of at most {LongestText} bytes; found {length}.");
        var text = new byte[length];
        found += stream.ReadAtLeast(text, text.Length, throwOnEndOfStream: false);
        if (found < before + length)
        {
            throw new InvalidDataException(
                $"{source} is cut short: it ends at byte {found}; expected a header of {before + length} bytes.");
        }
        (string type, bool isFortran, ValueList<long> shape) = new Dictionary(Encoding.UTF8.GetString(text), source).Read();
        (NumericType element, bool isBigEndian) = TypeOf(type, source);
        return new(element, shape, before + (int)length, isBigEndian, isFortran);
    }

    public static byte[] Write(NumericType type, ReadOnlySpan<int> shape, int leastLength = 0)
    {
        string axes = string.Join(", ", shape.ToArray().Select(extent => extent.ToString(CultureInfo.InvariantCulture)));
        string order = NumericTypes.SizeOf(type) == 1 ? "|" : "<";
        string text = $"{{'descr': '{order}{NameOf(type)}', 'fortran_order': False, 'shape': ({axes}{(shape.Length == 1 ? "," : "")}), }}";

        // Filled up with spaces and ended by a line feed, so that the elements begin at a multiple of 64 bytes.
        int whole = Math.Max(leastLength, (10 + text.Length + 1 + Alignment - 1) / Alignment * Alignment);
        var header = new byte[whole];
        Magic.CopyTo(header);
        header[6] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), checked((ushort)(whole - 10)));
        header.AsSpan(10).Fill((byte)' ');
        Encoding.ASCII.GetBytes(text, header.AsSpan(10));
        header[^1] = (byte)'\n';
        return header;
    }

    private static string NameOf(NumericType type) => type switch
    {
        NumericType.Boolean => "b1",
        NumericType.UInt8 => "u1",
        NumericType.Int8 => "i1",
        NumericType.UInt16 => "u2",
        NumericType.Int16 => "i2",
        NumericType.UInt32 => "u4",
        NumericType.Int32 => "i4",
        NumericType.UInt64 => "u8",
        NumericType.Int64 => "i8",
        NumericType.Float16 => "f2",
        NumericType.Float32 => "f4",
        _ => "f8",
    };

    private static (NumericType Type, bool IsBigEndian) TypeOf(string name, string source)
    {
        foreach (NumericType type in Enum.GetValues<NumericType>())
        {
            bool isIt = name.Length == 3 && name.EndsWith(NameOf(type), StringComparison.Ordinal) && "<>=|".Contains(name[0]);
            if (!isIt)
                continue;
            if (name[0] != '|' || NumericTypes.SizeOf(type) == 1)
                return (type, name[0] == '>');
        }
        string reason = name.Contains('O') ? ", Python objects, which are code" : "";
        throw new InvalidDataException(
            $"{source}: expected elements of type b1, u1 to u8, i1 to i8, f2, f4 or f8; found '{name}'{reason}.");
    }

    /// <summary>A dictionary as Python writes it, of the three keys that there are.</summary>
    private ref struct Dictionary(string text, string source)
    {
        private readonly string _text = text;
        private readonly string _source = source;
        private int _at;

        public (string Type, bool IsFortran, ValueList<long> Shape) Read()
        {
            string? type = null;
            bool? isFortran = null;
            ValueList<long>? shape = null;
            Expect('{');
            while (!TryTake('}'))
            {
                int begin = _at;
                string key = ReadText();
                Expect(':');
                if (key == "descr" && type is null)
                    type = ReadType();
                else if (key == "fortran_order" && isFortran is null)
                    isFortran = ReadBoolean();
                else if (key == "shape" && shape is null)
                    shape = ReadShape();
                else
                    throw Bad($"descr, fortran_order and shape, each once; found '{key}'", begin);
                if (!TryTake(','))
                {
                    Expect('}');
                    break;
                }
            }
            SkipBlanks();
            if (_at < _text.Length)
                throw Bad("nothing after the dictionary", _at);
            if (type is null || isFortran is null || shape is null)
                throw Bad("descr, fortran_order and shape; one is missing", 0);
            return (type, isFortran.Value, shape);
        }

        private string ReadType()
        {
            SkipBlanks();
            if (_at < _text.Length && _text[_at] == '[')
                throw Bad("one type of elements; found a structure of several", _at);
            return ReadText();
        }

        private string ReadText()
        {
            SkipBlanks();
            char quote = _at < _text.Length ? _text[_at] : ' ';
            if (quote is not ('\'' or '"'))
                throw Bad("a text in quotes", _at);
            int end = _text.IndexOf(quote, _at + 1);
            if (end < 0)
                throw Bad("a closing quote", _at);
            string text = _text[(_at + 1)..end];
            if (text.Contains('\\'))
                throw Bad("a text without escapes", _at);
            _at = end + 1;
            return text;
        }

        private bool ReadBoolean()
        {
            SkipBlanks();
            foreach (string value in new[] { "True", "False" })
            {
                if (string.CompareOrdinal(_text, _at, value, 0, value.Length) == 0)
                {
                    _at += value.Length;
                    return value == "True";
                }
            }
            throw Bad("True or False", _at);
        }

        private ValueList<long> ReadShape()
        {
            var shape = new List<long>();
            Expect('(');
            while (!TryTake(')'))
            {
                SkipBlanks();
                int begin = _at;
                while (_at < _text.Length && char.IsAsciiDigit(_text[_at]))
                    _at++;
                if (!long.TryParse(_text.AsSpan(begin, _at - begin), NumberStyles.None, CultureInfo.InvariantCulture, out long extent)
                    || shape.Count == MostAxes)
                {
                    throw Bad($"at most {MostAxes} extents, each a whole number", begin);
                }

                // As Python 2 wrote long integers.
                if (_at < _text.Length && _text[_at] == 'L')
                    _at++;
                shape.Add(extent);
                if (!TryTake(','))
                {
                    Expect(')');
                    break;
                }
            }
            return ValueList.Create<long>([.. shape]);
        }

        private void SkipBlanks()
        {
            while (_at < _text.Length && _text[_at] is ' ' or '\n' or '\r' or '\t')
                _at++;
        }

        private bool TryTake(char expected)
        {
            SkipBlanks();
            if (_at >= _text.Length || _text[_at] != expected)
                return false;
            _at++;
            return true;
        }

        private void Expect(char expected)
        {
            if (!TryTake(expected))
                throw Bad($"'{expected}'", _at);
        }

        private readonly InvalidDataException Bad(string expected, int at)
        {
            string found = at < _text.Length ? _text[at..Math.Min(at + 20, _text.Length)] : "the end";
            return new($"{_source}: at character {at} of the header, expected {expected}; found \"{found}\".");
        }
    }
}
