using System.Numerics;
using System.Runtime.CompilerServices;

namespace DeepLearn.Kernels.Pooling;

/// <summary>The mean of each window, channel by channel, and the way of the gradient back to all of them.</summary>
internal static unsafe class AveragePoolKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Computes one example: the sum over each window, in order, divided by the count.</summary>
    /// <param name="geometry">The pooling.</param>
    /// <param name="countsPadding">Whether the padding counts, as zeros.</param>
    /// <param name="input">The example.</param>
    /// <param name="output">Its means.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(PoolGeometry geometry, bool countsPadding, T* input, T* output)
    {
        int channels = geometry.Channels, width = Vector<T>.Count;
        for (int y = 0; y < geometry.Vertical.Output; y++)
        {
            (int top, int bottom) = PoolGeometry.Window(geometry.Vertical, y);
            for (int x = 0; x < geometry.Horizontal.Output; x++, output += channels)
            {
                (int left, int right) = PoolGeometry.Window(geometry.Horizontal, x);
                T count = Count(geometry, countsPadding, bottom - top, right - left);
                int channel = 0;
                for (; channel <= channels - width; channel += width)
                {
                    Vector<T> sum = Vector<T>.Zero;
                    for (int row = top; row < bottom; row++)
                    {
                        T* at = input + (((row * geometry.Horizontal.Input) + left) * channels) + channel;
                        for (int column = left; column < right; column++, at += channels)
                            sum += Vector.Load(at);
                    }
                    Vector.Store(sum / new Vector<T>(count), output + channel);
                }
                for (; channel < channels; channel++)
                {
                    T sum = T.Zero;
                    for (int row = top; row < bottom; row++)
                    {
                        for (int column = left; column < right; column++)
                            sum += input[(((row * geometry.Horizontal.Input) + column) * channels) + channel];
                    }
                    output[channel] = sum / count;
                }
            }
        }
    }

    /// <summary>Adds its share of the gradient of each output to that of its inputs, one output after another.</summary>
    /// <param name="geometry">The pooling.</param>
    /// <param name="countsPadding">Whether the padding counts.</param>
    /// <param name="gradient">The gradient of the outputs of one example.</param>
    /// <param name="inputGradient">The gradient of the inputs, all of which is written.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(PoolGeometry geometry, bool countsPadding, T* gradient, T* inputGradient)
    {
        int channels = geometry.Channels, width = Vector<T>.Count;
        new Span<T>(inputGradient, geometry.InputCount).Clear();
        for (int y = 0; y < geometry.Vertical.Output; y++)
        {
            (int top, int bottom) = PoolGeometry.Window(geometry.Vertical, y);
            for (int x = 0; x < geometry.Horizontal.Output; x++, gradient += channels)
            {
                (int left, int right) = PoolGeometry.Window(geometry.Horizontal, x);
                T count = Count(geometry, countsPadding, bottom - top, right - left);
                int channel = 0;
                for (; channel <= channels - width; channel += width)
                {
                    Vector<T> share = Vector.Load(gradient + channel) / new Vector<T>(count);
                    for (int row = top; row < bottom; row++)
                    {
                        T* to = inputGradient + (((row * geometry.Horizontal.Input) + left) * channels) + channel;
                        for (int column = left; column < right; column++, to += channels)
                            Vector.Store(Vector.Load(to) + share, to);
                    }
                }
                for (; channel < channels; channel++)
                {
                    T share = gradient[channel] / count;
                    for (int row = top; row < bottom; row++)
                    {
                        for (int column = left; column < right; column++)
                            inputGradient[(((row * geometry.Horizontal.Input) + column) * channels) + channel] += share;
                    }
                }
            }
        }
    }

    private static T Count(PoolGeometry geometry, bool countsPadding, int rows, int columns) =>
        T.CreateTruncating(countsPadding ? geometry.Vertical.Kernel * geometry.Horizontal.Kernel : rows * columns);
}
