using System.Buffers.Binary;
using System.Text;
using DeepLearn.Tensors;
using DeepLearn.Tensors.Files;
using DeepLearn.Tests.Support;
using Xunit;

namespace DeepLearn.Tests.Tensors.Files;

/// <summary>
/// Files that are not what they say: each is refused with a message that says where, and none makes the reader reserve memory.
/// Alone, since it leaves much to collect to whoever counts bytes beside it.
/// </summary>
[Collection(Alone.Name)]
public class BrokenSafetensorsTests
{
    private const string Good =
        """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1,1],"data_offsets":[8,12]}}""";

    public static TheoryData<string, string, string> Headers => new()
    {
        { "hole", Good.Replace("[8,12]", "[9,13]"), "tensor b: its bytes begin where those of a end, at 8; found 9" },
        { "overlap", Good.Replace("[8,12]", "[4,8]"), "tensor b: its bytes begin where those of a end, at 8; found 4" },
        { "the same bytes", Good.Replace("[2]", "[1]").Replace("[0,8]", "[0,4]").Replace("[8,12]", "[0,4]"), "at 4; found 0" },
        {
            "a gap at the start",
            Good.Replace("[0,8]", "[1,9]").Replace("[8,12]", "[9,13]"),
            "tensor a: its bytes begin where those of the header end"
        },
        {
            "out of range",
            Good.Replace("\"shape\":[1,1],\"data_offsets\":[8,12]", "\"shape\":[1,2],\"data_offsets\":[8,16]"),
            "tensor b: expected 8 bytes at 8"
        },
        {
            "left over",
            Good.Replace(",\"b\":{\"dtype\":\"F32\",\"shape\":[1,1],\"data_offsets\":[8,12]}", ""),
            "expected 8 bytes after the header, where a ends; found 12"
        },
        { "shape too large", Good.Replace("[1,1]", "[1,2]"), "tensor b: F32 [1, 2] takes 8 bytes; found data_offsets 8 to 12, 4 bytes" },
        { "shape overflows", Good.Replace("[1,1]", "[9223372036854775807,9223372036854775807,3]"), "more bytes than a file can have" },
        { "shape overflows to the right size", Good.Replace("[1,1]", "[4294967296,4294967296,1]"), "more bytes than a file can have" },
        { "offsets overflow", Good.Replace("[8,12]", "[8,9223372036854775808]"), "the data_offsets of tensor b are whole numbers" },
        { "backwards", Good.Replace("[8,12]", "[12,8]"), "tensor b: its bytes end after they begin" },
        { "negative extent", Good.Replace("[1,1]", "[-1,-1]"), "the shape of tensor b are whole numbers" },
        { "a fraction", Good.Replace("[1,1]", "[1,1.0]"), "the shape of tensor b are whole numbers" },
        { "an extent in quotes", Good.Replace("[1,1]", "[1,\"1\"]"), "the shape of tensor b are whole numbers" },
        { "one offset", Good.Replace("[8,12]", "[8]"), "found 1 data_offsets" },
        { "three offsets", Good.Replace("[8,12]", "[8,12,16]"), "found 3 data_offsets" },
        {
            "no type",
            Good.Replace("\"dtype\":\"F32\",\"shape\":[1,1]", "\"shape\":[1,1]"),
            "tensor b: expected dtype, shape and two data_offsets; found no dtype"
        },
        { "no shape", Good.Replace("\"shape\":[1,1],", ""), "found no shape" },
        { "no offsets", Good.Replace(",\"data_offsets\":[8,12]", ""), "found no data_offsets" },
        { "a name twice", Good.Replace("\"b\"", "\"a\""), "found \"a\" twice" },
        { "a name twice, once escaped", Good.Replace("\"b\"", "\"\\u0061\""), "found \"a\" twice" },
        { "a field twice", Good.Replace("[1,1],", "[1,1],\"shape\":[1,1],"), "found \"shape\" besides" },
        { "a field too many", Good.Replace("[1,1],", "[1,1],\"stride\":[1,1],"), "found \"stride\" besides" },
        { "texts twice", Good.Replace("{\"a\"", "{\"__metadata__\":{},\"__metadata__\":{},\"a\""), "found \"__metadata__\" twice" },
        { "a key twice", Good.Replace("{\"a\"", "{\"__metadata__\":{\"k\":\"\",\"k\":\"\"},\"a\""), "found \"k\" twice" },
        { "a text that is a number", Good.Replace("{\"a\"", "{\"__metadata__\":{\"k\":1},\"a\""), "\"k\" is a text" },
        { "texts that are a list", Good.Replace("{\"a\"", "{\"__metadata__\":[],\"a\""), "__metadata__ is an object" },
        {
            "a tensor that is null",
            Good.Replace("{\"dtype\":\"F32\",\"shape\":[1,1],\"data_offsets\":[8,12]}", "null"),
            "tensor b is an object"
        },
        { "a shape that is an object", Good.Replace("[1,1]", "{}"), "the shape of tensor b is an array" },
        { "half a surrogate", Good.Replace("\"b\"", "\"\\ud800\""), "not the JSON" },
        { "too deep", Good.Replace("[1,1]", "[[1]]"), "not the JSON" },
        { "a comment", Good.Replace("{\"a\"", "{/**/\"a\""), "not the JSON" },
        { "no end", Good[..^1], "not the JSON" },
        { "rubbish after the end", Good + "x", "not the JSON" },
        { "a second object", Good + "{}", "not the JSON" },
        { "white space before", " " + Good, "begins with a brace" },
        { "an array", "[" + Good + "]", "begins with a brace" },
        { "nothing", "", "begins with a brace" },
    };

