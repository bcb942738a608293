using DeepLearn.Layers;

namespace DeepLearn.Tests.Layers;

/// <summary>A layer and all that are within it.</summary>
internal static class LayerParts
{
    public static IEnumerable<Layer> Of(Layer layer) => layer switch
    {
        Sequential sequence => sequence.Layers.SelectMany(Of).Prepend(layer),
        Residual { Projection: { } projection } residual => Of(residual.Branch).Concat(Of(projection)).Prepend(layer),
        Residual residual => Of(residual.Branch).Prepend(layer),
        TestTimeAugmentation augmentation => Of(augmentation.Network).Prepend(layer),
        Ensemble ensemble => ensemble.Members.SelectMany(Of).Prepend(layer),
        _ => [layer],
    };

    /// <summary>
    /// A layer of which ONNX has all: the network within a test-time augmentation, which is not exported, in its place, and a scale for
    /// every batch normalization, since one that is read from the graph has a scale.
    /// </summary>
    public static Layer KnownToOnnx(Layer layer) => Exportable(layer, norm => norm with { HasScale = true });

    /// <summary>A layer that is exported: the network within a test-time augmentation in its place.</summary>
    public static Layer Exportable(Layer layer) => Exportable(layer, norm => norm);

    private static Layer Exportable(Layer layer, Func<BatchNorm, BatchNorm> normalization) => layer switch
    {
        Sequential sequence => new Sequential([.. sequence.Layers.Select(inner => Exportable(inner, normalization))]),
        Residual residual => new Residual(
            Exportable(residual.Branch, normalization),
            residual.Projection is null ? null : Exportable(residual.Projection, normalization)),
        Ensemble ensemble => new Ensemble(
            ensemble.Combination, [.. ensemble.Members.Select(member => Exportable(member, normalization))]),
        TestTimeAugmentation augmentation => Exportable(augmentation.Network, normalization),
        BatchNorm norm => normalization(norm),
        _ => layer,
    };
}
