using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Normalization;

/// <summary>
/// The loops of layer normalization, row by row. A row is summed in one order on every machine: in 512 bits of lanes, whether or not the
/// hardware has them, which are added in a fixed tree; the sum of the remaining elements, in order, is added last.
/// </summary>
/// <remarks>
/// Every sum is one chain of additions, each of which waits for the one before. So two rows go side by side, which changes no bit of
/// either.
/// </remarks>
internal static unsafe partial class RowKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>The number of vectors that are summed in one run; the sums of the runs are added in order.</summary>
    private const int LongestRun = 256;

    /// <summary>
    /// Normalizes rows: <c>y = (x - mean) / (standard deviation) * scale + shift</c>, with the mean and standard deviation of the row.
    /// </summary>
    /// <param name="x">The rows.</param>
    /// <param name="y">Where the results go; it may be the memory of the rows.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="columns">The numbers of a row.</param>
    /// <param name="epsilon">What is added to the variance.</param>
    /// <param name="scale">A factor for each column.</param>
    /// <param name="shift">A summand for each column.</param>
    /// <param name="moments">
    /// Receives three numbers of each row, with which (x - first) * second + third is the normalized input: the mean, rounded to T,
    /// 1 / (standard deviation), and the correction for that rounding. Null if they are not needed.
    /// </param>
    public static void Normalize(ImageRows<T> x, ImageRows<T> y, int rows, int columns, T epsilon, T* scale, T* shift, T* moments)
    {
        int row = 0;
        for (; row <= rows - 2; row += 2)
        {
            Normalize<Two>(
                x[row], x[row + 1], y[row], y[row + 1], columns, epsilon, scale, shift, moments == null ? null : moments + (3 * row));
        }
        if (row < rows)
            Normalize<One>(x[row], x[row], y[row], y[row], columns, epsilon, scale, shift, moments == null ? null : moments + (3 * row));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Normalize<TRows>(T* x0, T* x1, T* y0, T* y1, int columns, T epsilon, T* scale, T* shift, T* moments)
        where TRows : struct
    {
        int width = Lanes512<T>.Count, whole = columns - (columns % width), run = LongestRun * width;

        // The differences from the first number are summed, so that a constant is its own mean.
        T first0 = *x0, first1 = *x1;
        Lanes512<T> firsts0 = Lanes512<T>.Create(first0), firsts1 = Lanes512<T>.Create(first1), lanes0 = default, lanes1 = default;
        for (int start = 0; start < whole; start += run)
        {
            Lanes512<T> some0 = default, some1 = default;
            int end = Math.Min(whole, start + run);
            for (int i = start; i < end; i += width)
            {
                some0 += Lanes512<T>.Load(in x0[i]) - firsts0;
                if (typeof(TRows) == typeof(Two))
                    some1 += Lanes512<T>.Load(in x1[i]) - firsts1;
            }
            lanes0 += some0;
            if (typeof(TRows) == typeof(Two))
                lanes1 += some1;
        }
        T rest0 = T.Zero, rest1 = T.Zero;
        for (int i = whole; i < columns; i++)
        {
            rest0 += x0[i] - first0;
            if (typeof(TRows) == typeof(Two))
                rest1 += x1[i] - first1;
        }
        T count = T.CreateTruncating(columns);
        T more0 = (lanes0.SumAcross() + rest0) / count, mean0 = first0 + more0, mean1 = mean0, more1 = more0;
        if (typeof(TRows) == typeof(Two))
        {
            more1 = (lanes1.SumAcross() + rest1) / count;
            mean1 = first1 + more1;
        }

        Lanes512<T> means0 = Lanes512<T>.Create(mean0), means1 = Lanes512<T>.Create(mean1), squares0 = default, squares1 = default;
        for (int start = 0; start < whole; start += run)
        {
            Lanes512<T> some0 = default, some1 = default;
            int end = Math.Min(whole, start + run);
            for (int i = start; i < end; i += width)
            {
                Lanes512<T> difference = Lanes512<T>.Load(in x0[i]) - means0;
                some0 += difference * difference;
                if (typeof(TRows) == typeof(Two))
                {
                    difference = Lanes512<T>.Load(in x1[i]) - means1;
                    some1 += difference * difference;
                }
            }
            squares0 += some0;
            if (typeof(TRows) == typeof(Two))
                squares1 += some1;
        }
        rest0 = rest1 = T.Zero;
        for (int i = whole; i < columns; i++)
        {
            rest0 += (x0[i] - mean0) * (x0[i] - mean0);
            if (typeof(TRows) == typeof(Two))
                rest1 += (x1[i] - mean1) * (x1[i] - mean1);
        }
        Scale((squares0.SumAcross() + rest0) / count, x0, columns, epsilon, first0, more0, ref mean0, out T inverse0, out T correction0);
        T inverse1 = inverse0, correction1 = correction0;
        if (typeof(TRows) == typeof(Two))
        {
            Scale(
                (squares1.SumAcross() + rest1) / count, x1, columns, epsilon, first1, more1, ref mean1, out inverse1, out correction1);
        }
        Write<TRows>(x0, x1, y0, y1, columns, mean0, mean1, inverse0, inverse1, correction0, correction1, scale, shift);
        if (moments == null)
            return;
        (moments[0], moments[1], moments[2]) = (mean0, inverse0, correction0);
        if (typeof(TRows) == typeof(Two))
            (moments[3], moments[4], moments[5]) = (mean1, inverse1, correction1);
    }

    /// <summary>The last sweep over one or two rows.</summary>
    [MethodImpl(Inline)]
    private static void Write<TRows>(
        T* x0, T* x1, T* y0, T* y1, int columns, T mean0, T mean1, T inverse0, T inverse1, T correction0, T correction1, T* scale, T* shift)
        where TRows : struct
    {
        Lanes512<T> means0 = Lanes512<T>.Create(mean0), means1 = Lanes512<T>.Create(mean1);
        Lanes512<T> inverses0 = Lanes512<T>.Create(inverse0), inverses1 = Lanes512<T>.Create(inverse1);
        Lanes512<T> corrections0 = Lanes512<T>.Create(correction0), corrections1 = Lanes512<T>.Create(correction1);
        int j = 0;
        for (; j <= columns - Lanes512<T>.Count; j += Lanes512<T>.Count)
        {
            Lanes512<T> factor = Lanes512<T>.Load(in scale[j]), summand = Lanes512<T>.Load(in shift[j]);
            Lanes512<T> normal = Lanes512<T>.FusedMultiplyAdd(Lanes512<T>.Load(in x0[j]) - means0, inverses0, corrections0);
            ((normal * factor) + summand).Store(ref y0[j]);
            if (typeof(TRows) == typeof(Two))
            {
                normal = Lanes512<T>.FusedMultiplyAdd(Lanes512<T>.Load(in x1[j]) - means1, inverses1, corrections1);
                ((normal * factor) + summand).Store(ref y1[j]);
            }
        }
        for (; j < columns; j++)
        {
            y0[j] = (T.FusedMultiplyAdd(x0[j] - mean0, inverse0, correction0) * scale[j]) + shift[j];
            if (typeof(TRows) == typeof(Two))
                y1[j] = (T.FusedMultiplyAdd(x1[j] - mean1, inverse1, correction1) * scale[j]) + shift[j];
        }
    }

    /// <summary>1 / (standard deviation), and the correction for the rounding of the mean.</summary>
    [MethodImpl(Inline)]
    private static void Scale(
        T variance, T* x, int columns, T epsilon, T first, T more, ref T mean, out T inverse, out T correction)
    {
        // What the addition of the mean's two parts lost (Knuth's TwoSum).
        T added = mean - first, off = (first - (mean - added)) + (more - added);
        T spread = variance - (off * off);
        inverse = T.One / T.Sqrt((spread < T.Zero ? T.Zero : spread) + epsilon);
        correction = -off * inverse;
        if (!T.IsFinite(spread))
            (mean, inverse, correction) = InDouble(x, columns, epsilon);
    }

    /// <summary>The moments of a row whose squares leave the range of T.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (T Mean, T Inverse, T Correction) InDouble(T* x, int columns, T epsilon)
    {
        double mean = 0, squares = 0;
        for (int j = 0; j < columns; j++)
            mean += double.CreateChecked(x[j]) / columns;
        for (int j = 0; j < columns; j++)
        {
            double difference = double.CreateChecked(x[j]) - mean;
            squares += difference * difference / columns;
        }
        double inverse = 1 / Math.Sqrt(squares + double.CreateChecked(epsilon));
        var rounded = T.CreateChecked(mean);
        return (rounded, T.CreateChecked(inverse), T.CreateChecked((double.CreateChecked(rounded) - mean) * inverse));
    }

    // The number of rows that a loop processes side by side, as a type, so that the JIT compiles each without what it lacks.

    private readonly struct One;

    private readonly struct Two;
}
