using System.Formats.Tar;
using System.IO.Compression;
using DeepLearn.Data.Cifar;
using DeepLearn.Foundation;

namespace DeepLearn.Tests.Data.Cifar;

/// <summary>CIFAR's layouts in small: as few records a file as a test wants, written to a folder of its own.</summary>
public sealed class CifarFixture : IDisposable
{
    public CifarFixture() => Folder = Directory.CreateTempSubdirectory("deeplearn-cifar-").FullName;

    public string Folder { get; }

    /// <summary>CIFAR-10 with 700 records in a training file (more than the reader takes at once) and 3 in the test file.</summary>
    internal static CifarFormat Small10 { get; } = Cifar10Files.Format with { RecordsPerTrainingFile = 700, RecordsInTestFile = 3 };

    internal static CifarFormat Small100(Cifar100Labels labels) =>
        Cifar100Files.FormatOf(labels) with { RecordsPerTrainingFile = 30, RecordsInTestFile = 5 };

    /// <summary>The bytes of a file: valid labels, pseudo-random pixels.</summary>
    internal static byte[] Content(CifarFormat format, int file)
    {
        var bytes = new byte[format.LengthAt(file)];
        RandomStream random = RandomKey.FromSeed(11).Derive(file).Open();
        for (int i = 0; i < bytes.Length; i++)
            bytes[i] = (byte)random.NextBits();
        for (int record = 0; record < format.RecordsAt(file); record++)
        {
            for (int label = 0; label < format.LabelRanges.Count; label++)
                bytes[(record * format.RecordLength) + label] %= (byte)format.LabelRanges[label];
        }
        return bytes;
    }

    /// <summary>Writes all files, perhaps with a change to one, and gives their folder.</summary>
    internal string Write(CifarFormat format, string? changed = null, Func<byte[], byte[]?>? change = null)
    {
        for (int i = 0; i < format.Files; i++)
        {
            byte[]? content = Content(format, i);
            if (format.FileAt(i) == changed)
                content = change!(content);
            string path = Path.Combine(Folder, format.FileAt(i));
            File.Delete(path);
            if (content is not null)
                File.WriteAllBytes(path, content);
        }
        return Folder;
    }

    /// <summary>Writes an archive, by default with all files in the official order, and gives its path.</summary>
    internal string WriteArchive(
        CifarFormat format, TarEntryFormat kind = TarEntryFormat.Ustar, Func<int, byte[]?>? content = null, string? names = null)
    {
        string path = Path.Combine(Folder, "archive.tar.gz");
        using var file = new FileStream(path, FileMode.Create);
        using var zipped = new GZipStream(file, CompressionLevel.Fastest);
        using var tar = new TarWriter(zipped, kind);
        tar.WriteEntry(Entry(kind, TarEntryType.Directory, format.Folder + "/", null));
        if (names is not null)
        {
            byte[] bytes = System.Text.Encoding.UTF8.GetBytes(names);
            tar.WriteEntry(Entry(kind, TarEntryType.RegularFile, $"{format.Folder}/{format.NamesFile}", bytes));
        }
        foreach (int i in Enumerable.Range(0, format.Files).Reverse())
        {
            if ((content is null ? Content(format, i) : content(i)) is { } bytes)
                tar.WriteEntry(Entry(kind, TarEntryType.RegularFile, $"{format.Folder}/{format.FileAt(i)}", bytes));
        }
        tar.WriteEntry(Entry(kind, TarEntryType.RegularFile, $"{format.Folder}/readme.html", new byte[700]));
        return path;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static TarEntry Entry(TarEntryFormat kind, TarEntryType type, string name, byte[]? bytes)
    {
        TarEntry entry = kind switch
        {
            TarEntryFormat.Pax => new PaxTarEntry(type, name),
            TarEntryFormat.Gnu => new GnuTarEntry(type, name),
            TarEntryFormat.V7 => new V7TarEntry(type == TarEntryType.RegularFile ? TarEntryType.V7RegularFile : type, name),
            _ => new UstarTarEntry(type, name),
        };
        if (bytes is not null)
            entry.DataStream = new MemoryStream(bytes);
        return entry;
    }
}
