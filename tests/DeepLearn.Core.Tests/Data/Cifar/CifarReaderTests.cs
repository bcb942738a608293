using System.Formats.Tar;
using DeepLearn.Data;
using DeepLearn.Data.Cifar;
using DeepLearn.Foundation;
using DeepLearn.Tensors;
using Xunit;

namespace DeepLearn.Tests.Data.Cifar;

public class CifarReaderTests : IDisposable
{
    private static readonly CifarFormat Format = CifarFixture.Small10;
    private readonly CifarFixture _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData(PixelOrder.ChannelsLast)]
    [InlineData(PixelOrder.Planar)]
    public void CifarReader_folder_has_every_byte_in_its_place(PixelOrder order) => CheckAll(Load(_files.Write(Format), order), order);

    [Theory]
    [InlineData(TarEntryFormat.Ustar, PixelOrder.ChannelsLast)]
    [InlineData(TarEntryFormat.Ustar, PixelOrder.Planar)]
    [InlineData(TarEntryFormat.Pax, PixelOrder.ChannelsLast)]
    [InlineData(TarEntryFormat.Gnu, PixelOrder.ChannelsLast)]
    [InlineData(TarEntryFormat.V7, PixelOrder.ChannelsLast)]
    public void CifarReader_archive_of_every_tar_format_has_every_byte_in_its_place(TarEntryFormat kind, PixelOrder order) =>
        CheckAll(Load(_files.WriteArchive(Format, kind), order), order);

    [Fact]
    public void CifarReader_accepts_the_folder_above_the_files()
    {
        string inner = Directory.CreateDirectory(Path.Combine(_files.Folder, Format.Folder)).FullName;
        _files.Write(Format);
        foreach (string file in Directory.GetFiles(_files.Folder, "*.bin"))
            File.Move(file, Path.Combine(inner, Path.GetFileName(file)));
        CheckAll(Load(_files.Folder), PixelOrder.ChannelsLast);
    }

    [Fact]
    public void CifarReader_symbolic_links_to_files_are_followed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege on Windows.");
        string far = Directory.CreateDirectory(Path.Combine(_files.Folder, "far")).FullName;
        _files.Write(Format);
        foreach (string file in Directory.GetFiles(_files.Folder, "*.bin"))
        {
            string target = Path.Combine(far, Path.GetFileName(file));
            File.Move(file, target);
            File.CreateSymbolicLink(file, target);
        }
        CheckAll(Load(_files.Folder), PixelOrder.ChannelsLast);
    }

    [Fact]
    public void CifarReader_class_names_come_from_the_meta_file_where_there_is_one()
    {
        Assert.Equal("airplane", Load(_files.Write(Format)).ClassNames[0]);
        File.WriteAllText(Path.Combine(_files.Folder, "batches.meta.txt"), "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n\n");
        Assert.Equal("j", Load(_files.Folder).ClassNames[9]);
        Assert.Equal("z", Load(_files.WriteArchive(Format, names: "z\r\nb\r\nc\r\nd\r\ne\r\nf\r\ng\r\nh\r\ni\r\nj\r\n")).ClassNames[0]);
        File.WriteAllText(Path.Combine(_files.Folder, "batches.meta.txt"), "a\nb\n");
        Assert.Contains("batches.meta.txt must name 10 classes, one a line; found 2", Bad(_files.Folder));
    }

    [Fact]
    public void CifarReader_progress_ends_at_the_total()
    {
        var reports = new List<DataProgress>();
        CifarReader.Load(Format, _files.Write(Format), PixelOrder.Planar, new Collector(reports), TestContext.Current.CancellationToken);
        Assert.Equal(Format.TotalLength, reports[^1].Total);
        Assert.Equal(Format.TotalLength, reports[^1].Done);
        Assert.True(reports.Zip(reports.Skip(1)).All(pair => pair.First.Done < pair.Second.Done));
    }

    [Fact]
    public void CifarReader_canceled_throws()
    {
        var stop = new CancellationToken(canceled: true);
        Assert.ThrowsAny<OperationCanceledException>(() => CifarReader.Load(Format, _files.Write(Format), PixelOrder.Planar, null, stop));
        Assert.ThrowsAny<OperationCanceledException>(
            () => CifarReader.Load(Format, _files.WriteArchive(Format), PixelOrder.Planar, null, stop));
    }

    [Fact]
    public void CifarReader_path_with_nothing_is_named()
    {
        string path = Path.Combine(_files.Folder, "nothing");
        Assert.Contains($"neither a folder nor an archive {path}", Assert.Throws<FileNotFoundException>(() => Load(path)).Message);
    }

    [Theory]
    [InlineData("data_batch_1.bin")]
    [InlineData("data_batch_4.bin")]
    [InlineData("test_batch.bin")]
    public void CifarReader_missing_file_is_named(string name)
    {
        string folder = _files.Write(Format, name, _ => null);
        string message = Assert.Throws<FileNotFoundException>(() => Load(folder)).Message;
        Assert.Contains($"{folder} has no {name}; cifar-10 needs data_batch_1.bin, ", message);
        Assert.Contains($"is not the archive of cifar-10, or is cut short: it has no {name}.", Bad(_files.WriteArchive(
            Format, content: i => Format.FileAt(i) == name ? null : CifarFixture.Content(Format, i))));
    }

    [Theory]
    [InlineData(-1, "is cut short: expected 2151100 bytes (700 records of 3073), found 2151099")]
    [InlineData(-3073, "is cut short: expected 2151100 bytes (700 records of 3073), found 2148027")]
    [InlineData(-2151100, "is cut short: expected 2151100 bytes (700 records of 3073), found 0")]
    [InlineData(1, "is too long: expected 2151100 bytes (700 records of 3073), found 2151101")]
    [InlineData(3073, "is too long: expected 2151100 bytes (700 records of 3073), found 2154173")]
    public void CifarReader_file_of_wrong_length_is_refused_with_both_lengths(int more, string message)
    {
        string folder = _files.Write(Format, "data_batch_3.bin", bytes => Resized(bytes, more));
        Assert.Contains("data_batch_3.bin " + message, Bad(folder));
        string archive = _files.WriteArchive(Format, content: i => Resized(CifarFixture.Content(Format, i), i == 2 ? more : 0));
        Assert.Contains("data_batch_3.bin " + message, Bad(archive));
    }

    [Theory]
    [InlineData(0, 10)]
    [InlineData(345, 255)]
    [InlineData(699, 11)]
    public void CifarReader_label_out_of_range_is_refused_with_its_offset(int record, byte label)
    {
        byte[] Change(byte[] bytes)
        {
            bytes[record * 3073] = label;
            return bytes;
        }
        string message = $"data_batch_2.bin, byte {record * 3073}: a label is from 0 to 9; found {label}.";
        Assert.Contains(message, Bad(_files.Write(Format, "data_batch_2.bin", Change)));
        Assert.Contains(
            message,
            Bad(_files.WriteArchive(Format, content: Content)));

        byte[] Content(int file)
        {
            byte[] bytes = CifarFixture.Content(Format, file);
            return file == 1 ? Change(bytes) : bytes;
        }
    }

    [Theory]
    [InlineData("", "expected the bytes 1F 8B at its start, found nothing nothing")]
    [InlineData("P", "expected the bytes 1F 8B at its start, found 50 nothing")]
    [InlineData("PK and so on", "expected the bytes 1F 8B at its start, found 50 4B")]
    public void CifarReader_file_that_is_no_archive_is_refused(string content, string message)
    {
        string path = Path.Combine(_files.Folder, "x.tar.gz");
        File.WriteAllText(path, content);
        Assert.Contains("x.tar.gz is not a .tar.gz archive: " + message, Bad(path));
    }

    [Fact]
    public void CifarReader_tiny_archive_is_refused_before_memory_is_taken()
    {
        string path = Path.Combine(_files.Folder, "x.tar.gz");
        File.WriteAllBytes(path, [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0]);
        Assert.Contains("x.tar.gz is cut short: 10 bytes cannot hold", Bad(path));
    }

    [Fact]
    public void CifarReader_damaged_archive_is_refused()
    {
        byte[] whole = File.ReadAllBytes(_files.WriteArchive(Format));
        string path = Path.Combine(_files.Folder, "x.tar.gz");
        RandomStream random = RandomKey.FromSeed(4).Open();
        for (int i = 0; i < 12; i++)
        {
            File.WriteAllBytes(path, whole[..(100_000 + random.NextIndex(whole.Length - 100_100))]);
            Assert.Contains("x.tar.gz", Bad(path));
        }
        for (int i = 0; i < 12; i++)
        {
            byte[] damaged = [.. whole];
            damaged[10 + random.NextIndex(whole.Length - 18)] ^= (byte)(1 << random.NextIndex(8));
            File.WriteAllBytes(path, damaged);
            Assert.Contains("x.tar.gz", Bad(path));
        }
    }

    [Fact]
    public void CifarReader_file_twice_in_an_archive_is_refused()
    {
        CifarFormat twice = Format with { TrainingFiles = ["data_batch_1.bin", "data_batch_1.bin"] };
        Assert.Contains("data_batch_1.bin stands there twice", Bad(_files.WriteArchive(twice)));
    }

    [Theory]
    [InlineData(Cifar100Labels.Fine, 100)]
    [InlineData(Cifar100Labels.Coarse, 20)]
    public void CifarReader_of_CIFAR100_reads_fine_and_coarse_labels(Cifar100Labels labels, int classes)
    {
        CifarFormat format = CifarFixture.Small100(labels);
        DatasetCollection data = CifarReader.Load(
            format, _files.Write(format), PixelOrder.Planar, null, TestContext.Current.CancellationToken);
        byte[] expected = CifarFixture.Content(format, 0);
        Assert.Equal(classes, data.Training.Classes);
        Assert.Equal(30, data.Training.Count);
        Assert.Equal(5, data.Test.Count);
        var bytes = (ByteDataset)data.Training;
        for (int i = 0; i < 30; i++)
        {
            Assert.Equal(expected[(i * 3074) + (labels == Cifar100Labels.Fine ? 1 : 0)], data.Training.Labels[i]);
            Assert.True(bytes.Example(i).SequenceEqual(expected.AsSpan((i * 3074) + 2, 3072)));
        }
    }

    [Theory]
    [InlineData(Cifar100Labels.Fine, "fine_label_names.txt", 100)]
    [InlineData(Cifar100Labels.Coarse, "coarse_label_names.txt", 20)]
    public void CifarReader_of_CIFAR100_archive_equals_its_folder(Cifar100Labels labels, string namesFile, int classes)
    {
        CifarFormat format = CifarFixture.Small100(labels);
        string[] names = [.. Enumerable.Range(0, classes).Select(i => $"class {i}")];
        DatasetCollection fromArchive = Small100(_files.WriteArchive(format));
        string folder = _files.Write(format);
        File.WriteAllLines(Path.Combine(folder, namesFile), names);
        DatasetCollection fromFolder = Small100(folder);
        Assert.Equal(names, fromFolder.ClassNames);
        Assert.Equal(fromFolder.Training.Labels.ToArray(), fromArchive.Training.Labels.ToArray());
        for (int i = 0; i < 30; i++)
            Assert.True(((ByteDataset)fromFolder.Training).Example(i).SequenceEqual(((ByteDataset)fromArchive.Training).Example(i)));
        Assert.Equal(new Shape(32, 32, 3), fromArchive.Test.ExampleShape);

        DatasetCollection Small100(string path) =>
            CifarReader.Load(format, path, PixelOrder.ChannelsLast, null, TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Cifar100Files_of_wrong_size_are_refused()
    {
        string folder = _files.Write(CifarFixture.Small100(Cifar100Labels.Fine));
        Assert.Contains(
            "train.bin is cut short: expected 153700000 bytes (50000 records of 3074), found 92220.",
            Assert.Throws<InvalidDataException>(() => Cifar100Files.Load(folder)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => Cifar100Files.Load(folder, (Cifar100Labels)2));
        Assert.Throws<ArgumentOutOfRangeException>(() => Cifar100Files.Load(folder, order: (PixelOrder)2));
        File.Delete(Path.Combine(folder, "test.bin"));
        Assert.Contains(
            "has no test.bin; cifar-100 needs train.bin, test.bin", Assert.Throws<FileNotFoundException>(() => Load100(folder)).Message);

        DatasetCollection Load100(string path) => CifarReader.Load(
            CifarFixture.Small100(Cifar100Labels.Fine), path, PixelOrder.Planar, null, TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData(0, 20, "byte 9222: a label is from 0 to 19; found 20")]
    [InlineData(1, 100, "byte 9223: a label is from 0 to 99; found 100")]
    public void CifarReader_of_CIFAR100_refuses_fine_or_coarse_labels_out_of_range(int at, byte value, string message)
    {
        CifarFormat format = CifarFixture.Small100(Cifar100Labels.Fine);
        _files.Write(format, "train.bin", bytes =>
        {
            bytes[(3 * 3074) + at] = value;
            return bytes;
        });
        Assert.Contains(
            "train.bin, " + message,
            Assert.Throws<InvalidDataException>(
                () => CifarReader.Load(format, _files.Folder, PixelOrder.Planar, null, TestContext.Current.CancellationToken)).Message);
    }

    private static DatasetCollection Load(string path, PixelOrder order = PixelOrder.ChannelsLast) =>
        CifarReader.Load(Format, path, order, null, TestContext.Current.CancellationToken);

    private static string Bad(string path) => Assert.Throws<InvalidDataException>(() => Load(path)).Message;

    private static byte[] Resized(byte[] bytes, int more)
    {
        Array.Resize(ref bytes, bytes.Length + more);
        return bytes;
    }

    private static void CheckAll(DatasetCollection data, PixelOrder order)
    {
        Assert.Equal("cifar-10", data.Name);
        Assert.Equal(order == PixelOrder.Planar ? new Shape(3, 32, 32) : new Shape(32, 32, 3), data.Training.ExampleShape);
        Assert.Equal(3500, data.Training.Count);
        Assert.Equal(3, data.Test.Count);
        Assert.Equal(5, data.TrainingBatches.Count);
        for (int file = 0; file < Format.Files; file++)
        {
            byte[] expected = CifarFixture.Content(Format, file);
            var whole = (ByteDataset)(file < 5 ? data.Training : data.Test);
            int start = file < 5 ? file * 700 : 0;
            for (int record = 0; record < Format.RecordsAt(file); record++)
            {
                ReadOnlySpan<byte> image = whole.Example(start + record), filed = expected.AsSpan(record * 3073, 3073);
                Assert.Equal(filed[0], whole.Labels[start + record]);
                bool isRight = order == PixelOrder.Planar ? image.SequenceEqual(filed[1..]) : image.SequenceEqual(Interleaved(filed[1..]));
                Assert.True(isRight, $"{Format.FileAt(file)}, record {record}");
            }
            if (file < 5)
                Assert.Equal(data.Training.Labels.Slice(start, 700).ToArray(), data.TrainingBatches[file].Labels.ToArray());
        }
    }

    private static byte[] Interleaved(ReadOnlySpan<byte> planes)
    {
        var image = new byte[3072];
        for (int y = 0; y < 32; y++)
        {
            for (int x = 0; x < 32; x++)
            {
                for (int channel = 0; channel < 3; channel++)
                    image[(((y * 32) + x) * 3) + channel] = planes[(channel * 1024) + (y * 32) + x];
            }
        }
        return image;
    }

    private sealed class Collector(List<DataProgress> reports) : IProgress<DataProgress>
    {
        public void Report(DataProgress value) => reports.Add(value);
    }
}
