using DeepLearn.Tensors;

namespace DeepLearn.Onnx.Tests;

/// <summary>Examples in the other order.</summary>
internal static class Images
{
    /// <summary>Channels last to planar.</summary>
    /// <param name="examples">The examples.</param>
    /// <param name="shape">Their shape, channels last.</param>
    public static Matrix<float> ToPlanar(Matrix<float> examples, Shape shape)
    {
        if (shape.Rank != 3)
            return examples;
        var planar = new Matrix<float>(examples.Rows, examples.Columns);
        int channels = shape[2], positions = shape[0] * shape[1];
        for (int row = 0; row < examples.Rows; row++)
        {
            for (int position = 0; position < positions; position++)
            {
                for (int channel = 0; channel < channels; channel++)
                    planar[row, (channel * positions) + position] = examples[row, (position * channels) + channel];
            }
        }
        return planar;
    }

    /// <summary>Planar to channels last.</summary>
    /// <param name="examples">The examples.</param>
    /// <param name="shape">Their shape, channels last.</param>
    public static Matrix<float> ToChannelsLast(Matrix<float> examples, Shape shape) =>
        shape.Rank == 3 ? ToPlanar(examples, new(shape[2], 1, shape[0] * shape[1])) : examples;
}
