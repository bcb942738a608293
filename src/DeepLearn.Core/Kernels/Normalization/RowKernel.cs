using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Normalization;

/// <summary>
/// The loops of layer normalization, row by row. A row is summed in one order on every machine: in 512 bits of lanes, whether or not the
/// hardware has them, which are added in a fixed tree; the sum of the remaining elements, in order, is added last.
/// </summary>
internal static unsafe class RowKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
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
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Normalize(T* x, T* y, int rows, int columns, T epsilon, T* scale, T* shift, T* moments)
    {
        int width = Lanes512<T>.Count, whole = columns - (columns % width), run = LongestRun * width;
        T count = T.CreateTruncating(columns);
        for (int row = 0; row < rows; row++, x += columns, y += columns)
        {
            // The differences from the first number are summed, so that a constant is its own mean.
            T first = x[0];
            Lanes512<T> firsts = Lanes512<T>.Create(first), lanes = default;
            for (int start = 0; start < whole; start += run)
            {
                Lanes512<T> some = default;
                int end = Math.Min(whole, start + run);
                for (int i = start; i < end; i += width)
                    some += Lanes512<T>.Load(in x[i]) - firsts;
                lanes += some;
            }
            T rest = T.Zero;
            for (int i = whole; i < columns; i++)
                rest += x[i] - first;
            T more = (lanes.SumAcross() + rest) / count, mean = first + more;

            // What the addition lost (Knuth's TwoSum).
            T added = mean - first, off = (first - (mean - added)) + (more - added);

            Lanes512<T> means = Lanes512<T>.Create(mean), squares = default;
            for (int start = 0; start < whole; start += run)
            {
                Lanes512<T> some = default;
                int end = Math.Min(whole, start + run);
                for (int i = start; i < end; i += width)
                {
                    Lanes512<T> difference = Lanes512<T>.Load(in x[i]) - means;
                    some += difference * difference;
                }
                squares += some;
            }
            rest = T.Zero;
            for (int i = whole; i < columns; i++)
                rest += (x[i] - mean) * (x[i] - mean);
            T spread = ((squares.SumAcross() + rest) / count) - (off * off);
            T inverse = T.One / T.Sqrt((spread < T.Zero ? T.Zero : spread) + epsilon), correction = -off * inverse;
            if (!T.IsFinite(spread))
            {
                (mean, inverse, correction) = InDouble(x, columns, epsilon);
                means = Lanes512<T>.Create(mean);
            }

            Lanes512<T> inverses = Lanes512<T>.Create(inverse), corrections = Lanes512<T>.Create(correction);
            int j = 0;
            for (; j < whole; j += width)
            {
                Lanes512<T> normal = Lanes512<T>.FusedMultiplyAdd(Lanes512<T>.Load(in x[j]) - means, inverses, corrections);
                ((normal * Lanes512<T>.Load(in scale[j])) + Lanes512<T>.Load(in shift[j])).Store(ref y[j]);
            }
            for (; j < columns; j++)
                y[j] = (T.FusedMultiplyAdd(x[j] - mean, inverse, correction) * scale[j]) + shift[j];
            if (moments != null)
                (moments[3 * row], moments[(3 * row) + 1], moments[(3 * row) + 2]) = (mean, inverse, correction);
        }
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

    /// <summary>
    /// Adds the gradients, and the gradients times the normalized inputs, to the sums of each column: the gradients of shift and scale.
    /// </summary>
    /// <param name="x">The rows.</param>
    /// <param name="gradient">The gradients of the outputs.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="columns">The numbers of a row.</param>
    /// <param name="moments">Three numbers of each row, as <see cref="Normalize"/> gives them.</param>
    /// <param name="shiftSums">The sums of the gradients.</param>
    /// <param name="scaleSums">The sums of the products.</param>
    public static void AddGradients(T* x, T* gradient, int rows, int columns, T* moments, T* shiftSums, T* scaleSums)
    {
        switch (LaneWidth.ForSpan((nint)columns * sizeof(T)))
        {
            case 512:
                AddGradients<Lanes512<T>>(x, gradient, rows, columns, moments, shiftSums, scaleSums);
                break;
            case 256:
                AddGradients<Lanes256<T>>(x, gradient, rows, columns, moments, shiftSums, scaleSums);
                break;
            case 128:
                AddGradients<Lanes128<T>>(x, gradient, rows, columns, moments, shiftSums, scaleSums);
                break;
            default:
                AddGradients<Lane<T>>(x, gradient, rows, columns, moments, shiftSums, scaleSums);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddGradients<TLanes>(T* x, T* gradient, int rows, int columns, T* moments, T* shiftSums, T* scaleSums)
        where TLanes : struct, ILanes<TLanes, T>
    {
        for (int row = 0; row < rows; row++, x += columns, gradient += columns)
        {
            T mean = moments[3 * row], inverse = moments[(3 * row) + 1], correction = moments[(3 * row) + 2];
            TLanes means = TLanes.Create(mean), inverses = TLanes.Create(inverse), corrections = TLanes.Create(correction);
            int j = 0;
            for (; j <= columns - TLanes.Count; j += TLanes.Count)
                AddGradient(x + j, gradient + j, means, inverses, corrections, shiftSums + j, scaleSums + j);
            for (; j < columns; j++)
            {
                AddGradient(
                    x + j, gradient + j, new Lane<T>(mean), new Lane<T>(inverse), new Lane<T>(correction), shiftSums + j, scaleSums + j);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddGradient<TLanes>(
        T* x, T* gradient, TLanes mean, TLanes inverse, TLanes correction, T* shiftSums, T* scaleSums)
        where TLanes : struct, ILanes<TLanes, T>
    {
        TLanes derivative = TLanes.Load(in *gradient);
        TLanes normal = TLanes.FusedMultiplyAdd(TLanes.Load(in *x) - mean, inverse, correction);
        (TLanes.Load(in *shiftSums) + derivative).Store(ref *shiftSums);
        (TLanes.Load(in *scaleSums) + (derivative * normal)).Store(ref *scaleSums);
    }

    /// <summary>
    /// The gradient of the inputs: <c>(h - mean(h) - n * mean(h n)) / (standard deviation)</c>, where h = gradient * scale, n is the
    /// normalized input, and the means are those of the row.
    /// </summary>
    /// <param name="x">The rows.</param>
    /// <param name="gradient">The gradients of the outputs.</param>
    /// <param name="result">Where the gradients of the inputs go.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="columns">The numbers of a row.</param>
    /// <param name="scale">The factor of each column.</param>
    /// <param name="moments">Three numbers of each row, as <see cref="Normalize"/> gives them.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void InputGradient(T* x, T* gradient, T* result, int rows, int columns, T* scale, T* moments)
    {
        int width = Lanes512<T>.Count, whole = columns - (columns % width), run = LongestRun * width;
        T count = T.CreateTruncating(columns);
        for (int row = 0; row < rows; row++, x += columns, gradient += columns, result += columns)
        {
            T mean = moments[3 * row], inverse = moments[(3 * row) + 1], correction = moments[(3 * row) + 2];
            Lanes512<T> means = Lanes512<T>.Create(mean), inverses = Lanes512<T>.Create(inverse);
            Lanes512<T> corrections = Lanes512<T>.Create(correction), sums = default, products = default;
            T sum = T.Zero, product = T.Zero;
            for (int start = 0; start < whole; start += run)
            {
                Lanes512<T> some = default, someProducts = default;
                int end = Math.Min(whole, start + run);
                for (int i = start; i < end; i += width)
                {
                    Lanes512<T> derivative = Lanes512<T>.Load(in gradient[i]) * Lanes512<T>.Load(in scale[i]);
                    some += derivative;
                    someProducts += derivative * Lanes512<T>.FusedMultiplyAdd(Lanes512<T>.Load(in x[i]) - means, inverses, corrections);
                }
                sums += some;
                products += someProducts;
            }
            int j = whole;
            for (; j < columns; j++)
            {
                T derivative = gradient[j] * scale[j];
                sum += derivative;
                product += derivative * T.FusedMultiplyAdd(x[j] - mean, inverse, correction);
            }
            sum = (sums.SumAcross() + sum) / count;
            product = (products.SumAcross() + product) / count;
            Lanes512<T> sumMeans = Lanes512<T>.Create(sum), productMeans = Lanes512<T>.Create(product);
            for (j = 0; j <= columns - width; j += width)
            {
                Lanes512<T> derivative = Lanes512<T>.Load(in gradient[j]) * Lanes512<T>.Load(in scale[j]);
                Lanes512<T> normal = Lanes512<T>.FusedMultiplyAdd(Lanes512<T>.Load(in x[j]) - means, inverses, corrections);
                ((derivative - sumMeans - (normal * productMeans)) * inverses).Store(ref result[j]);
            }
            for (; j < columns; j++)
            {
                T normal = T.FusedMultiplyAdd(x[j] - mean, inverse, correction);
                result[j] = ((gradient[j] * scale[j]) - sum - (normal * product)) * inverse;
            }
        }
    }
}
