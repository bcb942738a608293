using System.IO.Compression;
using System.Text;
using DeepLearn.Foundation;

namespace DeepLearn.Data.Cifar;

/// <summary>Reads a collection from its folder or from the archive as it is published.</summary>
internal static class CifarReader
{
    private const int LongestNamesFile = 65536;

    // What deflate makes of a run of equal bytes: no archive is shorter than its content divided by this.
    private const int LargestCompression = 1032;

    public static DatasetCollection Load(
        CifarFormat format, string path, PixelOrder order, IProgress<DataProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (order is not (PixelOrder.ChannelsLast or PixelOrder.Planar))
            throw new ArgumentOutOfRangeException(nameof(order), $"The order of pixels is ChannelsLast or Planar; found {order}.");
        if (Directory.Exists(path))
            return LoadFolder(format, path, order, progress, cancellationToken);
        if (File.Exists(path))
            return LoadArchive(format, path, order, progress, cancellationToken);
        throw new FileNotFoundException($"There is neither a folder nor an archive {path} to read {format.Name} from.", path);
    }

    private static DatasetCollection LoadFolder(
        CifarFormat format, string folder, PixelOrder order, IProgress<DataProgress>? progress, CancellationToken cancellationToken)
    {
        // The folder that the archive unpacks to, or the one that it was unpacked in.
        string inner = Path.Combine(folder, format.Folder);
        if (!File.Exists(Path.Combine(folder, format.FileAt(0))) && Directory.Exists(inner))
            folder = inner;

        // All sizes are checked before the first byte is read or memory taken.
        for (int i = 0; i < format.Files; i++)
        {
            var file = new FileInfo(Path.Combine(folder, format.FileAt(i)));
            if (!file.Exists)
            {
                throw new FileNotFoundException(
                    $"The folder {folder} has no {format.FileAt(i)}; {format.Name} needs {AllFiles(format)}.", file.FullName);
            }
            CheckLength(format, i, file.FullName, LengthOf(file.FullName));
        }
        var images = new CifarImages(format, order, progress);
        for (int i = 0; i < format.Files; i++)
        {
            string path = Path.Combine(folder, format.FileAt(i));
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 0, FileOptions.SequentialScan);
            images.Read(i, path, memory => stream.ReadAtLeast(memory.Span, memory.Length, throwOnEndOfStream: false), cancellationToken);
        }
        string names = Path.Combine(folder, format.NamesFile);
        return images.Build(File.Exists(names) ? ParseNames(format, names, ReadNames(names)) : format.DefaultNames);
    }

    private static DatasetCollection LoadArchive(
        CifarFormat format, string path, PixelOrder order, IProgress<DataProgress>? progress, CancellationToken cancellationToken)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        int first = file.ReadByte(), second = file.ReadByte();
        if (first != 0x1F || second != 0x8B)
        {
            throw new InvalidDataException(
                $"{path} is not a .tar.gz archive: expected the bytes 1F 8B at its start, found {Hexadecimal(first)} "
                + $"{Hexadecimal(second)}.");
        }
        if (file.Length < format.TotalLength / LargestCompression)
        {
            throw new InvalidDataException(
                $"{path} is cut short: {file.Length} bytes cannot hold the {format.TotalLength} of {format.Name}, however well "
                + $"compressed.");
        }
        file.Position = 0;
        using var unpacked = new GZipStream(file, CompressionMode.Decompress);
        var archive = new TarFileReader(unpacked, path);
        CifarImages? images = null;
        ValueList<string> names = format.DefaultNames;
        while (archive.MoveNext(cancellationToken))
        {
            string name = archive.Name[(archive.Name.LastIndexOf('/') + 1)..];
            string shown = $"{path}: {archive.Name}";
            int index = IndexOf(format, name);
            if (index >= 0)
            {
                CheckLength(format, index, shown, archive.Length);
                images ??= new(format, order, progress);
                images.Read(index, shown, memory => archive.Read(memory.Span), cancellationToken);
            }
            else if (name == format.NamesFile)
            {
                names = ParseNames(format, shown, ReadNames(archive, shown));
            }
        }
        archive.Finish(cancellationToken);
        string missing = images?.MissingFiles() ?? AllFiles(format);
        if (missing.Length > 0)
            throw new InvalidDataException($"{path} is not the archive of {format.Name}, or is cut short: it has no {missing}.");
        return images!.Build(names);
    }

    private static void CheckLength(CifarFormat format, int file, string path, long found)
    {
        long expected = format.LengthAt(file);
        if (found == expected)
            return;
        string what = found < expected ? "is cut short" : "is too long";
        throw new InvalidDataException(
            $"{path} {what}: expected {expected} bytes ({format.RecordsAt(file)} records of {format.RecordLength}), found {found}.");
    }

    private static string ReadNames(string path)
    {
        long length = LengthOf(path);
        CheckNamesLength(path, length);
        return File.ReadAllText(path, Encoding.UTF8);
    }

    private static string ReadNames(TarFileReader archive, string path)
    {
        CheckNamesLength(path, archive.Length);
        var bytes = new byte[archive.Length];
        archive.Read(bytes);
        return Encoding.UTF8.GetString(bytes);
    }

    private static void CheckNamesLength(string path, long length)
    {
        if (length > LongestNamesFile)
            throw new InvalidDataException($"{path} has the names of the classes, at most {LongestNamesFile} bytes; found {length}.");
    }

    private static ValueList<string> ParseNames(CifarFormat format, string path, string text)
    {
        string[] names = text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (names.Length != format.Classes)
            throw new InvalidDataException($"{path} must name {format.Classes} classes, one a line; found {names.Length}.");
        return ValueList.Create<string>(names);
    }

    private static int IndexOf(CifarFormat format, string name)
    {
        for (int i = 0; i < format.Files; i++)
        {
            if (format.FileAt(i) == name)
                return i;
        }
        return -1;
    }

    private static string AllFiles(CifarFormat format) => string.Join(", ", Enumerable.Range(0, format.Files).Select(format.FileAt));

    private static string Hexadecimal(int value) => value < 0 ? "nothing" : $"{value:X2}";

    /// <summary>The size of a file in bytes; of a symbolic link, that of its target.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">There is no such file, or it cannot be read.</exception>
    internal static long LengthOf(string path)
    {
        using FileStream file = File.OpenRead(path);
        return file.Length;
    }
}
