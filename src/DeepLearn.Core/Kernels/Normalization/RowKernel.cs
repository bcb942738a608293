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
    /// <param name="moments">Receives the mean and 1 / (standard deviation) of each row; null if they are not needed.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Normalize(T* x, T* y, int rows, int columns, T epsilon, T* scale, T* shift, T* moments)
    {
        int width = Lanes512<T>.Count;
        T count = T.CreateTruncating(columns);
        for (int row = 0; row < rows; row++, x += columns, y += columns)
        {
            Lanes512<T> lanes = default;
            T rest = T.Zero;
            int j = 0;
            for (; j <= columns - width; j += width)
                lanes += Lanes512<T>.Load(in x[j]);
            for (; j < columns; j++)
                rest += x[j];
            T mean = (lanes.SumAcross() + rest) / count;

            lanes = default;
            rest = T.Zero;
            Lanes512<T> means = Lanes512<T>.Create(mean);
            for (j = 0; j <= columns - width; j += width)
            {
                Lanes512<T> difference = Lanes512<T>.Load(in x[j]) - means;
                lanes += difference * difference;
            }
            for (; j < columns; j++)
                rest += (x[j] - mean) * (x[j] - mean);
            T inverse = T.One / T.Sqrt(((lanes.SumAcross() + rest) / count) + epsilon);

            Lanes512<T> inverses = Lanes512<T>.Create(inverse);
            for (j = 0; j <= columns - width; j += width)
            {
                Lanes512<T> normal = (Lanes512<T>.Load(in x[j]) - means) * inverses;
                ((normal * Lanes512<T>.Load(in scale[j])) + Lanes512<T>.Load(in shift[j])).Store(ref y[j]);
            }
            for (; j < columns; j++)
                y[j] = ((x[j] - mean) * inverse * scale[j]) + shift[j];
            if (moments != null)
                (moments[2 * row], moments[(2 * row) + 1]) = (mean, inverse);
        }
    }

    /// <summary>
    /// Adds the gradients, and the gradients times the normalized inputs, to the sums of each column: the gradients of shift and scale.
    /// </summary>
    /// <param name="x">The rows.</param>
    /// <param name="gradient">The gradients of the outputs.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="columns">The numbers of a row.</param>
    /// <param name="moments">Mean and 1 / (standard deviation) of each row.</param>
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
            T mean = moments[2 * row], inverse = moments[(2 * row) + 1];
            TLanes means = TLanes.Create(mean), inverses = TLanes.Create(inverse);
            int j = 0;
            for (; j <= columns - TLanes.Count; j += TLanes.Count)
                AddGradient(x + j, gradient + j, means, inverses, shiftSums + j, scaleSums + j);
            for (; j < columns; j++)
                AddGradient(x + j, gradient + j, new Lane<T>(mean), new Lane<T>(inverse), shiftSums + j, scaleSums + j);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddGradient<TLanes>(T* x, T* gradient, TLanes mean, TLanes inverse, T* shiftSums, T* scaleSums)
        where TLanes : struct, ILanes<TLanes, T>
    {
        TLanes derivative = TLanes.Load(in *gradient);
        TLanes normal = (TLanes.Load(in *x) - mean) * inverse;
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
    /// <param name="moments">Mean and 1 / (standard deviation) of each row.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void InputGradient(T* x, T* gradient, T* result, int rows, int columns, T* scale, T* moments)
    {
        int width = Lanes512<T>.Count;
        T count = T.CreateTruncating(columns);
        for (int row = 0; row < rows; row++, x += columns, gradient += columns, result += columns)
        {
            T mean = moments[2 * row], inverse = moments[(2 * row) + 1];
            Lanes512<T> means = Lanes512<T>.Create(mean), inverses = Lanes512<T>.Create(inverse), sums = default, products = default;
            T sum = T.Zero, product = T.Zero;
            int j = 0;
            for (; j <= columns - width; j += width)
            {
                Lanes512<T> derivative = Lanes512<T>.Load(in gradient[j]) * Lanes512<T>.Load(in scale[j]);
                Lanes512<T> normal = (Lanes512<T>.Load(in x[j]) - means) * inverses;
                sums += derivative;
                products += derivative * normal;
            }
            for (; j < columns; j++)
            {
                T derivative = gradient[j] * scale[j];
                sum += derivative;
                product += derivative * ((x[j] - mean) * inverse);
            }
            sum = (sums.SumAcross() + sum) / count;
            product = (products.SumAcross() + product) / count;
            Lanes512<T> sumMeans = Lanes512<T>.Create(sum), productMeans = Lanes512<T>.Create(product);
            for (j = 0; j <= columns - width; j += width)
            {
                Lanes512<T> derivative = Lanes512<T>.Load(in gradient[j]) * Lanes512<T>.Load(in scale[j]);
                Lanes512<T> normal = (Lanes512<T>.Load(in x[j]) - means) * inverses;
                ((derivative - sumMeans - (normal * productMeans)) * inverses).Store(ref result[j]);
            }
            for (; j < columns; j++)
                result[j] = ((gradient[j] * scale[j]) - sum - ((x[j] - mean) * inverse * product)) * inverse;
        }
    }
}
