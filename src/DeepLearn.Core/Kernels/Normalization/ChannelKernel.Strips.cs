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

    private enum StripSum
    {
        Differences,
        Moments,
        Gradients,
    }

    [SkipLocalsInit]
    private static void MomentsOfStrip<TLanes>(
        ImageRows<T> x, int first, int examples, int positions, int channels, int c, int width, T* mean, T* rest, T* squares)
        where TLanes : struct, ILanes<TLanes, T>
    {
        T* runs = stackalloc T[2 * WidestStrip];
        new Span<T>(x[first] + c, width).CopyTo(new(mean, width));
        Rows<TLanes>(StripSum.Differences, x, x, first, examples, positions, channels, c, width, mean, rest, squares, runs);
        T count = T.CreateTruncating((long)examples * positions);
        for (int k = 0; k < width; k++)
            mean[k] += rest[k] / count;
        Rows<TLanes>(StripSum.Moments, x, x, first, examples, positions, channels, c, width, mean, rest, squares, runs);
    }

    [SkipLocalsInit]
    private static void GradientSumsOfStrip<TLanes>(
        ImageRows<T> x,
        ImageRows<T> gradient,
        int first,
        int examples,
        int positions,
        int channels,
        int c,
        int width,
        T* mean,
        T* sum,
        T* product)
        where TLanes : struct, ILanes<TLanes, T>
    {
        T* runs = stackalloc T[2 * WidestStrip];
        Rows<TLanes>(StripSum.Gradients, x, gradient, first, examples, positions, channels, c, width, mean, sum, product, runs);
    }

    /// <summary>Adds up all rows of a block, in runs.</summary>
    private static void Rows<TLanes>(
        StripSum what,
        ImageRows<T> x,
        ImageRows<T> gradient,
        int first,
        int examples,
        int positions,
        int channels,
        int c,
        int width,
        T* mean,
        T* sums,
        T* products,
        T* runs)
        where TLanes : struct, ILanes<TLanes, T>
    {
        T* runProducts = runs + WidestStrip;
        T** rows = stackalloc T*[4], derivatives = stackalloc T*[4];
        new Span<T>(sums, width).Clear();
        new Span<T>(products, width).Clear();
        int end = first + examples, tall = Tall(positions), wide = Wide(positions);
        for (int e = first; e < end; e += tall)
        {
            for (int p = 0; p < positions; p += wide)
            {
                new Span<T>(runs, width).Clear();
                new Span<T>(runProducts, width).Clear();
                int last = Math.Min(end, e + tall), count = Math.Min(wide, positions - p), held = 0;
                for (int example = e; example < last; example++)
                {
                    nint at = ((nint)p * channels) + c;
                    for (int i = 0; i < count; i++, at += channels)
                    {
                        rows[held] = x[example] + at;
                        derivatives[held] = gradient[example] + at;
                        if (++held < 4)
                            continue;
                        Add<TLanes>(what, rows, derivatives, 4, width, mean, runs, runProducts);
                        held = 0;
                    }
                }
                if (held > 0)
                    Add<TLanes>(what, rows, derivatives, held, width, mean, runs, runProducts);
                AddRuns<TLanes>(runs, width, sums);
                if (what != StripSum.Differences)
                    AddRuns<TLanes>(runProducts, width, products);
            }
        }
    }

    private static void Add<TLanes>(
        StripSum what, T** rows, T** derivatives, int count, int width, T* mean, T* sums, T* products)
        where TLanes : struct, ILanes<TLanes, T>
    {
        int done = 0;
        if (count == 4)
        {
            switch (what)
            {
                case StripSum.Differences:
                    done = FourDifferences<TLanes>(rows[0], rows[1], rows[2], rows[3], width, mean, sums);
                    break;
                case StripSum.Moments:
                    done = FourMoments<TLanes>(rows[0], rows[1], rows[2], rows[3], width, mean, sums, products);
                    break;
                default:
                    done = FourGradients<TLanes>(rows, derivatives, width, mean, sums, products);
                    break;
            }
        }
        for (int row = 0; row < count; row++)
        {
            if (done < width)
                One<TLanes>(what, rows[row], derivatives[row], done, width, mean, sums, products);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int FourDifferences<TLanes>(T* a, T* b, T* c, T* d, int width, T* mean, T* sums)
        where TLanes : struct, ILanes<TLanes, T>
    {
        int k = 0;
        for (; k <= width - TLanes.Count; k += TLanes.Count)
        {
            TLanes middle = TLanes.Load(in mean[k]), sum = TLanes.Load(in sums[k]);
            sum += TLanes.Load(in a[k]) - middle;
            sum += TLanes.Load(in b[k]) - middle;
            sum += TLanes.Load(in c[k]) - middle;
            sum += TLanes.Load(in d[k]) - middle;
            sum.Store(ref sums[k]);
        }
        return k;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int FourMoments<TLanes>(T* a, T* b, T* c, T* d, int width, T* mean, T* sums, T* squares)
        where TLanes : struct, ILanes<TLanes, T>
    {
        int k = 0;
        for (; k <= width - TLanes.Count; k += TLanes.Count)
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
        return k;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int FourGradients<TLanes>(T** rows, T** derivatives, int width, T* mean, T* sums, T* products)
        where TLanes : struct, ILanes<TLanes, T>
    {
        T* a = rows[0], b = rows[1], c = rows[2], d = rows[3];
        T* da = derivatives[0], db = derivatives[1], dc = derivatives[2], dd = derivatives[3];
        int k = 0;
        for (; k <= width - TLanes.Count; k += TLanes.Count)
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
        return k;
    }

    /// <summary>One row from a channel on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One<TLanes>(
        StripSum what, T* row, T* derivatives, int from, int width, T* mean, T* sums, T* products)
        where TLanes : struct, ILanes<TLanes, T>
    {
        int k = from;
        for (; k <= width - TLanes.Count; k += TLanes.Count)
            Step<TLanes>(what, row + k, derivatives + k, mean + k, sums + k, products + k);
        for (; k < width; k++)
            Step<Lane<T>>(what, row + k, derivatives + k, mean + k, sums + k, products + k);
    }

    [MethodImpl(Inline)]
    private static void Step<TLanes>(StripSum what, T* x, T* derivatives, T* mean, T* sums, T* products)
        where TLanes : struct, ILanes<TLanes, T>
    {
        TLanes difference = TLanes.Load(in *x) - TLanes.Load(in *mean), sum = TLanes.Load(in *sums);
        if (what == StripSum.Gradients)
        {
            TLanes derivative = TLanes.Load(in *derivatives);
            (sum + derivative).Store(ref *sums);
            (TLanes.Load(in *products) + (derivative * difference)).Store(ref *products);
            return;
        }
        (sum + difference).Store(ref *sums);
        if (what == StripSum.Moments)
            (TLanes.Load(in *products) + (difference * difference)).Store(ref *products);
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
