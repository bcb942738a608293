using System.IO.Compression;
using DeepLearn.Data;
using DeepLearn.Data.Idx;
using DeepLearn.Tensors;
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
    [InlineData(0, "is cut short: it ends at byte 0; expected a header of 16 bytes")]
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
            "expected it to begin with 00 00 08 03, found 00 00 08 01", Bad(Labels(1, 2, 3, 4, 5, 6, 7, 8, 9, 0), Labels(1, 2, 3)));
        byte[] floats = Images(3);
        floats[2] = 0x0D;
        Assert.Contains("expected it to begin with 00 00 08 03, found 00 00 0D 03", Bad(floats, Labels(1, 2, 3)));
    }

    [Fact]
    public void IdxFiles_huge_header_is_refused_before_memory_is_taken()
    {
        byte[] huge = Images(3);
        huge[4] = 0x10;
        Assert.Contains("byte 12: an extent of 5 makes more than", Bad(huge, Labels(1, 2, 3)));
        huge = Images(3);
        huge[5] = 0xFF;
        Assert.Contains("is cut short: its header announces 334233660 bytes after it", Bad(huge, Labels(1, 2, 3)));
        Assert.Contains("is cut short: its header announces 334233660 bytes after it", Bad(huge, Labels(1, 2, 3), isZipped: true));
    }

    [Fact]
    public void IdxFiles_no_images_of_a_huge_size_are_refused_with_the_file()
    {
        byte[] huge = [0, 0, 8, 3, 0, 0, 0, 0, 0x7F, 0xFF, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF];
        Assert.Contains("images, byte 8: an extent of 2147483647 makes more than", Bad(huge, Labels()));
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
        Assert.Contains("labels, byte 9: a label is from 0 to 9; found 10", Bad(Images(3), Labels(1, 10, 3)));
        Assert.Contains("has 3 images; expected 2", Bad(Images(3), Labels(1, 2)));
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
