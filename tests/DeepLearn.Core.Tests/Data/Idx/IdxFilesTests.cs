using System.IO.Compression;
using DeepLearn.Data;
using DeepLearn.Data.Idx;
using DeepLearn.Tensors;
using DeepLearn.Tensors.Files;
using Xunit;

namespace DeepLearn.Tests.Data.Idx;

public class IdxFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("deeplearn-idx-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void IdxFiles_reads_images_and_labels_plain_or_gzipped(bool isZipped)
    {
        string images = Write("images", Images(3), isZipped), labels = Write("labels", Labels(7, 0, 9), isZipped);
        ByteDataset data = IdxFiles.Load(images, labels, cancellationToken: Token);
        Assert.Equal(new Shape(4, 5, 1), data.ExampleShape);
        Assert.Equal([7, 0, 9], data.Labels.ToArray());
        Assert.Equal(10, data.Classes);
        Assert.Equal("7", data.Description.ClassNames[7]);
        for (int i = 0; i < 3; i++)
            Assert.True(data.Example(i).SequenceEqual(Images(3).AsSpan(16 + (20 * i), 20)));
    }

    [Fact]
    public void IdxFiles_folder_has_a_training_and_a_test_set()
    {
        Write("train-images-idx3-ubyte", Images(3), true, ".gz");
        Write("train-labels-idx1-ubyte", Labels(1, 2, 3), false);
        Write("t10k-images-idx3-ubyte", Images(1), false);
        Assert.Contains(
            "neither t10k-labels-idx1-ubyte nor t10k-labels-idx1-ubyte.gz",
            Assert.Throws<FileNotFoundException>(() => IdxFiles.LoadFolder(_folder, cancellationToken: Token)).Message);
        Write("t10k-labels-idx1-ubyte", Labels(4), true, ".gz");
        DatasetCollection data = IdxFiles.LoadFolder(_folder, "fashion-mnist", IdxFiles.FashionClassNames, Token);
        Assert.Equal("fashion-mnist", data.Name);
        Assert.Equal(3, data.Training.Count);
        Assert.Equal([4], data.Test.Labels.ToArray());
        Assert.Equal("ankle boot", data.ClassNames[9]);
        Assert.Single(data.TrainingBatches);
    }

    [Theory]
    [InlineData(0, "is cut short: it ends at byte 0; expected a header of at least 4 bytes")]
    [InlineData(15, "is cut short: it ends at byte 15; expected a header of 16 bytes")]
    [InlineData(75, "is cut short: its header announces 60 bytes after it; the file holds at most 59")]
    public void IdxFiles_file_cut_short_is_refused(int length, string message)
    {
        Assert.Contains("images " + message, Bad(Images(3)[..length], Labels(1, 2, 3)));
        Assert.Contains("images is cut short", Bad(Images(3)[..length], Labels(1, 2, 3), isZipped: true));
    }

    [Fact]
    public void IdxFiles_file_that_is_too_long_is_refused()
    {
        Assert.Contains("images is too long: its header announces 76 bytes in all", Bad([.. Images(3), 0], Labels(1, 2, 3)));
        Assert.Contains("images is too long", Bad([.. Images(3), 0], Labels(1, 2, 3), isZipped: true));
    }

    [Fact]
    public void IdxFiles_gzip_cut_anywhere_is_refused()
    {
        string labels = Write("labels", Labels(1, 2, 3), false), images = Write("images", Images(3), true);
        byte[] whole = File.ReadAllBytes(images);

        // The check sum at the end, and the sign before it that there is no more, may be missing: then the content is whole.
        for (int length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(images, whole[..length]);
            if (length >= whole.Length - 9)
                Assert.Equal(3, Load().Count);
            else
                Assert.StartsWith(images, Assert.Throws<InvalidDataException>(Load).Message);
        }

        ByteDataset Load() => IdxFiles.Load(images, labels, cancellationToken: Token);
    }

    [Fact]
    public void IdxFiles_images_without_pixels_and_impossible_class_counts_are_refused()
    {
        byte[] flat = [0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 5];
        Assert.Contains("images: an image has at least one pixel; found 0x5.", Bad(flat, Labels(1, 2, 3)));
        string labels = Write("labels", Labels(1, 2, 3), false), images = Write("images", Images(3), false);
        foreach (int classes in new[] { 0, 257 })
        {
            Assert.Contains(
                $"found {classes}",
                Assert.Throws<ArgumentOutOfRangeException>(() => IdxFiles.Load(images, labels, classes, cancellationToken: Token)).Message);
        }
        Assert.Equal(0, IdxFiles.Load(
            Write("images", [0, 0, 8, 3, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 5], false), Write("labels", Labels(), false),
            cancellationToken: Token).Count);
    }

    [Fact]
    public void IdxFiles_of_another_format_is_refused()
    {
        Assert.Contains(
            "images: expected images, unsigned bytes with 3 axes; found UInt8 with 1.",
            Bad(Labels(1, 2, 3, 4, 5, 6, 7, 8, 9, 0), Labels(1, 2, 3)));
        byte[] floats = [0, 0, 0x0D, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0x3F, 0x80, 0, 0];
        Assert.Contains("images: expected images, unsigned bytes with 3 axes; found Float32 with 3.", Bad(floats, Labels(1)));
        floats[2] = 0x0A;
        Assert.Contains("images is not an idx file: expected it to begin with 00 00, a type", Bad(floats, Labels(1)));
        Assert.Contains("found 00 00 0A 03.", Bad(floats, Labels(1)));
        Assert.Contains("labels: expected labels, one axis, or rows of 8", Bad(Images(3), Images(3)));
    }

    [Fact]
    public void IdxFiles_huge_header_is_refused_before_memory_is_taken()
    {
        byte[] huge = Images(3);
        huge[4] = 0x10;
        Assert.Contains("is cut short: its header announces 5368709180 bytes after it", Bad(huge, Labels(1, 2, 3)));
        huge = Images(3);
        huge[5] = 0xFF;
        Assert.Contains("is cut short: its header announces 334233660 bytes after it", Bad(huge, Labels(1, 2, 3)));
        Assert.Contains("is cut short: its header announces 334233660 bytes after it", Bad(huge, Labels(1, 2, 3), isZipped: true));
    }

    [Fact]
    public void IdxFiles_no_images_of_a_huge_size_are_refused_with_the_file()
    {
        byte[] huge = [0, 0, 8, 3, 0, 0, 0, 0, 0x7F, 0xFF, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF];
        Assert.Contains("images: an extent of 2147483647 on axis 1 makes more than", Bad(huge, Labels()));
    }

    [Fact]
    public void IdxFiles_gzip_that_announces_more_than_it_holds_takes_memory_for_what_it_holds()
    {
        // 400 KB of what does not compress could hold 412 MB; the header announces 334 MB, and 400 KB follow.
        var noise = new byte[400_000];
        new Random(1).NextBytes(noise);
        byte[] bomb = [.. Images(3)[..16], .. noise];
        bomb[5] = 0xFF;
        string images = Write("images", bomb, isZipped: true), labels = Write("labels", Labels(1, 2, 3), isZipped: false);
        long before = GC.GetAllocatedBytesForCurrentThread();
        string message = Assert.Throws<InvalidDataException>(() => IdxFiles.Load(images, labels, cancellationToken: Token)).Message;
        Assert.Contains("images is cut short: it ends at byte 400016", message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20_000_000);
    }

    [Fact]
    public void IdxFiles_labels_out_of_range_or_of_another_count_are_refused()
    {
        Assert.Contains("labels, element 1: a label is from 0 to 9; found 10", Bad(Images(3), Labels(1, 10, 3)));
        Assert.Contains("has 3 images; expected 2", Bad(Images(3), Labels(1, 2)));
    }

    [Theory]
    [InlineData("train-images.idx3-ubyte", "train-labels.idx1-ubyte", "t10k-images.idx3-ubyte", "t10k-labels.idx1-ubyte.gz")]
    [InlineData(
        "emnist-balanced-train-images-idx3-ubyte.gz", "emnist-balanced-train-labels-idx1-ubyte.gz",
        "emnist-balanced-test-images-idx3-ubyte", "emnist-balanced-test-labels-idx1-ubyte.gz")]
    [InlineData(
        "qmnist-train-images-idx3-ubyte", "qmnist-train-labels-idx2-int.gz", "qmnist-test-images-idx3-ubyte",
        "qmnist-test-labels-idx2-int")]
    public void IdxFiles_folder_is_read_under_the_names_that_people_have(params string[] names)
    {
        byte[] labels = Labels(3, 1);
        if (names[1].Contains("idx2", StringComparison.Ordinal))
        {
            // Rows of 8 numbers of 32 bits, the class first.
            labels = [0, 0, 0x0C, 2, 0, 0, 0, 2, 0, 0, 0, 8, 0, 0, 0, 3, .. new byte[28], 0, 0, 0, 1, .. new byte[28]];
        }
        for (int i = 0; i < 4; i++)
        {
            bool isZipped = names[i].EndsWith(".gz", StringComparison.Ordinal);
            Write(names[i], i % 2 == 0 ? Images(2) : labels, isZipped);
        }
        DatasetCollection data = IdxFiles.LoadFolder(_folder, new() { Name = "digits", Classes = 47 }, Token);
        Assert.Equal([3, 1], data.Training.Labels.ToArray());
        Assert.Equal([3, 1], data.Test.Labels.ToArray());
        Assert.Equal(47, data.Test.Classes);
        if (names[0][0] == 't')
            return;
        Write("emnist-letters-train-images-idx3-ubyte", Images(2), isZipped: false);
        string message = Assert.Throws<FileNotFoundException>(() => IdxFiles.LoadFolder(_folder, cancellationToken: Token)).Message;
        Assert.Contains($"has several files like train-images-idx3-ubyte: emnist", message);
        string prefix = names[0][..names[0].IndexOf("-train", StringComparison.Ordinal)];
        Assert.Equal(2, IdxFiles.LoadFolder(_folder, new() { Prefix = prefix }, Token).Test.Count);
    }

    [Fact]
    public void IdxFiles_transposed_images_stand_upright()
    {
        foreach ((string part, byte count) in new[] { ("train", (byte)2), ("t10k", (byte)1) })
        {
            Write($"{part}-images-idx3-ubyte", Images(count), isZipped: false);
            Write($"{part}-labels-idx1-ubyte", Labels([.. new byte[count]]), isZipped: false);
        }
        Dataset asTheyAre = IdxFiles.LoadFolder(_folder, cancellationToken: Token).Training;
        Dataset upright = IdxFiles.LoadFolder(_folder, new() { IsTransposed = true }, Token).Training;
        Assert.Equal(new Shape(5, 4, 1), upright.ExampleShape);
        for (int row = 0; row < 5; row++)
        {
            for (int column = 0; column < 4; column++)
                Assert.Equal(asTheyAre.Bytes(1).Span[(column * 5) + row], upright.Bytes(1).Span[(row * 4) + column]);
        }
    }

    [Theory]
    [InlineData(0x08, new byte[] { 0, 255 }, new double[] { 0, 255 })]
    [InlineData(0x09, new byte[] { 127, 128 }, new double[] { 127, -128 })]
    [InlineData(0x0B, new byte[] { 1, 2, 0xFF, 0xFE }, new double[] { 258, -2 })]
    [InlineData(0x0C, new byte[] { 0, 1, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF }, new double[] { 65536, -1 })]
    [InlineData(0x0D, new byte[] { 0x3F, 0xC0, 0, 0, 0xC0, 0, 0, 0 }, new double[] { 1.5, -2 })]
    [InlineData(0x0E, new byte[] { 0x3F, 0xF8, 0, 0, 0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0 }, new double[] { 1.5, -2 })]
    public void IdxFile_of_each_type_of_elements_is_read(byte type, byte[] elements, double[] expected)
    {
        foreach (bool isZipped in new[] { false, true })
        {
            string path = Write("array", [0, 0, type, 2, 0, 0, 0, 2, 0, 0, 0, 1, .. elements], isZipped);
            NumericArray array = IdxFile.Read(path, Token);
            Assert.Equal([2, 1], array.Shape);
            Assert.Equal(expected, array.ToMatrix<double>().AsSpan().ToArray());
            Dataset data = Dataset.FromArray<double>(array, IdxFile.Read(Write("labels", Labels(1, 0), isZipped), Token));
            Assert.Equal((type == 8, 2, 2), (data.HoldsBytes, data.Count, data.Classes));
            Assert.Equal(expected.Select(x => (float)x), SmallData.All(data));
        }
    }

    [Fact]
    public void IdxFiles_damaged_gzip_is_refused()
    {
        string labels = Write("labels", Labels(1, 2, 3), false);
        string images = Write("images", Images(3), true);
        byte[] bytes = File.ReadAllBytes(images);
        for (int i = 10; i < bytes.Length - 8; i += 3)
        {
            byte[] damaged = [.. bytes];
            damaged[i] ^= 0x55;
            File.WriteAllBytes(images, damaged);
            Assert.StartsWith(
                images, Assert.Throws<InvalidDataException>(() => IdxFiles.Load(images, labels, cancellationToken: Token)).Message);
        }
    }

    private static byte[] Images(byte count)
    {
        byte[] file = [0, 0, 8, 3, 0, 0, 0, count, 0, 0, 0, 4, 0, 0, 0, 5, .. new byte[count * 20]];
        for (int i = 16; i < file.Length; i++)
            file[i] = (byte)(i * 41);
        return file;
    }

    private static byte[] Labels(params byte[] labels) => [0, 0, 8, 1, 0, 0, 0, (byte)labels.Length, .. labels];

    private string Write(string name, byte[] content, bool isZipped, string extension = "")
    {
        string path = Path.Combine(_folder, name + extension);
        using Stream file = File.Create(path);
        using Stream stream = isZipped ? new GZipStream(file, CompressionLevel.Optimal) : file;
        stream.Write(content);
        return path;
    }

    private string Bad(byte[] images, byte[] labels, bool isZipped = false)
    {
        string imagesPath = Write("images", images, isZipped), labelsPath = Write("labels", labels, isZipped);
        return Assert.Throws<InvalidDataException>(() => IdxFiles.Load(imagesPath, labelsPath, cancellationToken: Token)).Message;
    }
}
