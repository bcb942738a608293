using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Tensors;

namespace DeepLearn.Models;

/// <summary>What a model's file holds besides the weights. An immutable value.</summary>
public sealed record ModelFileContent
{
    /// <summary>What goes with the weights. If another program wrote the file, it has the file's texts alone.</summary>
    public ModelCard Card { get; init => field = PropertyGuard.NotNull(value); } = ModelCard.Empty;

    /// <summary>The specification of the network; null if the file has the weights alone.</summary>
    public Layer? Network { get; init; }

    /// <summary>The shape of one example; null if another program wrote the file.</summary>
    public Shape? InputShape { get; init; }

    /// <summary>
    /// The SHA-256 of parameters and buffers as they were saved, as <see cref="ModelFingerprint.Sha256"/> gives it; null if another program
    /// wrote the file.
    /// </summary>
    public string? Sha256 { get; init; }

    /// <summary>The version of the library that wrote the file; null if another program wrote it.</summary>
    public string? LibraryVersion { get; init; }
}
