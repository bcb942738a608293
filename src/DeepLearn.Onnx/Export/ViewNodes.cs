using DeepLearn.Layers;
using DeepLearn.Onnx.Messages;

namespace DeepLearn.Onnx.Export;

/// <summary>
/// The nodes of <see cref="TestTimeAugmentation"/> around the network, which is there once for each view, with one set of weights.
/// </summary>
internal sealed class ViewNodes(GraphBuilder graph, TestTimeAugmentation augmentation, LayerPath path)
{
    /// <summary>An image seen in one of the ways: its rows and its columns, each from where the view has them.</summary>
    public Activation Look(int index, Activation image)
    {
        ImageView view = augmentation.Views[index];
        int height = image.Shape[0], width = image.Shape[1], axis = image.Planar is null ? 1 : 2;
        long[] rows = [.. Enumerable.Range(0, height).Select(y => Reflected(y - view.Down, height))];
        long[] columns =
            [.. Enumerable.Range(0, width).Select(x => Reflected((view.Mirrored ? width - 1 - x : x) - view.Right, width))];
        string name = $"{path}/view{index + 1}";
        image = Taken(image, $"{name}/rows", rows, axis);
        return Taken(image, $"{name}/columns", columns, axis + 1);
    }

    /// <summary>The weighted mean of what the network gives for the views.</summary>
    public Activation Mean(Activation[] outputs)
    {
        double sum = augmentation.Views.Sum(view => view.Weight);
        var terms = new string[outputs.Length];
        for (int i = 0; i < terms.Length; i++)
        {
            string share = graph.Scalar((float)(augmentation.Views[i].Weight / sum));
            terms[i] = graph.Node("Mul", $"{path}/view{i + 1}/share", [outputs[i].Name, share], outputs[i].Extents);
        }
        return outputs[0] with { Name = graph.Node("Sum", $"{path}/mean", terms, outputs[0].Extents) };
    }

    private static long Reflected(int place, int count) => place < 0 ? -place : place < count ? place : (2 * (count - 1)) - place;

    private Activation Taken(Activation image, string name, long[] places, int axis)
    {
        if (!places.Where((place, i) => place != i).Any())
            return image;
        string from = graph.Integers($"{name}/from", places);
        return image with
        {
            Name = graph.Node("Gather", name, [image.Name, from], image.Extents, AttributeMessage.Of("axis", axis)),
        };
    }
}
