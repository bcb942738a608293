using System.Globalization;
using DeepLearn.Foundation;
using DeepLearn.Onnx.Messages;

namespace DeepLearn.Onnx.Import;

/// <summary>A tensor's numbers in a file beside the model's. Only files in the model's folder and below it are read.</summary>
/// <param name="folder">The folder of the model's file; null if the model was not read from a file.</param>
internal sealed class ExternalData(string? folder)
{
    /// <summary>The bytes of a tensor.</summary>
    public ReadOnlyMemory<byte> Read(TensorMessage tensor)
    {
        if (folder is null)
        {
            throw new OnnxUnsupportedException(
                $"Tensor '{tensor.Name}' is in another file, which is beside the model's: expected a path to load from; found a stream.");
        }
        string location = ValueOf(tensor, "location") ?? throw Damaged(tensor, "a location", "none");
        // A path with a character 0 is none, not even one to be looked at.
        if (location.Contains('\0'))
            throw Damaged(tensor, "a location within the folder of the model", $"'{location}'");
        string path = Path.GetFullPath(Path.Combine(folder, location));
        string root = Path.GetFullPath(folder);
        if (Path.IsPathRooted(location)
            || !path.StartsWith(Path.EndsInDirectorySeparator(root) ? root : root + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            throw Damaged(tensor, "a location within the folder of the model", $"'{location}'");
        }
        if (!File.Exists(path))
            throw Damaged(tensor, $"a file {location} beside the model", "none");
        using FileStream file = WholeFile.OpenRead(path);
        long offset = NumberOf(tensor, "offset") ?? 0;
        long length = NumberOf(tensor, "length") ?? Math.Max(0, file.Length - offset);
        if (offset < 0 || length < 0 || offset > file.Length - length || length > Array.MaxLength)
            throw Damaged(tensor, $"bytes within the {file.Length} of {location}", $"{length} from byte {offset}");
        var bytes = new byte[length];
        file.Position = offset;
        file.ReadExactly(bytes);
        return bytes;
    }

    private static long? NumberOf(TensorMessage tensor, string key)
    {
        string? text = ValueOf(tensor, key);
        if (text is null)
            return null;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw Damaged(tensor, $"a number as {key}", $"'{text}'");
    }

    private static string? ValueOf(TensorMessage tensor, string key) =>
        tensor.ExternalPlace.Find(entry => entry.Key == key)?.Value;

    private static InvalidDataException Damaged(TensorMessage tensor, string expected, string found) =>
        new($"Tensor '{tensor.Name}' is in another file: expected {expected}; found {found}.");
}
