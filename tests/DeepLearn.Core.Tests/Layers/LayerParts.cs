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
    /// A layer that is read of the graph of an ONNX file alone: the network within a test-time augmentation in its place, and a scale for
    /// every batch normalization.
    /// </summary>
    public static Layer ReadOfGraph(Layer layer) => layer switch
    {
        Sequential sequence => new Sequential([.. sequence.Layers.Select(ReadOfGraph)]),
        Residual residual => new Residual(
            ReadOfGraph(residual.Branch), residual.Projection is null ? null : ReadOfGraph(residual.Projection)),
        Ensemble ensemble => new Ensemble(ensemble.Combination, [.. ensemble.Members.Select(ReadOfGraph)]),
        TestTimeAugmentation augmentation => ReadOfGraph(augmentation.Network),
        BatchNorm norm => norm with { HasScale = true },
        _ => layer,
    };
}
