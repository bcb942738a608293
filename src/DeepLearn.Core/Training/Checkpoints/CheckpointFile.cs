using DeepLearn.Foundation;
using DeepLearn.Tensors.Files;

namespace DeepLearn.Training.Checkpoints;

/// <summary>A checkpoint as a file: safetensors, with a checksum of all that it holds.</summary>
internal static class CheckpointFile
{
    private const string Prefix = "deeplearn.";
    private const string FormatKey = Prefix + "format";
    private const string VersionKey = Prefix + "version";
    private const string ChecksumKey = Prefix + "checksum";
    private const string Format = "DeepLearn checkpoint 1";

    public static bool IsKeyOfTheLibrary(string key) => key is FormatKey or VersionKey or ChecksumKey;

    /// <summary>Writes a checkpoint whole or not at all.</summary>
    public static void Write(string path, Action<StateWriter> write)
    {
        var file = new SafetensorsWriter();
        file.AddText(FormatKey, Format);
        file.AddText(VersionKey, LibraryVersion.Current);
        write(new StateWriter(file));
        file.AddText(ChecksumKey, file.Checksum());
        file.Save(path);
    }

    /// <summary>Opens a checkpoint and checks that it is whole.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or no checkpoint.</exception>
    public static SafetensorsReader Open(string path)
    {
        SafetensorsReader file = SafetensorsReader.Open(path);
        try
        {
            string found = file.Metadata.GetValueOrDefault(FormatKey, "none");
            if (found != Format)
                throw new InvalidDataException($"{file.Source} is not a checkpoint: expected the format \"{Format}\"; found \"{found}\".");
            string? named = file.Metadata.GetValueOrDefault(ChecksumKey);
            string checksum = file.Checksum(ChecksumKey);
            if (named != checksum)
            {
                throw new InvalidDataException(
                    $"The checkpoint {file.Source} is damaged: expected the checksum {named ?? "of a checkpoint"}; found {checksum}.");
            }
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }
}
