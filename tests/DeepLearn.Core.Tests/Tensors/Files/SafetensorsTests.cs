using System.Text;
using DeepLearn.Tensors;
using DeepLearn.Tensors.Files;
using DeepLearn.Tests.Samples;
using DeepLearn.Tests.Support;
using Xunit;

namespace DeepLearn.Tests.Tensors.Files;

/// <summary>
/// Files of named tensors, held to the format's specification.
/// Alone, since it leaves much to collect to whoever counts bytes beside it.
/// </summary>
[Collection(Alone.Name)]
public class SafetensorsTests
{
    [Fact]
    public void SafetensorsReader_file_made_by_hand_is_read_as_the_specification_says()
    {
        byte[] file = SafetensorsBytes.File(
            """{"b":{"dtype":"F64","shape":[1],"data_offsets":[16,24]},"__metadata__":{"made by":"hand"},"a/ü":"""
            + """{"shape":[2,2],"data_offsets":[0,16],"dtype":"F32"}}   """,
            [0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0, 0, 0, 0x20, 0x41, 0x01, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xF8, 0x3F]);
        using SafetensorsReader reader = SafetensorsBytes.Open(file);
        Assert.Equal(["a/ü", "b"], reader.Tensors.Select(entry => entry.Name));
        Assert.Equal("hand", Assert.Single(reader.Metadata, text => text.Key == "made by").Value);
        Matrix<float> a = reader.ReadMatrix<float>(reader.Tensors[0]);
        Assert.Equal([1f, -2f, 10f, float.Epsilon], a.AsSpan());
        Assert.Equal((2, 2), (a.Rows, a.Columns));
        Assert.Equal([1.5], reader.ReadMatrix<double>(reader.Find("b")!).AsSpan());
    }

    [Fact]
    public void SafetensorsWriter_file_equals_the_specification_byte_by_byte()
    {
        var writer = new SafetensorsWriter();
        writer.Add("x\"y", Matrix<float>.FromArray(new[,] { { 1f, -2f } }));
        writer.Add("d", Matrix<double>.FromArray(new[,] { { 1.5 } }), 1, 1, 1);
        writer.AddText("k", "ü");
        byte[] json = Encoding.UTF8.GetBytes(
            """{"__metadata__":{"k":"ü"},"d":{"dtype":"F64","shape":[1,1,1],"data_offsets":[0,8]},"x\"y":"""
            + """{"dtype":"F32","shape":[1,2],"data_offsets":[8,16]}}""");
        int whole = (8 + json.Length + 63) / 64 * 64;
        byte[] padding = [.. Enumerable.Repeat((byte)' ', whole - 8 - json.Length)];
        byte[] expected = SafetensorsBytes.File([.. json, .. padding], 0, 0, 0, 0, 0, 0, 0xF8, 0x3F, 0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0);
        Assert.Equal(expected, Write(writer));
    }

