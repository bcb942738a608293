using System.IO.Compression;
using DeepLearn.Tensors.Files;
using Xunit;

namespace DeepLearn.Tests.Tensors.Files;

public sealed class NpzFileTests : IDisposable
{
    private static readonly string Numpy =
        Path.Combine(Repository.Root, "tests", "DeepLearn.Core.Tests", "Tensors", "Files", "Numpy");

    private readonly string _folder = Directory.CreateTempSubdirectory("deeplearn-npz-").FullName;

    private string File => Path.Combine(_folder, "arrays.npz");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void NpzFile_is_read_as_NumPy_wrote_it()
    {
        IReadOnlyDictionary<string, NumericArray> arrays = NpzFile.Read(Path.Combine(Numpy, "stored.npz"));
        Assert.Equal(["x", "y"], arrays.Keys);
        Assert.Equal([2, 3, 4], arrays["x"].Shape);
        Assert.Equal(Enumerable.Range(0, 24).Select(i => (short)i), arrays["x"].AsSpan<short>().ToArray());
        Assert.Equal([1, 0], arrays["y"].ToIntegers());
        arrays = NpzFile.Read(Path.Combine(Numpy, "compressed.npz"));
        Assert.Equal(new double[2000], arrays["arr_0"].AsSpan<double>().ToArray());
        Assert.Equal([3.5f], arrays["name"].AsSpan<float>().ToArray());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void NpzFile_reads_what_it_wrote_and_the_same_arrays_are_the_same_bytes(bool isCompressed)
    {
        var random = new Random(2);
        var arrays = new Dictionary<string, NumericArray>
        {
            ["weights/0"] = NumericArray.Of<float>([.. Enumerable.Range(0, 3000).Select(_ => random.NextSingle())], 30, 100),
            ["classes"] = NumericArray.Of<long>([1, 2, 3]),
            ["nothing"] = NumericArray.Of<double>([], 0, 4),
        };
        NpzFile.Write(File, arrays, isCompressed);
        byte[] bytes = System.IO.File.ReadAllBytes(File);
        IReadOnlyDictionary<string, NumericArray> read = NpzFile.Read(File);
        Assert.Equal(arrays.Keys, read.Keys);
        foreach ((string name, NumericArray array) in arrays)
        {
            Assert.Equal(array.Shape, read[name].Shape);
            Assert.Equal(array.ElementType, read[name].ElementType);
            Assert.Equal(array.AsBytes().ToArray(), read[name].AsBytes().ToArray());
        }
        NpzFile.Write(File, read, isCompressed);
        Assert.Equal(bytes, System.IO.File.ReadAllBytes(File));
        Assert.Throws<ArgumentException>(() => NpzFile.Write(File, [.. arrays, .. arrays]));
    }

    [Fact]
    public void NpzFile_with_any_byte_changed_or_cut_anywhere_gives_the_arrays_or_an_error_with_its_name()
    {
        byte[] whole = System.IO.File.ReadAllBytes(Path.Combine(Numpy, "stored.npz"));
        int refused = 0;
        for (int i = 0; i < whole.Length; i++)
        {
            byte[] changed = [.. whole];
            changed[i] ^= 0x55;
            refused += Try(changed);
            Assert.Equal(1, Try(whole[..i]));
        }

        // What no reader looks at may change: times, versions, attributes.
        Assert.InRange(refused, whole.Length * 7 / 10, whole.Length);

        int Try(byte[] bytes)
        {
            System.IO.File.WriteAllBytes(File, bytes);
            try
            {
                Assert.All(NpzFile.Read(File).Values, array => Assert.True(array.Count is 24 or 2));
                return 0;
            }
            catch (InvalidDataException exception)
            {
                Assert.StartsWith(File, exception.Message);
                return 1;
            }
        }
    }

    [Fact]
    public void NpzFile_with_other_files_or_a_name_twice_is_refused()
    {
        Assert.Contains("found 'notes.txt'", Refused("notes.txt"));
        Assert.Contains("found 'x' again", Refused("x.npy", "x.npy"));
        Assert.Contains("found '.npy'", Refused(".npy"));
        Assert.Empty(NpzFile.Read(Archive()));

        string Refused(params string[] names) => Assert.Throws<InvalidDataException>(() => NpzFile.Read(Archive(names))).Message;

        string Archive(params string[] names)
        {
            using var archive = new ZipArchive(System.IO.File.Create(File), ZipArchiveMode.Create);
            foreach (string name in names)
            {
                using Stream content = archive.CreateEntry(name).Open();
                content.Write(System.IO.File.ReadAllBytes(Path.Combine(Numpy, "version1.npy")));
            }
            return File;
        }
    }

    [Fact]
    public void NpzFile_that_announces_more_than_it_holds_takes_memory_for_what_it_holds()
    {
        // 400 KB of what does not compress could hold 412 MB; the header announces 400 MB, and 400 KB follow.
        var noise = new byte[400_000];
        new Random(1).NextBytes(noise);
        string header = "{'descr': '|u1', 'fortran_order': False, 'shape': (400000000,), }";
        using (var archive = new ZipArchive(System.IO.File.Create(File), ZipArchiveMode.Create))
        {
            using Stream content = archive.CreateEntry("bomb.npy").Open();
            content.Write([0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. System.Text.Encoding.ASCII.GetBytes(header), .. noise]);
        }
        long before = GC.GetAllocatedBytesForCurrentThread();
        string message = Assert.Throws<InvalidDataException>(() => NpzFile.Read(File)).Message;
        Assert.StartsWith($"{File}, array bomb is cut short: it ends at byte", message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20_000_000);
    }
}
