using System.Text;
using DeepLearn.Tensors;
using DeepLearn.Tensors.Files;
using Xunit;

namespace DeepLearn.Tests.Tensors.Files;

/// <summary>The files of the folder Numpy were written by NumPy 1.24.2, with the script that lies there.</summary>
public sealed class NpyFileTests : IDisposable
{
    private static readonly string Numpy =
        Path.Combine(Repository.Root, "tests", "DeepLearn.Core.Tests", "Tensors", "Files", "Numpy");

    private readonly string _folder = Directory.CreateTempSubdirectory("deeplearn-npy-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void NpyFile_of_each_type_order_and_layout_is_read_as_NumPy_wrote_it()
    {
        foreach (string path in Files("b1"))
            Check<bool>(path, false, true, true, true, false, false);
        foreach (string path in Files("u1"))
            Check<byte>(path, 0, 1, 255, 2, 3, 4);
        foreach (string path in Files("i1"))
            Check<sbyte>(path, 0, -1, 127, -128, 3, 4);
        foreach (string path in Files("u2"))
            Check<ushort>(path, 0, 1, ushort.MaxValue, 2, 3, 4);
        foreach (string path in Files("i2"))
            Check<short>(path, 0, -1, short.MaxValue, short.MinValue, 3, 4);
        foreach (string path in Files("u4"))
            Check<uint>(path, 0, 1, uint.MaxValue, 2, 3, 4);
        foreach (string path in Files("i4"))
            Check(path, 0, -1, int.MaxValue, int.MinValue, 3, 4);
        foreach (string path in Files("u8"))
            Check<ulong>(path, 0, 1, ulong.MaxValue, 2, 3, 4);
        foreach (string path in Files("i8"))
            Check(path, 0, -1, long.MaxValue, long.MinValue, 3, 4);
        foreach (string path in Files("f2"))
            Check(path, (Half)0.5, (Half)(-1.25), Half.MaxValue, (Half)1e-5, (Half)3, (Half)4);
        foreach (string path in Files("f4"))
            Check(path, 0.1f, -1.25f, float.MaxValue, float.NaN, float.PositiveInfinity, -0f);
        foreach (string path in Files("f8"))
            Check(path, 0.1, -1.25, double.MaxValue, double.NaN, double.PositiveInfinity, -0.0);

        static string[] Files(string type)
        {
            string[] files = Directory.GetFiles(Numpy, type + "-*.npy");
            Assert.Equal(type[1] == '1' ? 2 : 4, files.Length);
            return files;
        }

        static void Check<T>(string path, params T[] expected)
            where T : unmanaged
        {
            NumericArray array = NpyFile.Read(path);
            Assert.Equal([2, 3], array.Shape);
            Assert.Equal(expected, array.AsSpan<T>().ToArray());
        }
    }

    [Fact]
    public void NpyFile_is_written_byte_for_byte_as_NumPy_writes_it()
    {
        string path = Path.Combine(_folder, "array.npy");
        foreach (string expected in Directory.GetFiles(Numpy, "*-little-C.npy").Append(Path.Combine(Numpy, "empty.npy")))
        {
            NpyFile.Write(path, NpyFile.Read(expected));
            Assert.Equal(File.ReadAllBytes(expected), File.ReadAllBytes(path));
        }
        NpyFile.Write(path, NpyFile.Read(Path.Combine(Numpy, "version1.npy")));
        Assert.Equal(File.ReadAllBytes(Path.Combine(Numpy, "version1.npy")), File.ReadAllBytes(path));
        NpyFile.Write(path, NpyFile.Read(Path.Combine(Numpy, "single.npy")));
        Assert.Equal(File.ReadAllBytes(Path.Combine(Numpy, "single.npy")), File.ReadAllBytes(path));
    }

    [Fact]
    public void NpyFile_of_three_axes_in_the_order_of_Fortran_becomes_one_with_the_last_axis_contiguous()
    {
        NumericArray cube = NpyFile.Read(Path.Combine(Numpy, "cube-F.npy"));
        Assert.Equal([2, 3, 4], cube.Shape);
        Assert.Equal(Enumerable.Range(0, 24).Select(i => (short)i), cube.AsSpan<short>().ToArray());
    }

    [Fact]
    public void NpyFile_of_each_version_of_no_axis_and_of_no_element_is_read()
    {
        foreach (int version in new[] { 1, 2, 3 })
            Assert.Equal([1.5f, 2.5f], NpyFile.Read(Path.Combine(Numpy, $"version{version}.npy")).AsSpan<float>().ToArray());
        NumericArray single = NpyFile.Read(Path.Combine(Numpy, "single.npy"));
        Assert.Empty(single.Shape);
        Assert.Equal([2.5], single.AsSpan<double>().ToArray());
        Assert.Contains("found a single number", Assert.Throws<InvalidDataException>(() => single.ToMatrix<float>()).Message);
        Assert.Equal([0, 5], NpyFile.Read(Path.Combine(Numpy, "empty.npy")).Shape);
    }

    [Theory]
    [InlineData("structure.npy", "expected one type of elements; found a structure of several")]
    [InlineData("complex.npy", "found '<c8'")]
    [InlineData("objects.npy", "found '|O', Python objects, which are code")]
    public void NpyFile_with_elements_that_are_no_numbers_is_refused(string name, string message)
    {
        string path = Path.Combine(Numpy, name);
        string found = Assert.Throws<InvalidDataException>(() => NpyFile.Read(path)).Message;
        Assert.StartsWith(path, found);
        Assert.Contains(message, found);
    }

    [Theory]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", null)]
    [InlineData("{\"shape\":(2L,),\"fortran_order\":True,\"descr\":\"<f4\"}", null)]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }", "is cut short: its header announces 12 bytes after it")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", "is too long")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (-2,), }", "expected at most 64 extents, each a whole number")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2147483648, 2147483648), }", "an extent of 2147483648 on axis 0")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (0, 2147483647, 2147483647, 9), }", "makes more than 2147483591 bytes")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2147483647, 3), }", "is cut short: its header announces 25769803764")]
    [InlineData("{'descr': '<f4', 'fortran_order': 0, 'shape': (2,), }", "expected True or False; found \"0, 'shape'")]
    [InlineData("{'descr': '<f4', 'shape': (2,), }", "one is missing")]
    [InlineData("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", "each once; found 'descr'")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), } + open('x')", "expected nothing after the dictionary")]
    [InlineData("{'descr': '<f3', 'fortran_order': False, 'shape': (2,), }", "found '<f3'")]
    [InlineData("{'descr': '|f4', 'fortran_order': False, 'shape': (2,), }", "found '|f4'")]
    [InlineData("", "expected '{'; found \"the end\"")]
    public void NpyFile_header_is_read_strictly(string header, string? message)
    {
        byte[] text = Encoding.ASCII.GetBytes(header);
        byte[] bytes = [0x93, .. "NUMPY"u8, 1, 0, (byte)text.Length, 0, .. text, 0, 0, 0xC0, 0x3F, 0, 0, 0x20, 0x40];
        string path = Write(bytes);
        if (message is null)
        {
            Assert.Equal([1.5f, 2.5f], NpyFile.Read(path).AsSpan<float>().ToArray());
            return;
        }
        string found = Assert.Throws<InvalidDataException>(() => NpyFile.Read(path)).Message;
        Assert.StartsWith(path, found);
        Assert.Contains(message, found);
    }

    [Fact]
    public void NpyFile_cut_anywhere_is_refused_with_its_name()
    {
        byte[] whole = File.ReadAllBytes(Path.Combine(Numpy, "version2.npy"));
        for (int length = 0; length < whole.Length; length++)
        {
            string path = Write(whole[..length]);
            Assert.StartsWith(path, Assert.Throws<InvalidDataException>(() => NpyFile.Read(path)).Message);
        }
        string other = Write([0x93, .. "NUMPY"u8, 4, 0, 0, 0]);
        Assert.Contains("found 4.0", Assert.Throws<InvalidDataException>(() => NpyFile.Read(other)).Message);
        other = Write([0x93, .. "NUMPY"u8, 2, 0, 0xFF, 0xFF, 0xFF, 0x7F]);
        Assert.Contains("found 2147483647", Assert.Throws<InvalidDataException>(() => NpyFile.Read(other)).Message);
    }

    [Fact]
    public void NumericArray_becomes_floats_exactly_or_is_refused()
    {
        NumericArray doubles = NumericArray.Of<double>([0.5, 0.1, double.NaN, double.NegativeInfinity], 2, 2);
        Assert.Contains("element 1: a number of type Float64, 0.1, has to be rounded", Refused(doubles, false));
        Matrix<float> rounded = doubles.ToMatrix<float>(mayRound: true);
        Assert.Equal([0.5f, 0.1f, float.NaN, float.NegativeInfinity], rounded.AsSpan().ToArray());
        foreach (double tooLarge in new[] { 1e300, -1e39, 3.4028235677973366e38 })
            Assert.Contains("is beyond the range of float", Refused(NumericArray.Of([tooLarge], 1, 1), true));
        Assert.Equal([float.MaxValue], NumericArray.Of([(double)float.MaxValue], 1, 1).ToMatrix<float>().AsSpan().ToArray());
        Assert.Contains("16777217", Refused(NumericArray.Of([16777216, 16777217], 2, 1), false));
        Assert.Contains("2147483647", Refused(NumericArray.Of([int.MaxValue], 1, 1), false));
        Assert.Contains("element 0", Refused(NumericArray.Of([long.MaxValue], 1, 1), false));
        Assert.Contains("element 0", Refused(NumericArray.Of([ulong.MaxValue], 1, 1), false));
        Assert.Equal([-2147483648f], NumericArray.Of([int.MinValue], 1, 1).ToMatrix<float>().AsSpan().ToArray());
        Assert.Throws<InvalidDataException>(() => NumericArray.Of([(1L << 53) + 1], 1, 1).ToMatrix<double>());
        Assert.Equal([9007199254740994d], NumericArray.Of([(1L << 53) + 2], 1, 1).ToMatrix<double>().AsSpan().ToArray());

        static string Refused(NumericArray array, bool mayRound) =>
            Assert.Throws<InvalidDataException>(() => array.ToMatrix<float>(mayRound)).Message;
    }

    [Fact]
    public void NumericArray_as_integers_has_whole_numbers_of_32_bits()
    {
        Assert.Equal([3, -1], NumericArray.Of<double>([3, -1]).ToIntegers());
        Assert.Equal([1, 0], NumericArray.Of<bool>([true, false]).ToIntegers());
        Assert.Contains("element 1", Assert.Throws<InvalidDataException>(() => NumericArray.Of<float>([0, 0.5f]).ToIntegers()).Message);
        Assert.Throws<InvalidDataException>(() => NumericArray.Of<double>([double.NaN]).ToIntegers());
        Assert.Throws<InvalidDataException>(() => NumericArray.Of<uint>([uint.MaxValue]).ToIntegers());
    }

    [Fact]
    public void NumericArray_of_a_matrix_has_its_rows_and_any_other_shape_of_as_many_elements()
    {
        var matrix = Matrix<float>.FromArray(new float[,] { { 1, 2, 3 }, { 4, 5, 6 } });
        NumericArray array = NumericArray.Of(matrix);
        Assert.Equal([2, 3], array.Shape);
        Assert.Equal([3, 1, 2], array.Reshape(3, 1, 2).Shape);
        Assert.Equal(matrix.AsSpan().ToArray(), array.Reshape(3, 2).AsSpan<float>().ToArray());
        Assert.Throws<ArgumentException>(() => array.Reshape(2, 2));
        Assert.Throws<ArgumentException>(() => array.Reshape(-1, -6));
        Assert.Throws<ArgumentException>(() => NumericArray.Of<float>([1, 2], 3));
        Assert.Throws<InvalidOperationException>(() => array.AsSpan<double>().Length);
        Assert.Throws<NotSupportedException>(() => NumericArray.Of<char>(['a']));
    }

    private string Write(byte[] bytes)
    {
        string path = Path.Combine(_folder, "bad.npy");
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
