using DeepLearn.Foundation;
using DeepLearn.Models;
using DeepLearn.Tensors.Files;

namespace DeepLearn.Training.Checkpoints;

/// <summary>A checkpoint as a file: safetensors, with a checksum of all that it holds.</summary>
internal static class CheckpointFile
{
    private const string FormatKey = ModelFileTexts.Format;
    private const string VersionKey = ModelFileTexts.Prefix + "version";
    private const string ChecksumKey = ModelFileTexts.Checksum;
    private const string Format = ModelFileTexts.Checkpoint;

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
            {
                string model = ModelFileTexts.HaveSpecification(file) ? $" It is a saved model, which {nameof(Model)}.Load reads." : "";
                throw new InvalidDataException(
                    $"{file.Source} is not a checkpoint: expected the format \"{Format}\"; found \"{found}\".{model}");
            }
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
