using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DeepLearn.Kernels.Convolution;

/// <summary>
/// Convolution with one filter for each channel: channels stand next to each other, so a vector of them is worked on at once. Each number
/// is one chain of fused multiply-adds over the taps in order.
/// </summary>
internal static unsafe class DepthwiseConvolution<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Computes all the results of one example.</summary>
    /// <param name="plan">The plan, forward or backward.</param>
    /// <param name="source">The source of the example, padded as the plan says.</param>
    /// <param name="weights">The weights, <c>[taps, channels]</c>.</param>
    /// <param name="start">What the sums start from, a number for each channel; null for zeros.</param>
    /// <param name="relu">Whether negative results become 0.</param>
    /// <param name="result">Where the results of the example go.</param>
    public static void Run(GatherPlan plan, T* source, T* weights, T* start, bool relu, T* result)
    {
        foreach (GatherPhase phase in plan.Phases)
        {
            fixed (int* offsets = phase.TapOffsets, places = phase.TapWeights)
            {
                for (int row = 0; row < phase.Rows; row++)
                {
                    T* from = source + ((nint)row * phase.SourceRowStep);
                    T* to = result + phase.ResultStart + ((nint)row * phase.ResultRowStep);
                    for (int column = 0; column < phase.Columns; column++, from += phase.SourceColumnStep, to += phase.ResultColumnStep)
                        RunPosition(plan.SourceChannels, from, weights, start, offsets, places, phase.Taps.Length, relu, to);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunPosition(int channels, T* from, T* weights, T* start, int* offsets, int* places, int taps, bool relu, T* to)
    {
        int width = Vector256<T>.Count;
        int channel = 0;

        // Four vectors at once hide the latency of a chain.
        for (; channel <= channels - (4 * width); channel += 4 * width)
        {
            Vector256<T> a = default, b = default, c = default, d = default;
            if (start != null)
            {
                a = Vector256.Load(start + channel);
                b = Vector256.Load(start + channel + width);
                c = Vector256.Load(start + channel + (2 * width));
                d = Vector256.Load(start + channel + (3 * width));
            }
            for (int tap = 0; tap < taps; tap++)
            {
                T* x = from + offsets[tap] + channel, w = weights + places[tap] + channel;
                a = Fma(Vector256.Load(x), Vector256.Load(w), a);
                b = Fma(Vector256.Load(x + width), Vector256.Load(w + width), b);
                c = Fma(Vector256.Load(x + (2 * width)), Vector256.Load(w + (2 * width)), c);
                d = Fma(Vector256.Load(x + (3 * width)), Vector256.Load(w + (3 * width)), d);
            }
            Relu(a, relu).Store(to + channel);
            Relu(b, relu).Store(to + channel + width);
            Relu(c, relu).Store(to + channel + (2 * width));
            Relu(d, relu).Store(to + channel + (3 * width));
        }
        for (; channel <= channels - width; channel += width)
        {
            Vector256<T> sum = start == null ? default : Vector256.Load(start + channel);
            for (int tap = 0; tap < taps; tap++)
                sum = Fma(Vector256.Load(from + offsets[tap] + channel), Vector256.Load(weights + places[tap] + channel), sum);
            Relu(sum, relu).Store(to + channel);
        }
        for (; channel < channels; channel++)
        {
            T sum = start == null ? T.Zero : start[channel];
            for (int tap = 0; tap < taps; tap++)
                sum = T.FusedMultiplyAdd(from[offsets[tap] + channel], weights[places[tap] + channel], sum);
            to[channel] = relu && sum < T.Zero ? T.Zero : sum;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<T> Relu(Vector256<T> x, bool relu) =>
        relu ? Vector256.ConditionalSelect(Vector256.LessThan(x, Vector256<T>.Zero), Vector256<T>.Zero, x) : x;

    /// <summary>
    /// Adds the gradients of one example's weights and biases to the sums of its chunk: <c>[taps, channels]</c>, then <c>[channels]</c>.
    /// </summary>
    /// <param name="forward">The forward plan.</param>
    /// <param name="source">The input of the example, padded as the plan says.</param>
    /// <param name="gradient">The gradient of the outputs of the example.</param>
    /// <param name="sums">The sums of the chunk.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddExample(GatherPlan forward, T* source, T* gradient, T* sums)
    {
        int channels = forward.SourceChannels;
        GatherPhase phase = forward.Phases[0];
        int taps = phase.Taps.Length;
        for (int row = 0; row < phase.Rows; row++)
        {
            for (int tap = 0; tap <= taps; tap++)
            {
                // The last round is the biases'.
                bool isBias = tap == taps;
                T* from = isBias ? null : source + ((nint)row * phase.SourceRowStep) + phase.TapOffsets[tap];
                T* derivatives = gradient + ((nint)row * phase.ResultRowStep);
                T* sum = sums + ((nint)tap * channels);
                int channel = 0;
                for (; channel <= channels - Vector256<T>.Count; channel += Vector256<T>.Count)
                {
                    Vector256<T> total = Vector256.Load(sum + channel);
                    for (int column = 0; column < phase.Columns; column++)
                    {
                        Vector256<T> derivative = Vector256.Load(derivatives + ((nint)column * channels) + channel);
                        T* at = from + ((nint)column * phase.SourceColumnStep) + channel;
                        total = isBias ? total + derivative : Fma(Vector256.Load(at), derivative, total);
                    }
                    total.Store(sum + channel);
                }
                for (; channel < channels; channel++)
                {
                    T total = sum[channel];
                    for (int column = 0; column < phase.Columns; column++)
                    {
                        T derivative = derivatives[((nint)column * channels) + channel];
                        T* at = from + ((nint)column * phase.SourceColumnStep) + channel;
                        total = isBias ? total + derivative : T.FusedMultiplyAdd(*at, derivative, total);
                    }
                    sum[channel] = total;
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<T> Fma(Vector256<T> left, Vector256<T> right, Vector256<T> sum) => typeof(T) == typeof(float)
        ? Vector256.FusedMultiplyAdd(left.AsSingle(), right.AsSingle(), sum.AsSingle()).As<float, T>()
        : Vector256.FusedMultiplyAdd(left.AsDouble(), right.AsDouble(), sum.AsDouble()).As<double, T>();
}
