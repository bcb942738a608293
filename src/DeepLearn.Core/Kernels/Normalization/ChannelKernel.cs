using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Normalization;

/// <summary>
/// The loops of batch normalization over the examples of a block and their positions. A vector holds neighboring channels, which are
/// adjacent in memory, so each channel is summed in one order at every width.
/// </summary>
internal static unsafe partial class ChannelKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary><c>y = (x - mean) * factor + shift</c>, then optionally a ReLU.</summary>
    public static void Normalize(
        ImageRows<T> x, ImageRows<T> y, int first, int examples, int positions, int channels, T* mean, T* factor, T* shift, bool relu)
    {
        switch (WidthFor(channels))
        {
            case 512:
                Normalize<Lanes512<T>>(x, y, first, examples, positions, channels, mean, factor, shift, relu);
                break;
            case 256:
                Normalize<Lanes256<T>>(x, y, first, examples, positions, channels, mean, factor, shift, relu);
                break;
            case 128:
                Normalize<Lanes128<T>>(x, y, first, examples, positions, channels, mean, factor, shift, relu);
                break;
            default:
                Normalize<Lane<T>>(x, y, first, examples, positions, channels, mean, factor, shift, relu);
                break;
        }
    }

    /// <summary><c>result = factor * gradient + derivative * (x - mean) + constant</c>, for each channel.</summary>
    public static void InputGradient(
        ImageRows<T> x,
        ImageRows<T> gradient,
        ImageRows<T> result,
        int first,
        int examples,
        int positions,
        int channels,
        T* mean,
        T* factor,
        T* derivative,
        T* constant)
    {
        switch (WidthFor(channels))
        {
            case 512:
                InputGradient<Lanes512<T>>(
                    x, gradient, result, first, examples, positions, channels, mean, factor, derivative, constant);
                break;
            case 256:
                InputGradient<Lanes256<T>>(
                    x, gradient, result, first, examples, positions, channels, mean, factor, derivative, constant);
                break;
            case 128:
                InputGradient<Lanes128<T>>(
                    x, gradient, result, first, examples, positions, channels, mean, factor, derivative, constant);
                break;
            default:
                InputGradient<Lane<T>>(x, gradient, result, first, examples, positions, channels, mean, factor, derivative, constant);
                break;
        }
    }

    private static int WidthFor(int channels) => LaneWidth.ForSpan((nint)channels * sizeof(T));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Normalize<TLanes>(
        ImageRows<T> x, ImageRows<T> y, int first, int examples, int positions, int channels, T* mean, T* factor, T* shift, bool relu)
        where TLanes : struct, ILanes<TLanes, T>
    {
        for (int example = first; example < first + examples; example++)
        {
            T* from = x[example], to = y[example];
            for (int position = 0; position < positions; position++, from += channels, to += channels)
            {
                int c = 0;
                for (; c <= channels - TLanes.Count; c += TLanes.Count)
                    NormalizeOne<TLanes>(from + c, to + c, mean + c, factor + c, shift + c, relu);
                for (; c < channels; c++)
                    NormalizeOne<Lane<T>>(from + c, to + c, mean + c, factor + c, shift + c, relu);
            }
        }
    }

    [MethodImpl(Inline)]
    private static void NormalizeOne<TLanes>(T* from, T* to, T* mean, T* factor, T* shift, bool relu)
        where TLanes : struct, ILanes<TLanes, T>
    {
        TLanes value = ((TLanes.Load(in *from) - TLanes.Load(in *mean)) * TLanes.Load(in *factor)) + TLanes.Load(in *shift);
        if (relu)
            value = TLanes.AtLeast(value, default);
        value.Store(ref *to);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void InputGradient<TLanes>(
        ImageRows<T> x,
        ImageRows<T> gradient,
        ImageRows<T> result,
        int first,
        int examples,
        int positions,
        int channels,
        T* mean,
        T* factor,
        T* derivative,
        T* constant)
        where TLanes : struct, ILanes<TLanes, T>
    {
        for (int example = first; example < first + examples; example++)
        {
            T* row = x[example], derivatives = gradient[example], to = result[example];
            for (int position = 0; position < positions; position++, row += channels, derivatives += channels, to += channels)
            {
                int c = 0;
                for (; c <= channels - TLanes.Count; c += TLanes.Count)
                    InputGradientOf<TLanes>(row + c, derivatives + c, to + c, mean + c, factor + c, derivative + c, constant + c);
                for (; c < channels; c++)
                    InputGradientOf<Lane<T>>(row + c, derivatives + c, to + c, mean + c, factor + c, derivative + c, constant + c);
            }
        }
    }

    [MethodImpl(Inline)]
    private static void InputGradientOf<TLanes>(T* x, T* gradient, T* to, T* mean, T* factor, T* derivative, T* constant)
        where TLanes : struct, ILanes<TLanes, T>
    {
        TLanes difference = TLanes.Load(in *x) - TLanes.Load(in *mean);
        TLanes value = (TLanes.Load(in *factor) * TLanes.Load(in *gradient)) + (TLanes.Load(in *derivative) * difference);
        (value + TLanes.Load(in *constant)).Store(ref *to);
    }
}
