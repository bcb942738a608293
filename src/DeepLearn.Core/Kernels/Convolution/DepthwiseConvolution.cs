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
    /// <param name="kernelWidth">The columns of the kernel.</param>
    /// <param name="source">The source of the example, padded as the plan says.</param>
    /// <param name="weights">The weights, <c>[taps, channels]</c>.</param>
    /// <param name="start">What the sums start from, a number for each channel; null for zeros.</param>
    /// <param name="relu">Whether negative results become 0.</param>
    /// <param name="result">Where the results of the example go.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(GatherPlan plan, int kernelWidth, T* source, T* weights, T* start, bool relu, T* result)
    {
        int channels = plan.SourceChannels;
        foreach (GatherPhase phase in plan.Phases)
        {
            (int Row, int Column)[] taps = phase.Taps;
            for (int row = 0; row < phase.Rows; row++)
            {
                for (int column = 0; column < phase.Columns; column++)
                {
                    T* from = source + ((nint)row * phase.SourceRowStep) + ((nint)column * phase.SourceColumnStep);
                    T* to = result + phase.ResultStart + ((nint)row * phase.ResultRowStep) + ((nint)column * phase.ResultColumnStep);
                    int channel = 0;
                    for (; channel <= channels - Vector256<T>.Count; channel += Vector256<T>.Count)
                    {
                        Vector256<T> sum = start == null ? Vector256<T>.Zero : Vector256.Load(start + channel);
                        for (int tap = 0; tap < taps.Length; tap++)
                        {
                            nint weight = (nint)((taps[tap].Row * kernelWidth) + taps[tap].Column) * channels;
                            sum = Fma(Vector256.Load(from + phase.TapOffsets[tap] + channel), Vector256.Load(weights + weight + channel), sum);
                        }
                        if (relu)
                            sum = Vector256.ConditionalSelect(Vector256.LessThan(sum, Vector256<T>.Zero), Vector256<T>.Zero, sum);
                        sum.Store(to + channel);
                    }
                    for (; channel < channels; channel++)
                    {
                        T sum = start == null ? T.Zero : start[channel];
                        for (int tap = 0; tap < taps.Length; tap++)
                        {
                            nint weight = (nint)((taps[tap].Row * kernelWidth) + taps[tap].Column) * channels;
                            sum = T.FusedMultiplyAdd(from[phase.TapOffsets[tap] + channel], weights[weight + channel], sum);
                        }
                        to[channel] = relu && sum < T.Zero ? T.Zero : sum;
                    }
                }
            }
        }
    }

    /// <summary>Adds the gradients of one example's weights and biases to the sums of its chunk: <c>[taps, channels]</c>, then <c>[channels]</c>.</summary>
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
                T* slopes = gradient + ((nint)row * phase.ResultRowStep);
                T* sum = sums + ((nint)tap * channels);
                int channel = 0;
                for (; channel <= channels - Vector256<T>.Count; channel += Vector256<T>.Count)
                {
                    Vector256<T> total = Vector256.Load(sum + channel);
                    for (int column = 0; column < phase.Columns; column++)
                    {
                        Vector256<T> slope = Vector256.Load(slopes + ((nint)column * channels) + channel);
                        total = isBias ? total + slope : Fma(Vector256.Load(from + ((nint)column * phase.SourceColumnStep) + channel), slope, total);
                    }
                    total.Store(sum + channel);
                }
                for (; channel < channels; channel++)
                {
                    T total = sum[channel];
                    for (int column = 0; column < phase.Columns; column++)
                    {
                        T slope = slopes[((nint)column * channels) + channel];
                        total = isBias ? total + slope : T.FusedMultiplyAdd(from[((nint)column * phase.SourceColumnStep) + channel], slope, total);
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
