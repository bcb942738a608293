using DeepLearn.Data;

namespace DeepLearn.Models;

/// <summary>What a model's file holds besides the weights. An immutable value.</summary>
public sealed record ModelFileContent
{
    /// <summary>What the model's inputs have to go through first, with the bits that were saved; null where none was saved.</summary>
    public Normalization? Normalization { get; init; }

    /// <summary>The texts of whoever saved the file, by key: the names of the classes, say.</summary>
    public IReadOnlyDictionary<string, string> Texts { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// The SHA-256 of parameters and buffers as they were saved, as <see cref="ModelFingerprint.Sha256"/> gives it; null where another
    /// program wrote the file.
    /// </summary>
    public string? Sha256 { get; init; }

    /// <summary>
    /// The specification of the network as it prints itself, for people to read; null where another program wrote the file.
    /// </summary>
    public string? Network { get; init; }

    /// <summary>The shape of one example, as in <c>[32, 32, 3]</c>; null where another program wrote the file.</summary>
    public string? InputShape { get; init; }

    /// <summary>The version of the library that wrote the file; null where another program did.</summary>
    public string? LibraryVersion { get; init; }
}
