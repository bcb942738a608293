using DeepLearn.Layers;
using DeepLearn.Tensors;

namespace DeepLearn.Onnx.Import;

/// <summary>
/// How much a specification makes the exporter write, at least: a network under test-time augmentation is written once for each view, so
/// that a few of them within one another are more than a file that is read could hold.
/// </summary>
/// <param name="Nodes">The number of nodes.</param>
/// <param name="Places">The numbers of the rows and columns that views take.</param>
internal readonly record struct SpecifiedSize(double Nodes, double Places)
{
    /// <summary>What a layer makes.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="input">The shape that it takes.</param>
    /// <param name="isOwn">Whether a layer has an exporter of its own, which may write nothing.</param>
    public static SpecifiedSize Of(Layer layer, Shape input, Func<Layer, bool> isOwn)
    {
        switch (layer)
        {
            case Sequential sequence:
                var sum = default(SpecifiedSize);
                foreach (Layer inner in sequence.Layers)
                {
                    sum += Of(inner, input, isOwn);
                    input = inner.OutputShape(input);
                }
                return sum;
            case Residual { Projection: { } projection } residual:
                return Of(residual.Branch, input, isOwn) + Of(projection, input, isOwn);
            case Residual residual:
                return Of(residual.Branch, input, isOwn);
            case Ensemble ensemble:
                return ensemble.Members.Aggregate(default(SpecifiedSize), (all, member) => all + Of(member, input, isOwn));
            case TestTimeAugmentation augmentation:
                augmentation.OutputShape(input);
                SpecifiedSize one = Of(augmentation.Network, input, isOwn);
                int views = augmentation.Views.Count;

                // Of two columns or one, a mirrored and moved view may be the image itself, which takes no place.
                double places = augmentation.Views.Sum(
                    view => (view.Down == 0 || input[0] < 3 ? 0.0 : input[0])
                        + ((view.Right == 0 && !view.Mirrored) || input[1] < 3 ? 0 : input[1]));
                return new((one.Nodes + 1) * views, (one.Places * views) + places);
            default:
                return new(isOwn(layer) ? 0 : 1, 0);
        }
    }

    public static SpecifiedSize operator +(SpecifiedSize one, SpecifiedSize other) =>
        new(one.Nodes + other.Nodes, one.Places + other.Places);
}
