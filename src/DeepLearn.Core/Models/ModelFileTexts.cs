using System.Numerics;
using System.Text.Json;
using DeepLearn.Data.Tables;
using DeepLearn.Foundation;
using DeepLearn.Models.Specifications;
using DeepLearn.Tensors;
using DeepLearn.Tensors.Files;

namespace DeepLearn.Models;

/// <summary>The texts in a model's file: the library's own, whose keys have a prefix, and the caller's.</summary>
internal static class ModelFileTexts
{
    public const string Prefix = "deeplearn.";

    /// <summary>The key of the hash over everything else in the file.</summary>
    public const string Checksum = Prefix + "checksum";

    /// <summary>The key of the kind of file, which a checkpoint has and a model's file has not.</summary>
    public const string Format = Prefix + "format";

    /// <summary>What stands there in a checkpoint of training.</summary>
    public const string Checkpoint = "DeepLearn checkpoint 1";

    private const string Version = Prefix + "version";
    private const string Specification = Prefix + "specification";
    private const string Input = Prefix + "input";
    private const string Sha256 = Prefix + "sha256";
    private const string Card = Prefix + "card";
    private const string Preprocessing = Prefix + "preprocessing";

    private static readonly string[] Known = [Version, Specification, Input, Sha256, Card, Preprocessing, Checksum];

    /// <summary>Adds the texts that say which model the weights belong to.</summary>
    public static void AddOrigin<T>(SafetensorsWriter writer, Model<T> model)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        writer.AddText(Version, LibraryVersion.Current);
        writer.AddText(Input, model.InputShape.ToString());
        writer.AddText(Sha256, model.Sha256());
    }

    /// <summary>Adds what prediction needs besides the weights.</summary>
    /// <exception cref="ArgumentException">A layer or an initializer has no written form.</exception>
    public static void AddAll(SafetensorsWriter writer, Layers.Layer network, ModelCard card, SpecificationFormats formats)
    {
        writer.AddText(Specification, network.ToJson(formats));
        writer.AddText(Card, ModelCardJson.Write(card, isWhole: false));
        if (card.Preprocessing is { } preprocessing)
            writer.AddText(Preprocessing, preprocessing.ToJson());
        foreach ((string key, string text) in card.Texts)
            writer.AddText(key, text);
    }

    /// <summary>Throws where a file is a checkpoint of training.</summary>
    /// <exception cref="InvalidDataException">It is.</exception>
    public static void RefuseCheckpoint(SafetensorsReader reader)
    {
        if (reader.Metadata.TryGetValue(Format, out string? format) && format.StartsWith("DeepLearn checkpoint", StringComparison.Ordinal))
        {
            throw new InvalidDataException(
                $"{reader.Source} is a checkpoint of a training run, not a saved model. Make the run's trainer as before, with the same "
                + "Checkpointing, and call TryResume and Run; then trainer.Model.Save(path) writes a file that can be loaded.");
        }
    }

    /// <summary>Whether the file has a specification.</summary>
    public static bool HaveSpecification(SafetensorsReader reader) => reader.Metadata.ContainsKey(Specification);

    /// <summary>The network of a file that has one, with initializers or as zeros.</summary>
    public static Layers.Layer ReadNetwork(SafetensorsReader reader, SpecificationFormats formats) =>
        NetworkSpecification.Read(reader.Metadata[Specification], $"{reader.Source}, {Specification}", formats);

    /// <summary>Everything that the texts and the tensors of normalizations hold.</summary>
    /// <exception cref="InvalidDataException">A text is not of its form, or is of no known key.</exception>
    public static ModelFileContent Read(SafetensorsReader reader, bool hasNormalization, SpecificationFormats? formats)
    {
        IReadOnlyDictionary<string, string> texts = reader.Metadata;
        foreach (string key in texts.Keys)
        {
            if (key.StartsWith(Prefix, StringComparison.Ordinal) && !Known.Contains(key))
                throw new InvalidDataException($"{reader.Source}: expected the texts {string.Join(", ", Known)}; found {key}.");
        }
        ModelCard card = texts.TryGetValue(Card, out string? json)
            ? ModelCardJson.Read(json, $"{reader.Source}, {Card}", isWhole: false)
            : ModelCard.Empty;
        return new()
        {
            Card = card with
            {
                Preprocessing = texts.TryGetValue(Preprocessing, out string? steps) ? ReadPreprocessing(steps, reader.Source) : null,
                Normalization = hasNormalization ? NormalizationTensors.OfInputs.Read(reader) : null,
                TargetScaling = hasNormalization ? NormalizationTensors.OfTargets.Read(reader) : null,
                Texts = [.. texts.Where(text => !text.Key.StartsWith(Prefix, StringComparison.Ordinal))
                    .Select(text => new ModelText(text.Key, text.Value))],
            },
            Network = formats is not null && HaveSpecification(reader) ? ReadNetwork(reader, formats) : null,
            InputShape = texts.TryGetValue(Input, out string? shape) ? ReadShape(shape, $"{reader.Source}, {Input}") : null,
            Sha256 = texts.GetValueOrDefault(Sha256),
            LibraryVersion = texts.GetValueOrDefault(Version),
        };
    }

    private static Preprocessing ReadPreprocessing(string json, string source)
    {
        try
        {
            return Data.Tables.Preprocessing.FromJson(json);
        }
        catch (Exception exception) when (exception is InvalidDataException or ArgumentException)
        {
            throw new InvalidDataException($"{source}, {Preprocessing}: {exception.Message}", exception);
        }
    }

    private static Shape ReadShape(string json, string source)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return new([.. document.RootElement.EnumerateArray().Select(extent => extent.GetInt32())]);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException or ArgumentException)
        {
            string found = json.Length > 60 ? $"{json[..60]} ..." : json;
            throw new InvalidDataException($"{source}: expected a shape, as in [32, 32, 3]; found {found}.", exception);
        }
    }
}
