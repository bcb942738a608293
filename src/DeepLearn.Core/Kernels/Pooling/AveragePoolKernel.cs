using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Pooling;

/// <summary>The mean of each window, channel by channel, and its gradient.</summary>
internal static unsafe class AveragePoolKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// The largest window that is summed directly. In a larger one, the differences from its first number are summed, in runs: then the
    /// mean of a constant is that constant, and a window of 512 x 512 loses no more digits than one of a few hundred numbers.
    /// </summary>
    private const int FewPlaces = 64;
    private const int LongestRun = 256;

    /// <summary>Computes the means of one example: the sum over each window, in order, divided by the count.</summary>
    /// <param name="geometry">The pooling.</param>
    /// <param name="countsPadding">Whether the padding counts as zeros.</param>
    /// <param name="input">The example.</param>
    /// <param name="output">Its means.</param>
    public static void Forward(PoolGeometry geometry, bool countsPadding, T* input, T* output)
    {
        switch (LaneWidth.ForSpan((nint)geometry.Channels * sizeof(T)))
        {
            case 512 when LaneWidth.Has512:
                Forward<Lanes512<T>>(geometry, countsPadding, input, output);
                break;
            case 256:
                Forward<Lanes256<T>>(geometry, countsPadding, input, output);
                break;
            case 128:
                Forward<Lanes128<T>>(geometry, countsPadding, input, output);
                break;
            default:
                Forward<Lane<T>>(geometry, countsPadding, input, output);
                break;
        }
    }

    /// <summary>
    /// Computes the gradient of one example's inputs: each output, in order, adds its gradient divided by the count to all inputs of its
    /// window.
    /// </summary>
    /// <param name="geometry">The pooling.</param>
    /// <param name="countsPadding">Whether the padding counts as zeros.</param>
    /// <param name="gradient">The gradient of the outputs of one example.</param>
    /// <param name="inputGradient">The gradient of the inputs, all of which is written.</param>
    public static void Backward(PoolGeometry geometry, bool countsPadding, T* gradient, T* inputGradient)
    {
        switch (LaneWidth.ForSpan((nint)geometry.Channels * sizeof(T)))
        {
            case 512 when LaneWidth.Has512:
                Backward<Lanes512<T>>(geometry, countsPadding, gradient, inputGradient);
                break;
            case 256:
                Backward<Lanes256<T>>(geometry, countsPadding, gradient, inputGradient);
                break;
            case 128:
                Backward<Lanes128<T>>(geometry, countsPadding, gradient, inputGradient);
                break;
            default:
                Backward<Lane<T>>(geometry, countsPadding, gradient, inputGradient);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Forward<TLanes>(PoolGeometry geometry, bool countsPadding, T* input, T* output)
        where TLanes : struct, ILanes<TLanes, T>
    {
        int channels = geometry.Channels;
        nint rowStep = (nint)geometry.Horizontal.Input * channels;
        T* means = output;
        TLanes check = default;
        Lane<T> last = default;
        for (int y = 0; y < geometry.Vertical.Output; y++)
        {
            (int top, int bottom) = PoolGeometry.Window(geometry.Vertical, y);
            for (int x = 0; x < geometry.Horizontal.Output; x++, output += channels)
            {
                (int left, int right) = PoolGeometry.Window(geometry.Horizontal, x);
                (int rows, int columns) = (bottom - top, right - left);
                T count = Count(geometry, countsPadding, rows, columns);
                T* window = input + (top * rowStep) + ((nint)left * channels);
                int channel = 0;
                if ((long)rows * columns > FewPlaces)
                {
                    for (; channel <= channels - TLanes.Count; channel += TLanes.Count)
                        Put(MeanOfMany<TLanes>(window + channel, rows, rowStep, columns, channels, count), output + channel, ref check);
                    for (; channel < channels; channel++)
                        Put(MeanOfMany<Lane<T>>(window + channel, rows, rowStep, columns, channels, count), output + channel, ref last);
                    continue;
                }
                for (; channel <= channels - TLanes.Count; channel += TLanes.Count)
                    Put(Mean(window + channel, rows, rowStep, columns, channels, TLanes.Create(count)), output + channel, ref check);
                for (; channel < channels; channel++)
                    Put(Mean(window + channel, rows, rowStep, columns, channels, new Lane<T>(count)), output + channel, ref last);
            }
        }
        if (check.SumAcross() + last.Value != T.Zero)
            MendOverflow(geometry, countsPadding, input, means);
    }

    // The check becomes NaN where a mean is infinite or NaN.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put<TLanes>(TLanes mean, T* output, ref TLanes check)
        where TLanes : struct, ILanes<TLanes, T>
    {
        mean.Store(ref *output);
        check += mean * default(TLanes);
    }

    // The mean of numbers near the largest of their type is such a number too, although their sum or a difference of two is beyond the
    // range: what is not finite is computed again.
    private static void MendOverflow(PoolGeometry geometry, bool countsPadding, T* input, T* output)
    {
        int channels = geometry.Channels;
        nint rowStep = (nint)geometry.Horizontal.Input * channels;
        for (int y = 0; y < geometry.Vertical.Output; y++)
        {
            (int top, int bottom) = PoolGeometry.Window(geometry.Vertical, y);
            for (int x = 0; x < geometry.Horizontal.Output; x++, output += channels)
            {
                (int left, int right) = PoolGeometry.Window(geometry.Horizontal, x);
                (int rows, int columns) = (bottom - top, right - left);
                T count = Count(geometry, countsPadding, rows, columns);
                T* window = input + (top * rowStep) + ((nint)left * channels);
                for (int channel = 0; channel < channels; channel++)
                {
                    if (!T.IsFinite(output[channel]))
                        output[channel] = ScaledMean(window + channel, rows, rowStep, columns, channels, count);
                }
            }
        }
    }

    // Scaled down by a power of two, which rounds nothing here, even so many differences of the largest numbers stay within the range. The
    // differences from the first number, so that the mean of a constant is that constant and not beyond the range by a rounding error.
    private static T ScaledMean(T* window, int rows, nint rowStep, int columns, int channels, T count)
    {
        long places = (long)rows * columns;
        T scale = T.ScaleB(T.One, -3 - BitOperations.Log2((ulong)places));
        T first = T.IsFinite(*window) ? *window * scale : T.Zero, total = T.Zero;
        for (int row = 0; row < rows; row++, window += rowStep)
        {
            for (int start = 0; start < columns; start += LongestRun)
            {
                T sum = T.Zero;
                int end = Math.Min(columns, start + LongestRun);
                for (int column = start; column < end; column++)
                    sum += (window[(nint)column * channels] * scale) - first;
                total += sum;
            }
        }
        return ((first * (T.CreateTruncating(places) / count)) + (total / count)) / scale;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static TLanes MeanOfMany<TLanes>(T* window, int rows, nint rowStep, int columns, int channels, T count)
        where TLanes : struct, ILanes<TLanes, T>
    {
        TLanes first = TLanes.Load(in *window), total = default;
        for (int row = 0; row < rows; row++, window += rowStep)
        {
            T* at = window;
            for (int start = 0; start < columns; start += LongestRun)
            {
                TLanes sum = default;
                int end = Math.Min(columns, start + LongestRun);
                for (int column = start; column < end; column++, at += channels)
                    sum += TLanes.Load(in *at) - first;
                total += sum;
            }
        }
        T places = T.CreateTruncating((long)rows * columns);
        TLanes all = TLanes.Create(count);
        first = places == count ? first : first * (TLanes.Create(places) / all);
        return first + (total / all);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Mean<TLanes>(T* window, int rows, nint rowStep, int columns, int channels, TLanes count)
        where TLanes : struct, ILanes<TLanes, T>
    {
        TLanes sum = default;
        for (int row = 0; row < rows; row++, window += rowStep)
        {
            T* at = window;
            for (int column = 0; column < columns; column++, at += channels)
                sum += TLanes.Load(in *at);
        }
        return sum / count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Backward<TLanes>(PoolGeometry geometry, bool countsPadding, T* gradient, T* inputGradient)
        where TLanes : struct, ILanes<TLanes, T>
    {
        int channels = geometry.Channels;
        nint rowStep = (nint)geometry.Horizontal.Input * channels;
        new Span<T>(inputGradient, geometry.InputCount).Clear();
        for (int y = 0; y < geometry.Vertical.Output; y++)
        {
            (int top, int bottom) = PoolGeometry.Window(geometry.Vertical, y);
            for (int x = 0; x < geometry.Horizontal.Output; x++, gradient += channels)
            {
                (int left, int right) = PoolGeometry.Window(geometry.Horizontal, x);
                (int rows, int columns) = (bottom - top, right - left);
                T count = Count(geometry, countsPadding, rows, columns);
                T* window = inputGradient + (top * rowStep) + ((nint)left * channels);
                int channel = 0;
                for (; channel <= channels - TLanes.Count; channel += TLanes.Count)
                    AddShare(gradient + channel, TLanes.Create(count), window + channel, rows, rowStep, columns, channels);
                for (; channel < channels; channel++)
                    AddShare(gradient + channel, new Lane<T>(count), window + channel, rows, rowStep, columns, channels);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddShare<TLanes>(T* gradient, TLanes count, T* window, int rows, nint rowStep, int columns, int channels)
        where TLanes : struct, ILanes<TLanes, T>
    {
        TLanes share = TLanes.Load(in *gradient) / count;
        for (int row = 0; row < rows; row++, window += rowStep)
        {
            T* to = window;
            for (int column = 0; column < columns; column++, to += channels)
                (TLanes.Load(in *to) + share).Store(ref *to);
        }
    }

    private static T Count(PoolGeometry geometry, bool countsPadding, int rows, int columns) =>
        T.CreateTruncating(countsPadding ? geometry.Vertical.Kernel * geometry.Horizontal.Kernel : rows * columns);
}
