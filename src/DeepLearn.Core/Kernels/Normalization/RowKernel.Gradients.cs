using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Normalization;

/// <content>The backward pass of layer normalization.</content>
internal static unsafe partial class RowKernel<T>
{
    /// <summary>
    /// Adds the gradients, and the gradients times the normalized inputs, to the sums of each column: the gradients of shift and scale.
    /// </summary>
    /// <param name="x">The rows.</param>
    /// <param name="gradient">The gradients of the outputs.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="columns">The numbers of a row.</param>
    /// <param name="moments">
    /// Three numbers of each row, as <see cref="Normalize(ImageRows{T}, ImageRows{T}, int, int, T, T*, T*, T*)"/> gives them.
    /// </param>
    /// <param name="shiftSums">The sums of the gradients.</param>
    /// <param name="scaleSums">The sums of the products.</param>
    public static void AddGradients(
        ImageRows<T> x, ImageRows<T> gradient, int rows, int columns, T* moments, T* shiftSums, T* scaleSums)
    {
        switch (LaneWidth.ForSpan((nint)columns * sizeof(T)))
        {
            case 512 when LaneWidth.Has512:
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
    /// <param name="moments">
    /// Three numbers of each row, as <see cref="Normalize(ImageRows{T}, ImageRows{T}, int, int, T, T*, T*, T*)"/> gives them.
    /// </param>
    public static void InputGradient(
        ImageRows<T> x, ImageRows<T> gradient, ImageRows<T> result, int rows, int columns, T* scale, T* moments)
    {
        int row = 0;

        // Two rows take twenty vectors of 512 bits, for which other hardware has no registers.
        if (Vector512.IsHardwareAccelerated)
        {
            for (; row <= rows - 2; row += 2)
            {
                InputGradient<Two>(
                    x[row], x[row + 1], gradient[row], gradient[row + 1], result[row], result[row + 1], columns, scale,
                    moments + (3 * row));
            }
        }
        for (; row < rows; row++)
        {
            InputGradient<One>(
                x[row], x[row], gradient[row], gradient[row], result[row], result[row], columns, scale, moments + (3 * row));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddGradients<TLanes>(
        ImageRows<T> x, ImageRows<T> gradient, int rows, int columns, T* moments, T* shiftSums, T* scaleSums)
        where TLanes : struct, ILanes<TLanes, T>
    {
        int row = 0, whole = columns - (columns % TLanes.Count);
        for (; row <= rows - 2; row += 2, moments += 6)
        {
            // The sums are in memory; two rows are added between a load and a store.
            T* x0 = x[row], x1 = x[row + 1], g0 = gradient[row], g1 = gradient[row + 1];
            TLanes mean0 = TLanes.Create(moments[0]), inverse0 = TLanes.Create(moments[1]), correction0 = TLanes.Create(moments[2]);
            TLanes mean1 = TLanes.Create(moments[3]), inverse1 = TLanes.Create(moments[4]), correction1 = TLanes.Create(moments[5]);
            for (int i = 0; i < whole; i += TLanes.Count)
            {
                TLanes shifts = TLanes.Load(in shiftSums[i]), scales = TLanes.Load(in scaleSums[i]), derivative = TLanes.Load(in g0[i]);
                shifts += derivative;
                scales += derivative * TLanes.FusedMultiplyAdd(TLanes.Load(in x0[i]) - mean0, inverse0, correction0);
                derivative = TLanes.Load(in g1[i]);
                shifts += derivative;
                scales += derivative * TLanes.FusedMultiplyAdd(TLanes.Load(in x1[i]) - mean1, inverse1, correction1);
                shifts.Store(ref shiftSums[i]);
                scales.Store(ref scaleSums[i]);
            }
            AddTail(x0, g0, whole, columns, moments, shiftSums, scaleSums);
            AddTail(x1, g1, whole, columns, moments + 3, shiftSums, scaleSums);
        }
        if (row == rows)
            return;
        TLanes mean = TLanes.Create(moments[0]), inverse = TLanes.Create(moments[1]), correction = TLanes.Create(moments[2]);
        for (int i = 0; i < whole; i += TLanes.Count)
            AddGradient(x[row] + i, gradient[row] + i, mean, inverse, correction, shiftSums + i, scaleSums + i);
        AddTail(x[row], gradient[row], whole, columns, moments, shiftSums, scaleSums);
    }

    [MethodImpl(Inline)]
    private static void AddTail(T* x, T* gradient, int from, int columns, T* moments, T* shiftSums, T* scaleSums)
    {
        Lane<T> mean = new(moments[0]), inverse = new(moments[1]), correction = new(moments[2]);
        for (int i = from; i < columns; i++)
            AddGradient(x + i, gradient + i, mean, inverse, correction, shiftSums + i, scaleSums + i);
    }

    [MethodImpl(Inline)]
    private static void AddGradient<TLanes>(
        T* x, T* gradient, TLanes mean, TLanes inverse, TLanes correction, T* shiftSums, T* scaleSums)
        where TLanes : struct, ILanes<TLanes, T>
    {
        TLanes derivative = TLanes.Load(in *gradient);
        TLanes normal = TLanes.FusedMultiplyAdd(TLanes.Load(in *x) - mean, inverse, correction);
        (TLanes.Load(in *shiftSums) + derivative).Store(ref *shiftSums);
        (TLanes.Load(in *scaleSums) + (derivative * normal)).Store(ref *scaleSums);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void InputGradient<TRows>(
        T* x0, T* x1, T* gradient0, T* gradient1, T* result0, T* result1, int columns, T* scale, T* moments)
        where TRows : struct
    {
        int width = Lanes512<T>.Count, whole = columns - (columns % width), run = LongestRun * width;
        T* moments1 = typeof(TRows) == typeof(Two) ? moments + 3 : moments;
        T mean0 = moments[0], inverse0 = moments[1], correction0 = moments[2];
        T mean1 = moments1[0], inverse1 = moments1[1], correction1 = moments1[2];
        Lanes512<T> means0 = Lanes512<T>.Create(mean0), inverses0 = Lanes512<T>.Create(inverse0);
        Lanes512<T> means1 = Lanes512<T>.Create(mean1), inverses1 = Lanes512<T>.Create(inverse1);
        Lanes512<T> corrections0 = Lanes512<T>.Create(correction0), sums0 = default, products0 = default;
        Lanes512<T> corrections1 = Lanes512<T>.Create(correction1), sums1 = default, products1 = default;
        for (int start = 0; start < whole; start += run)
        {
            Lanes512<T> some0 = default, someProducts0 = default, some1 = default, someProducts1 = default;
            int end = Math.Min(whole, start + run);
            for (int i = start; i < end; i += width)
            {
                Lanes512<T> factor = Lanes512<T>.Load(in scale[i]), derivative = Lanes512<T>.Load(in gradient0[i]) * factor;
                some0 += derivative;
                someProducts0 += derivative * Lanes512<T>.FusedMultiplyAdd(Lanes512<T>.Load(in x0[i]) - means0, inverses0, corrections0);
                if (typeof(TRows) == typeof(Two))
                {
                    derivative = Lanes512<T>.Load(in gradient1[i]) * factor;
                    some1 += derivative;
                    someProducts1 +=
                        derivative * Lanes512<T>.FusedMultiplyAdd(Lanes512<T>.Load(in x1[i]) - means1, inverses1, corrections1);
                }
            }
            sums0 += some0;
            products0 += someProducts0;
            if (typeof(TRows) == typeof(Two))
            {
                sums1 += some1;
                products1 += someProducts1;
            }
        }
        T sum0 = T.Zero, product0 = T.Zero, sum1 = T.Zero, product1 = T.Zero;
        for (int j = whole; j < columns; j++)
        {
            T derivative = gradient0[j] * scale[j];
            sum0 += derivative;
            product0 += derivative * T.FusedMultiplyAdd(x0[j] - mean0, inverse0, correction0);
            if (typeof(TRows) == typeof(Two))
            {
                derivative = gradient1[j] * scale[j];
                sum1 += derivative;
                product1 += derivative * T.FusedMultiplyAdd(x1[j] - mean1, inverse1, correction1);
            }
        }
        T count = T.CreateTruncating(columns);
        sum0 = (sums0.SumAcross() + sum0) / count;
        product0 = (products0.SumAcross() + product0) / count;
        if (typeof(TRows) == typeof(Two))
        {
            sum1 = (sums1.SumAcross() + sum1) / count;
            product1 = (products1.SumAcross() + product1) / count;
        }
        WriteGradient(x0, gradient0, result0, columns, scale, mean0, inverse0, correction0, sum0, product0);
        if (typeof(TRows) == typeof(Two))
            WriteGradient(x1, gradient1, result1, columns, scale, mean1, inverse1, correction1, sum1, product1);
    }

    [MethodImpl(Inline)]
    private static void WriteGradient(
        T* x, T* gradient, T* result, int columns, T* scale, T mean, T inverse, T correction, T sum, T product)
    {
        Lanes512<T> means = Lanes512<T>.Create(mean), inverses = Lanes512<T>.Create(inverse);
        Lanes512<T> corrections = Lanes512<T>.Create(correction);
        Lanes512<T> sumMeans = Lanes512<T>.Create(sum), productMeans = Lanes512<T>.Create(product);
        int j = 0;
        for (; j <= columns - Lanes512<T>.Count; j += Lanes512<T>.Count)
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
