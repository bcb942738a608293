using DeepLearn.Tensors;

namespace DeepLearn.Onnx.Import;

/// <summary>A value of the graph that depends on the examples: a step, and how the graph has its elements.</summary>
/// <param name="Step">What computes it.</param>
/// <param name="Extents">The extents of an example in the graph, without the batch.</param>
/// <param name="Planar">
/// Where the graph has the elements in the order channels, height, width: the shape, channels last, of the image that it is or was. Null if
/// they stand as the library has them.
/// </param>
internal sealed record Value(Step Step, int[] Extents, Shape? Planar)
{
    public Shape Shape => Step.Shape;

    /// <summary>Whether it is an image as ONNX's image operators read it.</summary>
    public bool IsPlanarImage => Extents.Length == 3 && Shape.Rank == 3 && Planar is not null;

    /// <summary>Whether it is a vector.</summary>
    public bool IsVector => Extents.Length == 1 && Shape.Rank == 1;

    /// <summary>Whether the two orders differ.</summary>
    public bool IsMoved => Planar is { Rank: 3 } && Planar[Planar.Rank - 1] > 1 && Planar.Count > Planar[Planar.Rank - 1];

    /// <summary>The extents with the batch, for messages.</summary>
    public string Text => $"[batch, {string.Join(", ", Extents)}]";

    /// <summary>The axis of the channels, without the batch.</summary>
    public int ChannelAxis => Extents.Length == 3 && Planar is not null ? 0 : Extents.Length - 1;

    /// <summary>Something per feature, brought from the graph's order into the library's.</summary>
    /// <param name="features">A row for each feature, in the graph's order.</param>
    public double[] Arrange(double[] features)
    {
        if (!IsMoved)
            return features;
        var arranged = new double[features.Length];
        int channels = Planar![Planar.Rank - 1], positions = Planar.Count / channels, width = features.Length / Planar.Count;
        for (int channel = 0; channel < channels; channel++)
        {
            for (int position = 0; position < positions; position++)
            {
                features.AsSpan(((channel * positions) + position) * width, width)
                    .CopyTo(arranged.AsSpan(((position * channels) + channel) * width));
            }
        }
        return arranged;
    }
}
