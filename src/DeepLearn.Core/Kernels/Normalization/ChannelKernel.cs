using System.Numerics;
using System.Runtime.CompilerServices;

namespace DeepLearn.Kernels.Normalization;

/// <summary>
/// What batch normalization computes: for each channel, over the examples of a block and their positions. Channels stand next to each
/// other, so a vector works on several at once, and each channel's sum has one order on every width.
/// </summary>
internal static unsafe class ChannelKernel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The mean of each channel, and the sum of the squares of what differs from it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Moments(ImageRows<T> x, int first, int examples, int positions, int channels, T* mean, T* squares)
    {
        int width = Vector<T>.Count;
        new Span<T>(mean, channels).Clear();
        new Span<T>(squares, channels).Clear();
        for (int example = first; example < first + examples; example++)
        {
            T* row = x[example];
            for (int position = 0; position < positions; position++, row += channels)
            {
                int c = 0;
                for (; c <= channels - width; c += width)
                    Vector.Store(Vector.Load(mean + c) + Vector.Load(row + c), mean + c);
                for (; c < channels; c++)
                    mean[c] += row[c];
            }
        }
        T count = T.CreateChecked((long)examples * positions);
        for (int c = 0; c < channels; c++)
            mean[c] /= count;
        for (int example = first; example < first + examples; example++)
        {
            T* row = x[example];
            for (int position = 0; position < positions; position++, row += channels)
            {
                int c = 0;
                for (; c <= channels - width; c += width)
                {
                    Vector<T> difference = Vector.Load(row + c) - Vector.Load(mean + c);
                    Vector.Store(Vector.Load(squares + c) + (difference * difference), squares + c);
                }
                for (; c < channels; c++)
                {
                    T difference = row[c] - mean[c];
                    squares[c] += difference * difference;
                }
            }
        }
    }

    /// <summary><c>y = (x - mean) * factor + shift</c>, then optionally no less than 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Normalize(
        ImageRows<T> x, ImageRows<T> y, int first, int examples, int positions, int channels, T* mean, T* factor, T* shift, bool relu)
    {
        int width = Vector<T>.Count;
        for (int example = first; example < first + examples; example++)
        {
            T* from = x[example], to = y[example];
            for (int position = 0; position < positions; position++, from += channels, to += channels)
            {
                int c = 0;
                for (; c <= channels - width; c += width)
                {
                    Vector<T> value = ((Vector.Load(from + c) - Vector.Load(mean + c)) * Vector.Load(factor + c)) + Vector.Load(shift + c);
                    if (relu)
                        value = Vector.ConditionalSelect(Vector.LessThan(value, Vector<T>.Zero), Vector<T>.Zero, value);
                    Vector.Store(value, to + c);
                }
                for (; c < channels; c++)
                {
                    T value = ((from[c] - mean[c]) * factor[c]) + shift[c];
                    to[c] = relu && value < T.Zero ? T.Zero : value;
                }
            }
        }
    }

    /// <summary>For each channel the sum of the gradients, and that of the gradients times <c>x - mean</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void GradientSums(
        ImageRows<T> x, ImageRows<T> gradient, int first, int examples, int positions, int channels, T* mean, T* sum, T* product)
    {
        int width = Vector<T>.Count;
        new Span<T>(sum, channels).Clear();
        new Span<T>(product, channels).Clear();
        for (int example = first; example < first + examples; example++)
        {
            T* row = x[example], derivatives = gradient[example];
            for (int position = 0; position < positions; position++, row += channels, derivatives += channels)
            {
                int c = 0;
                for (; c <= channels - width; c += width)
                {
                    Vector<T> derivative = Vector.Load(derivatives + c);
                    Vector<T> difference = Vector.Load(row + c) - Vector.Load(mean + c);
                    Vector.Store(Vector.Load(sum + c) + derivative, sum + c);
                    Vector.Store(Vector.Load(product + c) + (derivative * difference), product + c);
                }
                for (; c < channels; c++)
                {
                    sum[c] += derivatives[c];
                    product[c] += derivatives[c] * (row[c] - mean[c]);
                }
            }
        }
    }

    /// <summary><c>result = factor * gradient + derivative * (x - mean) + constant</c>, for each channel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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
        int width = Vector<T>.Count;
        for (int example = first; example < first + examples; example++)
        {
            T* row = x[example], derivatives = gradient[example], to = result[example];
            for (int position = 0; position < positions; position++, row += channels, derivatives += channels, to += channels)
            {
                int c = 0;
                for (; c <= channels - width; c += width)
                {
                    Vector<T> difference = Vector.Load(row + c) - Vector.Load(mean + c);
                    Vector<T> value = (Vector.Load(factor + c) * Vector.Load(derivatives + c)) + (Vector.Load(derivative + c) * difference);
                    Vector.Store(value + Vector.Load(constant + c), to + c);
                }
                for (; c < channels; c++)
                    to[c] = (factor[c] * derivatives[c]) + (derivative[c] * (row[c] - mean[c])) + constant[c];
            }
        }
    }
}