    [Property(MaxTest = 200)]
    public void SafetensorsReader_returns_all_that_SafetensorsWriter_wrote(
        (string Name, byte Rows, byte Columns, bool IsDouble)[] tensors, (string Key, string Text)[] texts, int seed)
    {
        var random = new Random(seed);
        var writer = new SafetensorsWriter();
        var written = new Dictionary<string, object>();
        foreach ((string name, byte rows, byte columns, bool isDouble) in tensors)
        {
            if (!IsText(name) || name == "__metadata__" || written.ContainsKey(name))
                continue;
            written[name] = isDouble ? Add<double>(rows % 20, columns % 20, name) : Add<float>(rows % 20, columns % 20, name);
        }
        var told = new Dictionary<string, string>();
        foreach ((string key, string text) in texts)
        {
            if (IsText(key) && (text == "" || IsText(text)) && told.TryAdd(key, text))
                writer.AddText(key, text);
        }
        byte[] file = Write(writer);
        using SafetensorsReader reader = SafetensorsBytes.Open(file);
        Assert.Equal(written.Keys.Order(), reader.Tensors.Select(entry => entry.Name).Order());
        Assert.Equal(told.OrderBy(text => text.Key), reader.Metadata.OrderBy(text => text.Key));
        long data = file.Length - reader.Tensors.Sum(entry => entry.Length);
        Assert.Equal(0, data % 64);
        foreach (SafetensorsEntry entry in reader.Tensors)
        {
            Assert.Equal(0, entry.Offset % (entry.ElementType == "F64" ? 8 : 4));
            if (written[entry.Name] is Matrix<double> numbers)
                Same(numbers, reader.ReadMatrix<double>(entry));
            else
                Same((Matrix<float>)written[entry.Name], reader.ReadMatrix<float>(entry));
        }

        Matrix<T> Add<T>(int rows, int columns, string name)
            where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
        {
            var matrix = new Matrix<T>(rows, columns);
            random.NextBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(matrix.AsSpan()));
            writer.Add(name, matrix);
            return matrix;
        }
    }

    [Fact]
    public void SafetensorsReader_F16_and_BF16_are_converted_exactly_for_all_65536_patterns()
    {
        // Every number of 16 bits, against the definition of either type.
        var bytes = new byte[2 * 65_536];
        for (int i = 0; i < 65_536; i++)
            (bytes[2 * i], bytes[(2 * i) + 1]) = ((byte)i, (byte)(i >> 8));
        foreach ((string type, int exponentBits) in new[] { ("F16", 5), ("BF16", 8) })
        {
            string json = "{\"x\":{\"dtype\":\"" + type + "\",\"shape\":[65536],\"data_offsets\":[0,131072]}}";
            using SafetensorsReader reader = SafetensorsBytes.Open(SafetensorsBytes.File(json, bytes));
            Matrix<float> single = reader.ReadMatrix<float>(reader.Tensors[0]);
            Matrix<double> twice = reader.ReadMatrix<double>(reader.Tensors[0]);
            for (int i = 0; i < 65_536; i++)
            {
                double expected = ByDefinition(i, exponentBits);
                Assert.Equal(expected, single[0, i]);
                Assert.Equal(
                    BitConverter.DoubleToInt64Bits(expected) < 0 || double.IsNaN(expected),
                    single[0, i] < 0 || 1 / single[0, i] < 0 || float.IsNaN(single[0, i]));
                Assert.Equal(expected, twice[0, i]);
            }
        }
    }

    [Fact]
    public void SafetensorsReader_rounds_doubles_to_float_only_where_mayRound_is_set()
    {
        var writer = new SafetensorsWriter();
        writer.Add("x", Matrix<double>.FromArray(new[,] { { 0.1, 1e30 } }));
        writer.Add("y", Matrix<float>.FromArray(new[,] { { 0.1f, float.Epsilon } }));
        using SafetensorsReader reader = SafetensorsBytes.Open(Write(writer));
        var numbers = new float[2];
        var exception = Assert.Throws<InvalidDataException>(() => reader.Read<float>(reader.Find("x")!, numbers));
        Assert.Contains("tensor x F64 [1, 2]", exception.Message);
        reader.Read<float>(reader.Find("x")!, numbers, mayRound: true);
        Assert.Equal([0.1f, 1e30f], numbers);
        Assert.Equal([0.1f, float.Epsilon], reader.ReadMatrix<double>(reader.Find("y")!).AsSpan());
    }

    [Fact]
    public void SafetensorsReader_reads_streams_from_their_position_and_streams_that_cannot_seek()
    {
        var writer = new SafetensorsWriter();
        writer.Add("x", Matrix<float>.FromArray(new[,] { { 1f, 2f } }));
        byte[] file = Write(writer);
        var later = new MemoryStream([1, 2, 3, .. file]) { Position = 3 };
        using (SafetensorsReader reader = SafetensorsReader.Open(later))
            Assert.Equal([1f, 2f], reader.ReadMatrix<float>(reader.Tensors[0]).AsSpan());
        Assert.True(later.CanRead);
        using var packed = new MemoryStream();
        using (var packing = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true))
            writer.Write(packing);
        packed.Position = 0;
        using var unpacking = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionMode.Decompress);
        using (SafetensorsReader reader = SafetensorsReader.Open(unpacking))
            Assert.Equal([1f, 2f], reader.ReadMatrix<float>(reader.Tensors[0]).AsSpan());
    }

    [Fact]
    public void SafetensorsWriter_failing_save_leaves_the_old_file_whole_and_no_partial()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder["deep"], "er", "x.safetensors");
        var writer = new SafetensorsWriter();
        writer.Add("x", new Matrix<float>(3, 4));
        writer.Save(path);
        byte[] first = File.ReadAllBytes(path);
        string remains = path + ".0123abcd.partial";
        File.WriteAllBytes(remains, [1, 2, 3]);
        Remains.MakeFileOld(remains);
        writer.Save(path);
        Assert.Equal(first, File.ReadAllBytes(path));
        writer.AddText("too long", new string('x', 100_000_000));
        Assert.Throws<InvalidOperationException>(() => writer.Save(path));
        Assert.Equal(first, File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public void SafetensorsWriter_duplicate_or_reserved_names_and_wrong_shapes_are_refused()
    {
        var writer = new SafetensorsWriter();
        var matrix = new Matrix<float>(2, 3);
        writer.Add("x", matrix);
        writer.AddText("k", "");
        foreach (string name in new[] { "x", "__metadata__", "", "half \ud800" })
            Assert.Throws<ArgumentException>(() => writer.Add(name, matrix));
        Assert.Throws<ArgumentException>(() => writer.Add("y", matrix, 7));
        Assert.Throws<ArgumentException>(() => writer.Add("y", matrix, -2, -3));
        Assert.Throws<ArgumentException>(() => writer.Add("y", matrix, long.MaxValue, long.MaxValue, long.MaxValue));
        Assert.Throws<ArgumentException>(() => writer.AddText("k", "again"));
        Assert.Throws<ArgumentException>(() => writer.AddText("l", "half \udc00"));
        using SafetensorsReader reader = SafetensorsBytes.Open(Write(writer));
        Assert.Equal("x", Assert.Single(reader.Tensors).Name);
    }

    internal static byte[] Write(SafetensorsWriter writer)
    {
        using var stream = new MemoryStream();
        writer.Write(stream);
        return stream.ToArray();
    }

    private static void Same<T>(Matrix<T> expected, Matrix<T> actual)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        Assert.Equal((expected.Rows, expected.Columns), (actual.Rows, actual.Columns));
        Assert.True(
            System.Runtime.InteropServices.MemoryMarshal.AsBytes(expected.AsSpan()).SequenceEqual(
                System.Runtime.InteropServices.MemoryMarshal.AsBytes(actual.AsSpan())));
    }

    private static bool IsText(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return false;
        try
        {
            new UTF8Encoding(false, true).GetByteCount(text);
            return true;
        }
        catch (EncoderFallbackException)
        {
            return false;
        }
    }

    private static double ByDefinition(int bits, int exponentBits)
    {
        int fractionBits = 15 - exponentBits, bias = (1 << (exponentBits - 1)) - 1;
        int exponent = (bits >> fractionBits) & ((1 << exponentBits) - 1), fraction = bits & ((1 << fractionBits) - 1);
        double scaled = fraction / (double)(1 << fractionBits);
        double magnitude = exponent == (1 << exponentBits) - 1 ? fraction == 0 ? double.PositiveInfinity : double.NaN
            : exponent == 0 ? Math.ScaleB(scaled, 1 - bias) : Math.ScaleB(1 + scaled, exponent - bias);
        return bits >> 15 == 1 ? -magnitude : magnitude;
    }
}