    [Theory]
    [MemberData(nameof(Headers))]
    public void SafetensorsReader_broken_header_is_refused_with_file_and_fault(string what, string header, string message)
    {
        byte[] data = new byte[12];
        using (SafetensorsBytes.Open(SafetensorsBytes.File(Good, data)))
        {
        }
        var exception = Assert.Throws<InvalidDataException>(() => SafetensorsBytes.Open(SafetensorsBytes.File(header, data)));
        Assert.True(exception.Message.StartsWith("the file", StringComparison.Ordinal), $"{what}: {exception.Message}");
        Assert.Contains(message, exception.Message);
    }

    [Fact]
    public void File_of_ONNX_is_named_with_what_reads_it()
    {
        const string Named = "It looks like an ONNX file, which OnnxModel.Load of the package DeepLearn.Onnx reads.";

        // As PyTorch and Keras begin, by the version of the form and the producer; by the graph at once; and by the name alone.
        Assert.EndsWith(Named, Refusal([8, 7, 0x12, 7, .. "pytorch"u8], "the stream"));
        Assert.EndsWith(Named, Refusal([8, 12, 0x3A, 0x80, 4, 0x0A, 1, 65, 66], "the stream"));
        Assert.EndsWith(Named, Refusal([1, 2, 3], "\"digits.ONNX\""));
        Assert.DoesNotContain("ONNX", Refusal([8, 0, 0x12, 7, .. "pytorch"u8], "the stream"));
        Assert.DoesNotContain("ONNX", Refusal([0x50, 0x4B, 3, 4, 0, 0, 8, 8, 0, 0], "\"weights.pt\""));

        static string Refusal(byte[] bytes, string name) =>
            Assert.Throws<InvalidDataException>(() => SafetensorsReader.Open(new MemoryStream(bytes), name)).Message;
    }

    [Fact]
    public void SafetensorsReader_header_that_is_not_UTF8_is_refused()
    {
        byte[] header = Encoding.UTF8.GetBytes(Good);
        header[Array.IndexOf(header, (byte)'b')] = 0xFF;
        Assert.Throws<InvalidDataException>(() => SafetensorsBytes.Open(SafetensorsBytes.File(header, new byte[12])));
    }

    [Fact]
    public void SafetensorsReader_reads_tensors_without_elements_and_without_axes()
    {
        const string Header =
            """{"none":{"dtype":"F32","shape":[0,9223372036854775807,9223372036854775807],"data_offsets":[0,0]},"one":"""
            + """{"dtype":"F64","shape":[],"data_offsets":[0,8]},"n":{"dtype":"I64","shape":[1],"data_offsets":[8,16]}}""";
        using SafetensorsReader reader = SafetensorsBytes.Open(SafetensorsBytes.File(Header, new byte[16]));
        Assert.Equal([0L, 1, 1], reader.Tensors.Select(entry => entry.Count));
        var exception = Assert.Throws<InvalidDataException>(() => reader.ReadMatrix<double>(reader.Find("n")!));
        Assert.Contains("n I64 [1]", exception.Message);
        Assert.Throws<InvalidDataException>(() => reader.ReadMatrix<float>(reader.Find("none")!));
        Assert.Throws<InvalidDataException>(() => reader.ReadMatrix<double>(reader.Find("one")!));
        var number = new double[1];
        reader.Read(reader.Find("one")!, number.AsSpan());
        Assert.Throws<ArgumentException>(() => reader.Read(reader.Find("one")!, new double[2].AsSpan()));
        using SafetensorsReader other = SafetensorsBytes.Open(SafetensorsBytes.File(Header, new byte[16]));
        Assert.Throws<ArgumentException>(() => other.Read(reader.Find("one")!, number.AsSpan()));
    }

