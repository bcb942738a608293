using DeepLearn.Layers;
using DeepLearn.Tensors;

namespace DeepLearn.Models;

/// <summary>Counts the numbers and the multiplications of a network without building it.</summary>
internal static class ParameterCounting
{
    /// <summary>
    /// The numbers that a network's parameters and buffers have; those of layers that are not the library's are not counted.
    /// </summary>
    /// <exception cref="ShapeMismatchException">A layer does not take what the one before it gives.</exception>
    public static long CountOf(Layer layer, Shape input)
    {
        // In Int128: a damaged file may have extents of any size.
        Int128 count = Count(layer, input);
        return count > long.MaxValue ? long.MaxValue : (long)count;
    }

    /// <summary>
    /// The multiplications of weights with inputs for one example in inference, as the direct algorithm makes them; null for a layer that
    /// is not the library's.
    /// </summary>
    public static long? MultiplicationsOf(Layer layer, Shape input) => layer switch
    {
        Dense dense => (long)input.Count * dense.Units,
        Convolution2D convolution => PatchOf(convolution, input) * convolution.OutputShape(input).Count,
        _ when layer.GetType().Assembly == typeof(Layer).Assembly => 0,
        _ => null,
    };

    private static Int128 Count(Layer layer, Shape input)
    {
        switch (layer)
        {
            case Dense dense:
                return ((Int128)input.Count + (dense.HasBiases ? 1 : 0)) * dense.Units;
            case Convolution2D convolution:
                convolution.OutputShape(input);
                return ((Int128)PatchOf(convolution, input) + (convolution.HasBiases ? 1 : 0)) * convolution.Filters;
            case BatchNorm norm:
                return (norm.HasScale ? 4L : 3L) * input[input.Rank - 1];
            case LayerNorm:
                return 2L * input[input.Rank - 1];
            case Sequential sequential:
                Int128 sum = 0;
                foreach (Layer inner in sequential.Layers)
                {
                    sum += Count(inner, input);
                    input = inner.OutputShape(input);
                }
                return sum;
            case Residual residual:
                residual.OutputShape(input);
                return Count(residual.Branch, input) + (residual.Projection is null ? 0 : Count(residual.Projection, input));
            case TestTimeAugmentation augmentation:
                return Count(augmentation.Network, input);
            case Ensemble ensemble:
                Int128 all = 0;
                foreach (Layer member in ensemble.Members)
                    all += Count(member, input);
                return all;
            default:
                return 0;
        }
    }

    private static long PatchOf(Convolution2D layer, Shape input) =>
        (long)layer.Kernel.Height * layer.Kernel.Width * (input[input.Rank - 1] / layer.Groups);
}
