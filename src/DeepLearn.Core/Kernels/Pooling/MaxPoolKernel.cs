using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Convolution;

namespace DeepLearn.Kernels.Pooling;

/// <summary>The largest number of each window, channel by channel, and the way of the gradient back to where it stood.</summary>
internal static unsafe class MaxPoolKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Computes one example. A NaN counts as largest; of equals the first does.</summary>
    /// <param name="geometry">The pooling.</param>
    /// <param name="input">The example.</param>
    /// <param name="output">Its largest numbers.</param>
    /// <param name="places">
    /// Where each stood, as the number of the place in the window, row by row; null where nobody wants to know.
    /// </param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(PoolGeometry geometry, T* input, T* output, T* places)
    {
        int channels = geometry.Channels, width = Vector<T>.Count;
        for (int y = 0; y < geometry.Vertical.Output; y++)
        {
            (int top, int bottom) = PoolGeometry.Window(geometry.Vertical, y);
            for (int x = 0; x < geometry.Horizontal.Output; x++)
            {
                (int left, int right) = PoolGeometry.Window(geometry.Horizontal, x);
                int channel = 0;
                for (; channel <= channels - width; channel += width)
                {
                    T* at = input + (((top * geometry.Horizontal.Input) + left) * channels) + channel;
                    Vector<T> best = Vector.Load(at);
                    Vector<T> place = new(T.CreateTruncating(PlaceOf(geometry, y, x, top, left)));
                    for (int row = top; row < bottom; row++)
                    {
                        at = input + (((row * geometry.Horizontal.Input) + left) * channels) + channel;
                        Vector<T> here = new(T.CreateTruncating(PlaceOf(geometry, y, x, row, left)));
                        for (int column = left; column < right; column++, at += channels, here += Vector<T>.One)
                        {
                            Vector<T> value = Vector.Load(at);
                            Vector<T> better = Vector.AndNot(Vector.Equals(best, best), Vector.LessThanOrEqual(value, best));
                            best = Vector.ConditionalSelect(better, value, best);
                            place = Vector.ConditionalSelect(better, here, place);
                        }
                    }
                    Vector.Store(best, output + channel);
                    if (places != null)
                        Vector.Store(place, places + channel);
                }
                for (; channel < channels; channel++)
                {
                    T best = input[(((top * geometry.Horizontal.Input) + left) * channels) + channel];
                    int place = PlaceOf(geometry, y, x, top, left);
                    for (int row = top; row < bottom; row++)
                    {
                        for (int column = left; column < right; column++)
                        {
                            T value = input[(((row * geometry.Horizontal.Input) + column) * channels) + channel];
                            if (!T.IsNaN(best) && !(value <= best))
                                (best, place) = (value, PlaceOf(geometry, y, x, row, column));
                        }
                    }
                    output[channel] = best;
                    if (places != null)
                        places[channel] = T.CreateTruncating(place);
                }
                output += channels;
                if (places != null)
                    places += channels;
            }
        }
    }

    /// <summary>Adds the gradient of each output to that of the input that it was, one output after another.</summary>
    /// <param name="geometry">The pooling.</param>
    /// <param name="gradient">The gradient of the outputs of one example.</param>
    /// <param name="places">What the forward pass found.</param>
    /// <param name="inputGradient">The gradient of the inputs, all of which is written.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(PoolGeometry geometry, T* gradient, T* places, T* inputGradient)
    {
        int channels = geometry.Channels, width = Vector<T>.Count;
        new Span<T>(inputGradient, geometry.InputCount).Clear();
        for (int y = 0; y < geometry.Vertical.Output; y++)
        {
            (int top, int bottom) = PoolGeometry.Window(geometry.Vertical, y);
            for (int x = 0; x < geometry.Horizontal.Output; x++, gradient += channels, places += channels)
            {
                (int left, int right) = PoolGeometry.Window(geometry.Horizontal, x);
                for (int row = top; row < bottom; row++)
                {
                    for (int column = left; column < right; column++)
                    {
                        T place = T.CreateTruncating(PlaceOf(geometry, y, x, row, column));
                        T* to = inputGradient + (((row * geometry.Horizontal.Input) + column) * channels);
                        int channel = 0;
                        for (; channel <= channels - width; channel += width)
                        {
                            Vector<T> isHere = Vector.Equals(Vector.Load(places + channel), new Vector<T>(place));
                            Vector<T> passed = Vector.ConditionalSelect(isHere, Vector.Load(gradient + channel), Vector<T>.Zero);
                            Vector.Store(Vector.Load(to + channel) + passed, to + channel);
                        }
                        for (; channel < channels; channel++)
                            to[channel] += places[channel] == place ? gradient[channel] : T.Zero;
                    }
                }
            }
        }
    }

    /// <summary>The number of a place in a window; places in the padding are counted, though never found.</summary>
    private static int PlaceOf(PoolGeometry geometry, int y, int x, int row, int column)
    {
        ConvolutionAxis vertical = geometry.Vertical, horizontal = geometry.Horizontal;
        return ((row + vertical.Before - (y * vertical.Stride)) * horizontal.Kernel) + column + horizontal.Before - (x * horizontal.Stride);
    }
}