    [Fact]
    public void SafetensorsReader_file_cut_anywhere_or_with_any_header_byte_changed_never_crashes()
    {
        byte[] file = SafetensorsBytes.File(Good.Replace("{\"a\"", "{\"__metadata__\":{\"k\":\"v\"},\"a\""), new byte[12]);
        for (int length = 0; length < file.Length; length++)
            Assert.Throws<InvalidDataException>(() => SafetensorsBytes.Open(file[..length]));
        for (int at = 0; at < file.Length - 12; at++)
        {
            // Each bit of it, and what means something in JSON.
            byte[] values = [.. Enumerable.Range(0, 8).Select(bit => (byte)(file[at] ^ (1 << bit))), .. "0189-.e\"\\{}[],: \0\u00ff"u8];
            foreach (byte value in values)
            {
                byte[] changed = [.. file];
                changed[at] = value;
                Try(changed);
            }
        }
    }

    [Property(MaxTest = 200)]
    public void SafetensorsReader_random_bytes_are_refused(byte[] rubbish, ulong length)
    {
        byte[] file = new byte[8 + rubbish.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(file, length % 3 == 0 ? length : (ulong)rubbish.Length);
        rubbish.CopyTo(file, 8);
        if (rubbish.Length > 0 && rubbish[0] == (byte)'{')
            file[8]++;
        Assert.False(Try(file));
        if (rubbish.Length == 0)
            return;

        // A brace and its partner, and white space, are a file without tensors; nothing else of this kind is one.
        file[8] = (byte)'{';
        string text = new([.. Encoding.Latin1.GetString(file[8..]).Where(letter => !"\t\n\r ".Contains(letter))]);
        Assert.Equal(text == "{}" && BinaryPrimitives.ReadUInt64LittleEndian(file) == (ulong)rubbish.Length, Try(file));
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(-1)]
    [InlineData(100_000_001)]
    [InlineData(200)]
    [InlineData(long.MinValue)]
    public void SafetensorsReader_header_length_beyond_the_file_reserves_no_memory(long length)
    {
        byte[] file = SafetensorsBytes.File(Good, new byte[12]);
        BinaryPrimitives.WriteInt64LittleEndian(file, length);
        Assert.False(Try(file));
    }

    [Fact]
    public void SafetensorsReader_file_shortened_while_open_is_named()
    {
        using var stream = new MemoryStream();
        stream.Write(SafetensorsBytes.File(Good, new byte[12]));
        stream.Position = 0;
        using SafetensorsReader reader = SafetensorsReader.Open(stream, "the file");
        stream.SetLength(stream.Length - 5);
        var exception = Assert.Throws<InvalidDataException>(() => reader.ReadMatrix<float>(reader.Find("b")!));
        Assert.Contains("the file was cut short", exception.Message);
    }

    /// <summary>Reads everything or is refused, with little memory either way.</summary>
    private static bool Try(byte[] file)
    {
        // What the runtime itself needs for the first exception of a kind is no matter of the file's.
        long most = 65_536 + (32 * file.Length);
        (bool isRead, long allocated) = Measure(file);
        for (int again = 0; again < 3 && allocated > most; again++)
            (isRead, allocated) = Measure(file);
        Assert.True(allocated <= most, $"{allocated} bytes for a file of {file.Length}");
        return isRead;
    }

    private static (bool IsRead, long Allocated) Measure(byte[] file)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        bool isRead;
        try
        {
            using SafetensorsReader reader = SafetensorsBytes.Open(file);
            foreach (SafetensorsEntry entry in reader.Tensors)
            {
                if (entry.ElementType is "F32" or "F64" or "F16" or "BF16" && entry.Shape.Count is 1 or 2)
                    reader.ReadMatrix<double>(entry);
            }
            isRead = true;
        }
        catch (InvalidDataException)
        {
            isRead = false;
        }
        return (isRead, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
