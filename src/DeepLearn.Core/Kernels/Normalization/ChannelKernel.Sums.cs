using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Normalization;

/// <content>
/// The sums over a block. Each is computed in runs of at most 256 numbers, and the sums of the runs are added in order. So the error is at
/// most 256 + count / 256 units of 2^-24 (2^-53 in double) of the sum of the magnitudes.
/// </content>
internal static unsafe partial class ChannelKernel<T>
{
    private const int LongestRun = 256;

    /// <summary>
    /// Computes, for each channel, a rounded mean, the sum of the differences from it, and the sum of their squares. The first sweep sums
    /// differences from the first number, so that a constant is its own mean. The second sweep's sum of differences tells how far the
    /// rounded mean is off (Chan, Golub and LeVeque, "Algorithms for Computing the Sample Variance", 1983: the corrected two-pass
    /// algorithm).
    /// </summary>
    public static void Moments(ImageRows<T> x, int first, int examples, int positions, int channels, T* mean, T* rest, T* squares)
    {
        switch (WidthFor(channels))
        {
            case 512 when LaneWidth.Has512:
                Moments<Lanes512<T>>(x, first, examples, positions, channels, mean, rest, squares);
                break;
            case 256:
                Moments<Lanes256<T>>(x, first, examples, positions, channels, mean, rest, squares);
                break;
            case 128:
                Moments<Lanes128<T>>(x, first, examples, positions, channels, mean, rest, squares);
                break;
            default:
                Moments<Lane<T>>(x, first, examples, positions, channels, mean, rest, squares);
                break;
        }
    }

    /// <summary>
    /// For each channel the sum of the gradients, and that of the gradients times <c>x - mean</c>. A gradient behind a ReLU counts as 0
    /// where the ReLU gave 0.
    /// </summary>
    public static void GradientSums(
        ImageRows<T> x, ImageRows<T> gradient, int first, int examples, int positions, ChannelTerms<T> terms, T* sum, T* product)
    {
        switch (WidthFor(terms.Channels))
        {
            case 512 when LaneWidth.Has512:
                GradientSums<Lanes512<T>>(x, gradient, first, examples, positions, terms, sum, product);
                break;
            case 256:
                GradientSums<Lanes256<T>>(x, gradient, first, examples, positions, terms, sum, product);
                break;
            case 128:
                GradientSums<Lanes128<T>>(x, gradient, first, examples, positions, terms, sum, product);
                break;
            default:
                GradientSums<Lane<T>>(x, gradient, first, examples, positions, terms, sum, product);
                break;
        }
    }

