using System.IO.Compression;
using DeepLearn.Foundation;

namespace DeepLearn.Tensors.Files;

/// <summary>
/// Reads and writes several named arrays in NumPy's format npz, a zip archive of npy files: what <c>numpy.savez</c> and
/// <c>numpy.savez_compressed</c> write.
/// </summary>
/// <example><code>
/// NpzFile.Write("data.npz", new Dictionary&lt;string, NumericArray&gt;
/// {
///     ["x"] = NumericArray.Of&lt;float&gt;([0.5f, 1, 1.5f, 2], 2, 2),
///     ["y"] = NumericArray.Of&lt;long&gt;([0, 1]),
/// });
/// Console.WriteLine(NpzFile.Read("data.npz")["x"]);    // prints Float32 [2, 2]
/// </code></example>
public static class NpzFile
{
    private const string Extension = ".npy";

    // What an IOException has that no system call caused.
    private const int GeneralFault = unchecked((int)0x80131620);

    /// <summary>Reads all arrays of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>The arrays by their names, which are without <c>.npy</c>, in the order of the file.</returns>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    /// <exception cref="InvalidDataException">The file is no such archive, holds something else than arrays, a name twice, or is damaged;
    /// the message names the file, the array, what was expected and what was found.</exception>
    /// <exception cref="OperationCanceledException">The reading was stopped.</exception>
    public static IReadOnlyDictionary<string, NumericArray> Read(string path, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream file = WholeFile.OpenRead(path);
        try
        {
            using var archive = new ZipArchive(file, ZipArchiveMode.Read);
            var arrays = new OrderedDictionary<string, NumericArray>();
            long left = file.Length;
            foreach (ZipArchiveEntry entry in archive.Entries)
            {
                string name = entry.FullName.EndsWith(Extension, StringComparison.Ordinal) ? entry.FullName[..^Extension.Length] : "";
                if (name.Length == 0)
                    throw new InvalidDataException($"{path}: expected arrays, each named .npy; found '{entry.FullName}'.");
                if (!arrays.TryAdd(name, Read(entry, $"{path}, array {name}", ref left, cancellationToken)))
                    throw new InvalidDataException($"{path}: expected each array once; found '{name}' again.");
            }
            return arrays;
        }
        catch (Exception exception) when (IsOfTheArchive(exception, path))
        {
            throw new InvalidDataException($"{path} is not an npz file, or is damaged: {exception.Message}", exception);
        }
    }

    /// <summary>Writes a file whole or not at all: what stood there before stays until the new one is complete.</summary>
    /// <param name="path">Where to; folders that are missing are made.</param>
    /// <param name="arrays">The arrays by their names, which get <c>.npy</c>, in this order.</param>
    /// <param name="isCompressed">Whether the arrays are compressed. Default false: they are stored as they are.</param>
    /// <exception cref="ArgumentException">A name is empty, or comes twice.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static void Write(string path, IEnumerable<KeyValuePair<string, NumericArray>> arrays, bool isCompressed = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(arrays);
        KeyValuePair<string, NumericArray>[] all = [.. arrays];
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach ((string name, NumericArray array) in all)
        {
            ArgumentNullException.ThrowIfNull(array, nameof(arrays));
            if (string.IsNullOrEmpty(name) || !names.Add(name))
                throw new ArgumentException($"Each array has a name of its own; found '{name}'.", nameof(arrays));
        }
        WholeFile.Write(path, stream =>
        {
            using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
            foreach ((string name, NumericArray array) in all)
            {
                ZipArchiveEntry entry = archive.CreateEntry(
                    name + Extension, isCompressed ? CompressionLevel.Optimal : CompressionLevel.NoCompression);

                // The first day that the format has: the same arrays give the same bytes.
                entry.LastWriteTime = new DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
                using Stream content = entry.Open();
                NpyFile.Write(content, array);
            }
        });
    }

    private static NumericArray Read(ZipArchiveEntry entry, string source, ref long left, CancellationToken cancellationToken)
    {
        // Entries that lie over one another would hold more together than the file has.
        left -= entry.CompressedLength;
        if (left < 0 || entry.CompressedLength < 0)
            throw new InvalidDataException($"{source}: expected arrays that lie one after the other; found more bytes than the file has.");
        using Stream content = entry.Open();
        using var summed = new ChecksummedStream(content);
        bool isCompressed = entry.CompressedLength != entry.Length;
        NumericArray array = NpyFile.Read(summed, entry.CompressedLength, isCompressed, source, cancellationToken);
        return summed.Checksum == entry.Crc32
            ? array
            : throw new InvalidDataException($"{source} is damaged: its checksum is {summed.Checksum:X8}; expected {entry.Crc32:X8}.");
    }

    // The framework's reader has an exception for each kind of damage; those of the disk and of cancellation stay what they are.
    private static bool IsOfTheArchive(Exception exception, string path) => exception switch
    {
        InvalidDataException => !exception.Message.StartsWith(path, StringComparison.Ordinal),
        EndOfStreamException => true,
        IOException => exception.HResult == GeneralFault,
        ArgumentException or NotSupportedException or OverflowException or FormatException => true,
        _ => false,
    };
}
