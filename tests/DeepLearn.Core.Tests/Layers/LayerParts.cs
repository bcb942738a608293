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
    /// every batch normalization, since an imported one has a scale.
    /// </summary>
    public static Layer KnownToOnnx(Layer layer) => layer switch
    {
        Sequential sequence => new Sequential([.. sequence.Layers.Select(KnownToOnnx)]),
        Residual residual => new Residual(
            KnownToOnnx(residual.Branch), residual.Projection is null ? null : KnownToOnnx(residual.Projection)),
        Ensemble ensemble => new Ensemble(ensemble.Combination, [.. ensemble.Members.Select(KnownToOnnx)]),
        TestTimeAugmentation augmentation => KnownToOnnx(augmentation.Network),
        BatchNorm norm => norm with { HasScale = true },
        _ => layer,
    };
}
