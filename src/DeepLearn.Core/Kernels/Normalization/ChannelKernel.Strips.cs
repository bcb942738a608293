using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Normalization;

/// <content>
/// The sums of many channels: along the rows, since columns that are read a vector at a time would pass over memory once for each of them.
/// The sums are in memory, and four rows are added between a load and a store. The order of each sum is that of few channels.
/// </content>
internal static unsafe partial class ChannelKernel<T>
{
    /// <summary>The most channels at a time: what the sums of a run may take of the stack.</summary>
    private const int WidestStrip = 512;

    /// <summary>From how many bytes on a row is long.</summary>
    private const int LongRow = 512;

    private enum StripSum
    {
        Differences,
        Moments,
        Gradients,
        GradientsBehindRelu,
    }

    [SkipLocalsInit]
    private static void MomentsOfStrip<TLanes>(
        ImageRows<T> x, int first, int examples, int positions, int channels, int c, int width, T* mean, T* rest, T* squares)
        where TLanes : struct, ILanes<TLanes, T>
    {
        T* runs = stackalloc T[2 * WidestStrip];
        new Span<T>(x[first] + c, width).CopyTo(new(mean, width));
        var terms = new ChannelTerms<T>(channels, mean, null, null, false);
        Rows<TLanes>(StripSum.Differences, x, x, first, examples, positions, c, width, terms, rest, squares, runs);
        AddShare<TLanes>(rest, T.CreateTruncating((long)examples * positions), width, mean);
        Rows<TLanes>(StripSum.Moments, x, x, first, examples, positions, c, width, terms, rest, squares, runs);
    }

    [SkipLocalsInit]
    private static void GradientSumsOfStrip<TLanes>(
        ImageRows<T> x,
        ImageRows<T> gradient,
        int first,
        int examples,
        int positions,
        int c,
        int width,
        ChannelTerms<T> terms,
        T* sum,
        T* product)
        where TLanes : struct, ILanes<TLanes, T>
    {
        T* runs = stackalloc T[2 * WidestStrip];
        StripSum what = terms.Relu ? StripSum.GradientsBehindRelu : StripSum.Gradients;
        Rows<TLanes>(what, x, gradient, first, examples, positions, c, width, terms, sum, product, runs);
    }

    /// <summary>Adds up all rows of a block, in runs.</summary>
    private static void Rows<TLanes>(
        StripSum what,
        ImageRows<T> x,
        ImageRows<T> gradient,
        int first,
        int examples,
        int positions,
        int c,
        int width,
        ChannelTerms<T> terms,
        T* sums,
        T* products,
        T* runs)
        where TLanes : struct, ILanes<TLanes, T>
    {
        int end = first + examples, tall = Tall(positions), wide = Wide(positions), channels = terms.Channels;

        // A single run is its own total: 0 + x is x here, since a sum that starts from +0 is never -0.
        bool isOneRun = examples <= tall && positions <= wide, hasProducts = what != StripSum.Differences;
        T* sumsOfRun = isOneRun ? sums : runs, productsOfRun = isOneRun ? products : runs + WidestStrip;
        new Span<T>(sums, width).Clear();
        if (hasProducts)
            new Span<T>(products, width).Clear();

        // The rows of a run are one stretch of memory with one step, unless examples of several positions have gaps between them.
        bool isOne = positions == 1 || (x.Stride == positions * (nint)channels && gradient.Stride == x.Stride);
        nint step = positions == 1 ? x.Stride : channels, derivativeStep = positions == 1 ? gradient.Stride : channels;
        for (int e = first; e < end; e += tall)
        {
            for (int p = 0; p < positions; p += wide)
            {
                if (!isOneRun)
                    new Span<T>(runs, hasProducts ? WidestStrip + width : width).Clear();
                int last = Math.Min(end, e + tall), count = Math.Min(wide, positions - p);
                nint at = ((nint)p * channels) + c;
                for (int example = e; example < last; example += isOne ? last - e : 1)
                {
                    int height = isOne ? (last - e) * count : count;
                    T* row = x[example] + at, derivatives = gradient[example] + at;
                    Stretch<TLanes>(what, row, step, derivatives, derivativeStep, height, width, terms, sumsOfRun, productsOfRun);
                }
                if (isOneRun)
                    continue;
                AddRuns<TLanes>(runs, width, sums);
                if (hasProducts)
                    AddRuns<TLanes>(runs + WidestStrip, width, products);
            }
        }
    }

