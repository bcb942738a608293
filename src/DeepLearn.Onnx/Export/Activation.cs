using DeepLearn.Tensors;

namespace DeepLearn.Onnx.Export;

/// <summary>
/// A value of the graph that stands for the activations between two layers. ONNX's image operators read planar images. An image so stays
/// planar until an operator needs another order, and a vector made of it keeps its order too: the weights of the dense layer that reads it
/// are rearranged.
/// </summary>
/// <param name="Name">The value's name.</param>
/// <param name="Shape">The shape of an example as the library has it, channels last.</param>
/// <param name="Planar">
/// Where the value's elements are in the order channels, height, width: the shape, channels last, of the image that it is or was. Null if
/// they stand as the library has them.
/// </param>
internal readonly record struct Activation(string Name, Shape Shape, Shape? Planar)
{
    /// <summary>The extents of an example in the graph.</summary>
    public int[] Extents => Planar is null || Shape.Rank == 1 ? Shape.Extents.ToArray() : [Shape[Shape.Rank - 1], .. Shape.Extents[..^1]];

    /// <summary>Whether the two orders differ, which they do not where there is one channel or one position.</summary>
    public bool IsMoved => Planar is not null && Planar[Planar.Rank - 1] > 1 && Planar.Count > Planar[Planar.Rank - 1];

    /// <summary>Rearranges per-feature numbers into the value's order.</summary>
    /// <param name="features">The array, in the library's order, a row for each feature.</param>
    /// <param name="width">How many elements belong to a feature.</param>
    public float[] Arrange(ReadOnlySpan<float> features, int width = 1)
    {
        if (!IsMoved)
            return features.ToArray();
        var arranged = new float[features.Length];
        int channels = Planar![Planar.Rank - 1], positions = Planar.Count / channels;
        for (int channel = 0; channel < channels; channel++)
        {
            for (int position = 0; position < positions; position++)
            {
                features.Slice(((position * channels) + channel) * width, width)
                    .CopyTo(arranged.AsSpan(((channel * positions) + position) * width));
            }
        }
        return arranged;
    }
}
