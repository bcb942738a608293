using System.Numerics;
using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Tensors.Files;

namespace DeepLearn.Models;

/// <summary>The texts in a model's file: the library's own, whose keys have a prefix, and the caller's.</summary>
internal static class ModelFileTexts
{
    private const string Prefix = "deeplearn.";
    private const string Version = Prefix + "version";
    private const string Network = Prefix + "network";
    private const string Input = Prefix + "input";
    private const string Sha256 = Prefix + "sha256";

    public static void Add<T>(SafetensorsWriter writer, Model<T> model, IReadOnlyDictionary<string, string>? texts)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        writer.AddText(Version, LibraryVersion.Current);
        writer.AddText(Network, InvariantText.Of(model.Network));
        writer.AddText(Input, model.InputShape.ToString());
        writer.AddText(Sha256, model.Sha256());
        foreach ((string key, string text) in texts ?? new Dictionary<string, string>())
        {
            if (key.StartsWith(Prefix, StringComparison.Ordinal))
                throw new ArgumentException($"Keys that begin with {Prefix} are the library's own; found \"{key}\".", nameof(texts));
            writer.AddText(key, text);
        }
    }

    public static ModelFileContent Read(SafetensorsReader reader, Normalization? normalization) => new()
    {
        Normalization = normalization,
        Texts = reader.Metadata.Where(text => !text.Key.StartsWith(Prefix, StringComparison.Ordinal)).ToDictionary(),
        Sha256 = reader.Metadata.GetValueOrDefault(Sha256),
        Network = reader.Metadata.GetValueOrDefault(Network),
        InputShape = reader.Metadata.GetValueOrDefault(Input),
        LibraryVersion = reader.Metadata.GetValueOrDefault(Version),
    };
}
