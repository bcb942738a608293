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

    /// <summary><c>y = (x - mean) * factor + summand</c>, then optionally a ReLU.</summary>
    public static void Normalize(ImageRows<T> x, ImageRows<T> y, int first, int examples, int positions, ChannelTerms<T> terms)
    {
        switch (WidthFor(terms.Channels))
        {
            case 512 when LaneWidth.Has512:
                Normalize<Lanes512<T>>(x, y, first, examples, positions, terms);
                break;
            case 256:
                Normalize<Lanes256<T>>(x, y, first, examples, positions, terms);
                break;
            case 128:
                Normalize<Lanes128<T>>(x, y, first, examples, positions, terms);
                break;
            default:
                Normalize<Lane<T>>(x, y, first, examples, positions, terms);
                break;
        }
    }

    /// <summary>
    /// <c>result = factor * gradient + derivative * (x - mean) + summand</c>, for each channel; the gradient as in
    /// <see cref="GradientSums"/>.
    /// </summary>
    public static void InputGradient(
        ImageRows<T> x,
        ImageRows<T> gradient,
        ImageRows<T> result,
        int first,
        int examples,
        int positions,
        ChannelTerms<T> terms,
        T* factor,
        T* derivative,
        T* summand)
    {
        switch (WidthFor(terms.Channels))
        {
            case 512 when LaneWidth.Has512:
                InputGradient<Lanes512<T>>(x, gradient, result, first, examples, positions, terms, factor, derivative, summand);
                break;
            case 256:
                InputGradient<Lanes256<T>>(x, gradient, result, first, examples, positions, terms, factor, derivative, summand);
                break;
            case 128:
                InputGradient<Lanes128<T>>(x, gradient, result, first, examples, positions, terms, factor, derivative, summand);
                break;
            default:
                InputGradient<Lane<T>>(x, gradient, result, first, examples, positions, terms, factor, derivative, summand);
                break;
        }
    }

    private static int WidthFor(int channels) => LaneWidth.ForSpan((nint)channels * sizeof(T));

    /// <summary>
    /// A gradient, or 0 where a ReLU gave 0: computed again from <c>x - mean</c>, so that neither the results nor the gradient before the
    /// ReLU pass through memory.
    /// </summary>
    [MethodImpl(Inline)]
    private static TLanes BeforeRelu<TLanes>(TLanes gradient, TLanes difference, TLanes factor, TLanes summand)
        where TLanes : struct, ILanes<TLanes, T> => gradient & ((difference * factor) + summand > default(TLanes));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Normalize<TLanes>(
        ImageRows<T> x, ImageRows<T> y, int first, int examples, int positions, ChannelTerms<T> terms)
        where TLanes : struct, ILanes<TLanes, T>
    {
        int channels = terms.Channels;
        bool relu = terms.Relu;
        T* mean = terms.Mean, factor = terms.Factor, summand = terms.Summand;
        for (int example = first; example < first + examples; example++)
        {
            T* from = x[example], to = y[example];
            for (int position = 0; position < positions; position++, from += channels, to += channels)
            {
                int c = 0;
                for (; c <= channels - TLanes.Count; c += TLanes.Count)
                    NormalizeOne<TLanes>(from + c, to + c, mean + c, factor + c, summand + c, relu);
                for (; c < channels; c++)
                    NormalizeOne<Lane<T>>(from + c, to + c, mean + c, factor + c, summand + c, relu);
            }
        }
    }

    [MethodImpl(Inline)]
    private static void NormalizeOne<TLanes>(T* from, T* to, T* mean, T* factor, T* summand, bool relu)
        where TLanes : struct, ILanes<TLanes, T>
    {
        TLanes value = ((TLanes.Load(in *from) - TLanes.Load(in *mean)) * TLanes.Load(in *factor)) + TLanes.Load(in *summand);
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
        ChannelTerms<T> terms,
        T* factor,
        T* derivative,
        T* summand)
        where TLanes : struct, ILanes<TLanes, T>
    {
        int channels = terms.Channels;
        for (int example = first; example < first + examples; example++)
        {
            T* row = x[example], derivatives = gradient[example], to = result[example];
            for (int position = 0; position < positions; position++, row += channels, derivatives += channels, to += channels)
            {
                int c = 0;
                for (; c <= channels - TLanes.Count; c += TLanes.Count)
                    InputGradientOf<TLanes>(row + c, derivatives + c, to + c, terms, c, factor + c, derivative + c, summand + c);
                for (; c < channels; c++)
                    InputGradientOf<Lane<T>>(row + c, derivatives + c, to + c, terms, c, factor + c, derivative + c, summand + c);
            }
        }
    }

    [MethodImpl(Inline)]
    private static void InputGradientOf<TLanes>(
        T* x, T* gradient, T* to, in ChannelTerms<T> terms, int c, T* factor, T* derivative, T* summand)
        where TLanes : struct, ILanes<TLanes, T>
    {
        TLanes difference = TLanes.Load(in *x) - TLanes.Load(in terms.Mean[c]), value = TLanes.Load(in *gradient);
        if (terms.Relu)
            value = BeforeRelu(value, difference, TLanes.Load(in terms.Factor[c]), TLanes.Load(in terms.Summand[c]));
        value = (TLanes.Load(in *factor) * value) + (TLanes.Load(in *derivative) * difference);
        (value + TLanes.Load(in *summand)).Store(ref *to);
    }
}
