using System.Runtime.InteropServices;
using DeepLearn.Tensors.Files;
using Xunit;

namespace DeepLearn.Tests.Tensors.Files;

/// <summary>Tensors of other types than the library computes in.</summary>
public class SafetensorsTypesTests
{
    [Fact]
    public void SafetensorsReader_reads_the_others_where_one_tensor_has_a_type_that_is_not_known()
    {
        byte[] file = SafetensorsBytes.File(
            """
            {"odd":{"dtype":"F4_NEW","shape":[3,2],"data_offsets":[0,3]},"a":{"dtype":"F32","shape":[1,1],"data_offsets":[3,7]},
            "b":{"dtype":"F8_E8M0","shape":[1],"data_offsets":[7,8]}}
            """,
            [1, 2, 3, 0, 0, 0xC0, 0x3F, 9]);
        using SafetensorsReader reader = SafetensorsBytes.Open(file);
        Assert.Equal(["odd", "a", "b"], reader.Tensors.Select(tensor => tensor.Name));
        Assert.Equal(6, reader.Tensors[0].Count);
        Assert.Equal([1.5f], reader.ReadMatrix<float>(reader.Tensors[1]).AsSpan().ToArray());
        foreach (int unknown in new[] { 0, 2 })
        {
            string message = Assert.Throws<InvalidDataException>(() => reader.ReadArray(reader.Tensors[unknown])).Message;
            Assert.Contains($"tensor {reader.Tensors[unknown]}: expected a type that the library knows", message);
            var destination = new float[reader.Tensors[unknown].Count];
            Assert.Throws<InvalidDataException>(() => reader.Read<float>(reader.Tensors[unknown], destination));
        }
    }

    [Theory]
    [InlineData("I64", new byte[] { 1, 0, 0, 0, 0, 0, 0, 0, 0xFE, 255, 255, 255, 255, 255, 255, 255 }, new double[] { 1, -2 })]
    [InlineData("U64", new byte[] { 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80 }, new[] { 1, 9223372036854775808.0 })]
    [InlineData("I32", new byte[] { 1, 2, 0, 0, 255, 255, 255, 255 }, new double[] { 513, -1 })]
    [InlineData("U16", new byte[] { 1, 2, 255, 255 }, new double[] { 513, 65535 })]
    [InlineData("I8", new byte[] { 1, 255 }, new double[] { 1, -1 })]
    [InlineData("BOOL", new byte[] { 1, 0 }, new double[] { 1, 0 })]
    [InlineData("F16", new byte[] { 0, 0x3E, 0, 0xC0 }, new double[] { 1.5, -2 })]
    [InlineData("BF16", new byte[] { 0xC0, 0x3F, 0, 0xC0 }, new double[] { 1.5, -2 })]
    [InlineData("F64", new byte[] { 0, 0, 0, 0, 0, 0, 0xF8, 0x3F, 0, 0, 0, 0, 0, 0, 0, 0xC0 }, new double[] { 1.5, -2 })]
    public void SafetensorsReader_reads_arrays_of_each_type(string type, byte[] data, double[] expected)
    {
        byte[] file = SafetensorsBytes.File(
            $$$"""{"x":{"dtype":"{{{type}}}","shape":[2,1,1],"data_offsets":[0,{{{data.Length}}}]}}""", data);
        using SafetensorsReader reader = SafetensorsBytes.Open(file);
        NumericArray array = reader.ReadArray(reader.Tensors[0]);
        Assert.Equal([2, 1, 1], array.Shape);
        Assert.Equal(expected, array.ToMatrix<double>().AsSpan().ToArray());
    }

    [Fact]
    public void SafetensorsReader_reads_each_number_of_eight_bits()
    {
        byte[] all = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];
        foreach (string type in new[] { "F8_E4M3", "F8_E5M2" })
        {
            using SafetensorsReader reader = SafetensorsBytes.Open(
                SafetensorsBytes.File($$$"""{"x":{"dtype":"{{{type}}}","shape":[256],"data_offsets":[0,256]}}""", all));
            var numbers = new double[256];
            reader.Read<double>(reader.Tensors[0], numbers);
            Assert.Equal(numbers.Select(x => (float)x), reader.ReadArray(reader.Tensors[0]).AsSpan<float>().ToArray());
            (int bits, int bias) = type == "F8_E4M3" ? (3, 7) : (2, 15);
            for (int i = 0; i < 128; i++)
            {
                int exponent = i >> bits, mantissa = i & ((1 << bits) - 1), top = (1 << (7 - bits)) - 1;
                double expected = exponent == 0
                    ? mantissa * Math.Pow(2, 1 - bias - bits)
                    : (1 + (mantissa * Math.Pow(2, -bits))) * Math.Pow(2, exponent - bias);
                if (type == "F8_E5M2" && exponent == top)
                    expected = mantissa == 0 ? double.PositiveInfinity : double.NaN;
                if (type == "F8_E4M3" && i == 127)
                    expected = double.NaN;
                Assert.Equal(expected, numbers[i]);
                Assert.Equal(-expected, numbers[i + 128]);
            }
        }
    }

    [Theory]
    [InlineData(1e300)]
    [InlineData(-1e39)]
    public void SafetensorsReader_that_may_round_does_not_round_to_infinity(double tooLarge)
    {
        double[] numbers = [.. new double[20_000], double.PositiveInfinity, tooLarge, 0.1];
        byte[] data = MemoryMarshal.AsBytes<double>(numbers).ToArray();
        using SafetensorsReader reader = SafetensorsBytes.Open(SafetensorsBytes.File(
            $$$"""{"x":{"dtype":"F64","shape":[{{{numbers.Length}}}],"data_offsets":[0,{{{data.Length}}}]}}""", data));
        string message = Assert.Throws<InvalidDataException>(() => reader.ReadMatrix<float>(reader.Tensors[0], mayRound: true)).Message;
        Assert.Contains("element 20001: the number is finite and beyond the range of float", message);
    }
}