    private static void Moments<TLanes>(
        ImageRows<T> x, int first, int examples, int positions, int channels, T* mean, T* rest, T* squares)
        where TLanes : struct, ILanes<TLanes, T>
    {
        int c = 0;
        if (channels > 2 * TLanes.Count)
        {
            for (; c < channels; c += WidestStrip)
            {
                MomentsOfStrip<TLanes>(
                    x, first, examples, positions, channels, c, Math.Min(WidestStrip, channels - c), mean + c, rest + c, squares + c);
            }
            return;
        }
        for (; c <= channels - TLanes.Count; c += TLanes.Count)
            MomentsOfOne<TLanes>(x, first, examples, positions, channels, c, mean + c, rest + c, squares + c);
        for (; c < channels; c++)
            MomentsOfOne<Lane<T>>(x, first, examples, positions, channels, c, mean + c, rest + c, squares + c);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MomentsOfOne<TLanes>(
        ImageRows<T> x, int first, int examples, int positions, int channels, int c, T* mean, T* rest, T* squares)
        where TLanes : struct, ILanes<TLanes, T>
    {
        int end = first + examples, tall = Tall(positions), wide = Wide(positions);
        TLanes middle = TLanes.Load(in x[first][c]), total = default;
        for (int e = first; e < end; e += tall)
        {
            for (int p = 0; p < positions; p += wide)
            {
                TLanes sum = default;
                int last = Math.Min(end, e + tall), count = Math.Min(wide, positions - p);
                for (int example = e; example < last; example++)
                {
                    T* row = x[example] + ((nint)p * channels) + c;
                    for (int i = 0; i < count; i++, row += channels)
                        sum += TLanes.Load(in *row) - middle;
                }
                total += sum;
            }
        }
        middle += total / TLanes.Create(T.CreateTruncating((long)examples * positions));

        TLanes ofDifferences = default, ofSquares = default;
        for (int e = first; e < end; e += tall)
        {
            for (int p = 0; p < positions; p += wide)
            {
                TLanes sum = default, square = default;
                int last = Math.Min(end, e + tall), count = Math.Min(wide, positions - p);
                for (int example = e; example < last; example++)
                {
                    T* row = x[example] + ((nint)p * channels) + c;
                    for (int i = 0; i < count; i++, row += channels)
                    {
                        TLanes difference = TLanes.Load(in *row) - middle;
                        sum += difference;
                        square += difference * difference;
                    }
                }
                ofDifferences += sum;
                ofSquares += square;
            }
        }
        middle.Store(ref *mean);
        ofDifferences.Store(ref *rest);
        ofSquares.Store(ref *squares);
    }

    private static void GradientSums<TLanes>(
        ImageRows<T> x, ImageRows<T> gradient, int first, int examples, int positions, ChannelTerms<T> terms, T* sum, T* product)
        where TLanes : struct, ILanes<TLanes, T>
    {
        int c = 0, channels = terms.Channels;
        if (channels > 2 * TLanes.Count)
        {
            for (; c < channels; c += WidestStrip)
            {
                GradientSumsOfStrip<TLanes>(
                    x, gradient, first, examples, positions, c, Math.Min(WidestStrip, channels - c), terms.From(c), sum + c, product + c);
            }
            return;
        }
        for (; c <= channels - TLanes.Count; c += TLanes.Count)
            GradientSumsOfOne<TLanes>(x, gradient, first, examples, positions, c, terms.From(c), sum + c, product + c);
        for (; c < channels; c++)
            GradientSumsOfOne<Lane<T>>(x, gradient, first, examples, positions, c, terms.From(c), sum + c, product + c);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void GradientSumsOfOne<TLanes>(
        ImageRows<T> x, ImageRows<T> gradient, int first, int examples, int positions, int c, ChannelTerms<T> terms, T* sum, T* product)
        where TLanes : struct, ILanes<TLanes, T>
    {
        int end = first + examples, tall = Tall(positions), wide = Wide(positions), channels = terms.Channels;
        bool relu = terms.Relu;
        TLanes mean = TLanes.Load(in *terms.Mean), factor = default, summand = default, sums = default, products = default;
        if (relu)
            (factor, summand) = (TLanes.Load(in *terms.Factor), TLanes.Load(in *terms.Summand));
        for (int e = first; e < end; e += tall)
        {
            for (int p = 0; p < positions; p += wide)
            {
                TLanes ofRun = default, ofProducts = default;
                int last = Math.Min(end, e + tall), count = Math.Min(wide, positions - p);
                for (int example = e; example < last; example++)
                {
                    T* row = x[example] + ((nint)p * channels) + c, derivatives = gradient[example] + ((nint)p * channels) + c;
                    for (int i = 0; i < count; i++, row += channels, derivatives += channels)
                    {
                        TLanes difference = TLanes.Load(in *row) - mean, derivative = TLanes.Load(in *derivatives);
                        if (relu)
                            derivative = BeforeRelu(derivative, difference, factor, summand);
                        ofRun += derivative;
                        ofProducts += derivative * difference;
                    }
                }
                sums += ofRun;
                products += ofProducts;
            }
        }
        sums.Store(ref *sum);
        products.Store(ref *product);
    }

    // A run is some whole examples, or a part of one.

    private static int Tall(int positions) => Math.Max(1, LongestRun / positions);

    private static int Wide(int positions) => Math.Min(positions, LongestRun);
}