    /// <summary>Adds up rows, four at a time.</summary>
    private static void Stretch<TLanes>(
        StripSum what,
        T* row,
        nint step,
        T* derivatives,
        nint derivativeStep,
        int count,
        int width,
        in ChannelTerms<T> terms,
        T* sums,
        T* products)
        where TLanes : struct, ILanes<TLanes, T>
    {
        // Sums over gradients read from far memory: where rows are long, the processor foresees one row after another, not four at once.
        bool isFar = what is StripSum.Gradients or StripSum.GradientsBehindRelu && width * sizeof(T) >= LongRow;
        int fours = isFar ? 0 : count / 4 * 4, whole = width - (width % TLanes.Count);
        switch (what)
        {
            case StripSum.Differences:
                FourDifferences<TLanes>(row, step, fours, whole, terms.Mean, sums);
                break;
            case StripSum.Moments:
                FourMoments<TLanes>(row, step, fours, whole, terms.Mean, sums, products);
                break;
            case StripSum.Gradients:
                FourGradients<TLanes>(row, step, derivatives, derivativeStep, fours, whole, terms.Mean, sums, products);
                break;
            default:
                FourGradientsBehindRelu<TLanes>(row, step, derivatives, derivativeStep, fours, whole, terms, sums, products);
                break;
        }
        for (int i = whole < width ? 0 : fours; i < count; i++)
        {
            One<TLanes>(
                what, row + (i * step), derivatives + (i * derivativeStep), i < fours ? whole : 0, width, terms, sums, products);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourDifferences<TLanes>(T* row, nint step, int count, int width, T* mean, T* sums)
        where TLanes : struct, ILanes<TLanes, T>
    {
        for (int i = 0; i < count; i += 4, row += 4 * step)
        {
            T* a = row, b = a + step, c = b + step, d = c + step;
            for (int k = 0; k < width; k += TLanes.Count)
            {
                TLanes middle = TLanes.Load(in mean[k]), sum = TLanes.Load(in sums[k]);
                sum += TLanes.Load(in a[k]) - middle;
                sum += TLanes.Load(in b[k]) - middle;
                sum += TLanes.Load(in c[k]) - middle;
                sum += TLanes.Load(in d[k]) - middle;
                sum.Store(ref sums[k]);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourMoments<TLanes>(T* row, nint step, int count, int width, T* mean, T* sums, T* squares)
        where TLanes : struct, ILanes<TLanes, T>
    {
        for (int i = 0; i < count; i += 4, row += 4 * step)
        {
            T* a = row, b = a + step, c = b + step, d = c + step;
            for (int k = 0; k < width; k += TLanes.Count)
            {
                TLanes middle = TLanes.Load(in mean[k]), sum = TLanes.Load(in sums[k]), square = TLanes.Load(in squares[k]);
                TLanes difference = TLanes.Load(in a[k]) - middle;
                sum += difference;
                square += difference * difference;
                difference = TLanes.Load(in b[k]) - middle;
                sum += difference;
                square += difference * difference;
                difference = TLanes.Load(in c[k]) - middle;
                sum += difference;
                square += difference * difference;
                difference = TLanes.Load(in d[k]) - middle;
                sum += difference;
                square += difference * difference;
                sum.Store(ref sums[k]);
                square.Store(ref squares[k]);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourGradients<TLanes>(
        T* row, nint step, T* derivatives, nint derivativeStep, int count, int width, T* mean, T* sums, T* products)
        where TLanes : struct, ILanes<TLanes, T>
    {
        for (int i = 0; i < count; i += 4, row += 4 * step, derivatives += 4 * derivativeStep)
        {
            T* a = row, b = a + step, c = b + step, d = c + step;
            T* da = derivatives, db = da + derivativeStep, dc = db + derivativeStep, dd = dc + derivativeStep;
            for (int k = 0; k < width; k += TLanes.Count)
            {
                TLanes middle = TLanes.Load(in mean[k]), sum = TLanes.Load(in sums[k]), product = TLanes.Load(in products[k]);
                TLanes derivative = TLanes.Load(in da[k]);
                sum += derivative;
                product += derivative * (TLanes.Load(in a[k]) - middle);
                derivative = TLanes.Load(in db[k]);
                sum += derivative;
                product += derivative * (TLanes.Load(in b[k]) - middle);
                derivative = TLanes.Load(in dc[k]);
                sum += derivative;
                product += derivative * (TLanes.Load(in c[k]) - middle);
                derivative = TLanes.Load(in dd[k]);
                sum += derivative;
                product += derivative * (TLanes.Load(in d[k]) - middle);
                sum.Store(ref sums[k]);
                product.Store(ref products[k]);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourGradientsBehindRelu<TLanes>(
        T* row, nint step, T* derivatives, nint derivativeStep, int count, int width, in ChannelTerms<T> terms, T* sums, T* products)
        where TLanes : struct, ILanes<TLanes, T>
    {
        T* means = terms.Mean, factors = terms.Factor, summands = terms.Summand;
        for (int i = 0; i < count; i += 4, row += 4 * step, derivatives += 4 * derivativeStep)
        {
            for (int k = 0; k < width; k += TLanes.Count)
            {
                TLanes middle = TLanes.Load(in means[k]), factor = TLanes.Load(in factors[k]), summand = TLanes.Load(in summands[k]);
                TLanes sum = TLanes.Load(in sums[k]), product = TLanes.Load(in products[k]);
                T* x = row + k, gradient = derivatives + k;
                for (int r = 0; r < 4; r++, x += step, gradient += derivativeStep)
                {
                    TLanes difference = TLanes.Load(in *x) - middle;
                    TLanes derivative = BeforeRelu(TLanes.Load(in *gradient), difference, factor, summand);
                    sum += derivative;
                    product += derivative * difference;
                }
                sum.Store(ref sums[k]);
                product.Store(ref products[k]);
            }
        }
    }

    /// <summary>One row from a channel on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One<TLanes>(
        StripSum what, T* row, T* derivatives, int from, int width, in ChannelTerms<T> terms, T* sums, T* products)
        where TLanes : struct, ILanes<TLanes, T>
    {
        int k = from;
        for (; k <= width - TLanes.Count; k += TLanes.Count)
            Step<TLanes>(what, row + k, derivatives + k, terms, k, sums + k, products + k);
        for (; k < width; k++)
            Step<Lane<T>>(what, row + k, derivatives + k, terms, k, sums + k, products + k);
    }

    [MethodImpl(Inline)]
    private static void Step<TLanes>(
        StripSum what, T* x, T* derivatives, in ChannelTerms<T> terms, int c, T* sums, T* products)
        where TLanes : struct, ILanes<TLanes, T>
    {
        TLanes difference = TLanes.Load(in *x) - TLanes.Load(in terms.Mean[c]), sum = TLanes.Load(in *sums);
        if (what is StripSum.Gradients or StripSum.GradientsBehindRelu)
        {
            TLanes derivative = TLanes.Load(in *derivatives);
            if (what == StripSum.GradientsBehindRelu)
                derivative = BeforeRelu(derivative, difference, TLanes.Load(in terms.Factor[c]), TLanes.Load(in terms.Summand[c]));
            (sum + derivative).Store(ref *sums);
            (TLanes.Load(in *products) + (derivative * difference)).Store(ref *products);
            return;
        }
        (sum + difference).Store(ref *sums);
        if (what == StripSum.Moments)
            (TLanes.Load(in *products) + (difference * difference)).Store(ref *products);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddShare<TLanes>(T* sums, T count, int width, T* mean)
        where TLanes : struct, ILanes<TLanes, T>
    {
        var counts = TLanes.Create(count);
        int k = 0;
        for (; k <= width - TLanes.Count; k += TLanes.Count)
            (TLanes.Load(in mean[k]) + (TLanes.Load(in sums[k]) / counts)).Store(ref mean[k]);
        for (; k < width; k++)
            mean[k] += sums[k] / count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddRuns<TLanes>(T* runs, int width, T* totals)
        where TLanes : struct, ILanes<TLanes, T>
    {
        int k = 0;
        for (; k <= width - TLanes.Count; k += TLanes.Count)
            (TLanes.Load(in totals[k]) + TLanes.Load(in runs[k])).Store(ref totals[k]);
        for (; k < width; k++)
            totals[k] += runs[k];
    }
}
