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
}
