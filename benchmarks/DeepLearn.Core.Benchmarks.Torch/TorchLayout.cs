using System.Numerics;
using DeepLearn.Tensors;
using TorchSharp;

namespace DeepLearn.Benchmarks.Torch;

/// <summary>
/// Converts our images and kernels to tensors <c>[batch, channels, height, width]</c>, stored channels last or channels first.
/// </summary>
internal static class TorchLayout
{
    /// <summary>Converts images.</summary>
    public static torch.Tensor Images<T>(Matrix<T> images, int height, int width, int channels, bool channelsLast)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Laid(TorchLibrary.TensorOf(images).reshape(images.Rows, height, width, channels), channelsLast);

    /// <summary>Converts kernels from our <c>[height * width * channels, filters]</c>.</summary>
    public static torch.Tensor Kernels<T>(Matrix<T> weights, int height, int width, int channels, bool channelsLast)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Laid(
            TorchLibrary.TensorOf(weights).reshape(height, width, channels, weights.Columns).permute(3, 0, 1, 2).contiguous(),
            channelsLast);

    /// <summary>A tensor that is stored as [n, height, width, channels], viewed as [n, channels, height, width].</summary>
    private static torch.Tensor Laid(torch.Tensor tensor, bool channelsLast)
    {
        torch.Tensor seen = tensor.permute(0, 3, 1, 2);
        return channelsLast ? seen : seen.contiguous();
    }
}
