using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Convolution;

/// <summary>
/// Convolution with one filter for each channel. A vector holds neighboring channels, which are adjacent in memory. Each result is one
/// chain of fused multiply-adds over the taps, in order.
/// </summary>
internal static unsafe class DepthwiseConvolution<T, TLanes>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TLanes : struct, ILanes<TLanes, T>
{
    /// <summary>Computes all results of one example.</summary>
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
                    RunRow(phase, plan.SourceChannels, from, weights, start, offsets, places, relu, to);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunRow(
        GatherPhase phase, int channels, T* from, T* weights, T* start, int* offsets, int* places, bool relu, T* to)
    {
        int width = TLanes.Count, taps = phase.Taps.Length;
        for (int column = phase.Columns; column > 0; column--, from += phase.SourceColumnStep, to += phase.ResultColumnStep)
        {
            int channel = 0;

            // Four chains at once hide the latency of a multiply-add.
            for (; channel <= channels - (4 * width); channel += 4 * width)
            {
                TLanes a = default, b = default, c = default, d = default;
                if (start != null)
                {
                    a = TLanes.Load(in start[channel]);
                    b = TLanes.Load(in start[channel + width]);
                    c = TLanes.Load(in start[channel + (2 * width)]);
                    d = TLanes.Load(in start[channel + (3 * width)]);
                }
                for (int tap = 0; tap < taps; tap++)
                {
                    T* x = from + offsets[tap] + channel, w = weights + places[tap] + channel;
                    a = TLanes.FusedMultiplyAdd(TLanes.Load(in *x), TLanes.Load(in *w), a);
                    b = TLanes.FusedMultiplyAdd(TLanes.Load(in x[width]), TLanes.Load(in w[width]), b);
                    c = TLanes.FusedMultiplyAdd(TLanes.Load(in x[2 * width]), TLanes.Load(in w[2 * width]), c);
                    d = TLanes.FusedMultiplyAdd(TLanes.Load(in x[3 * width]), TLanes.Load(in w[3 * width]), d);
                }
                Store(a, relu, to + channel);
                Store(b, relu, to + channel + width);
                Store(c, relu, to + channel + (2 * width));
                Store(d, relu, to + channel + (3 * width));
            }
            for (; channel <= channels - width; channel += width)
                RunOne<TLanes>(channel, from, weights, start, offsets, places, taps, relu, to);
            for (; channel < channels; channel++)
                RunOne<Lane<T>>(channel, from, weights, start, offsets, places, taps, relu, to);
        }
    }

    /// <summary>The channels of one vector, or one channel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void RunOne<TOne>(int channel, T* from, T* weights, T* start, int* offsets, int* places, int taps, bool relu, T* to)
        where TOne : struct, ILanes<TOne, T>
    {
        TOne sum = start == null ? default : TOne.Load(in start[channel]);
        for (int tap = 0; tap < taps; tap++)
            sum = TOne.FusedMultiplyAdd(TOne.Load(in from[offsets[tap] + channel]), TOne.Load(in weights[places[tap] + channel]), sum);
        Store(sum, relu, to + channel);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TOne>(TOne sum, bool relu, T* to)
        where TOne : struct, ILanes<TOne, T>
    {
        if (relu)
            sum = TOne.AtLeast(sum, default);
        sum.Store(ref *to);
    }

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
                // The last round sums the gradient of the biases.
                bool isBias = tap == taps;
                T* from = isBias ? null : source + ((nint)row * phase.SourceRowStep) + phase.TapOffsets[tap];
                T* derivatives = gradient + ((nint)row * phase.ResultRowStep);
                T* sum = sums + ((nint)tap * channels);
                nint step = phase.SourceColumnStep;
                int channel = 0;
                for (; channel <= channels - TLanes.Count; channel += TLanes.Count)
                    AddRow<TLanes>(isBias, from + channel, step, derivatives + channel, channels, phase.Columns, sum + channel);
                for (; channel < channels; channel++)
                    AddRow<Lane<T>>(isBias, from + channel, step, derivatives + channel, channels, phase.Columns, sum + channel);
            }
        }
    }

    /// <summary>
    /// Adds one row of positions to a sum: the gradients themselves for a bias, the gradients times the inputs that a tap reads for a
    /// weight.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddRow<TOne>(bool isBias, T* from, nint step, T* derivatives, nint derivativeStep, int columns, T* sum)
        where TOne : struct, ILanes<TOne, T>
    {
        TOne total = TOne.Load(in *sum);
        for (int column = 0; column < columns; column++, from += step, derivatives += derivativeStep)
        {
            TOne derivative = TOne.Load(in *derivatives);
            total = isBias ? total + derivative : TOne.FusedMultiplyAdd(TOne.Load(in *from), derivative, total);
        }
        total.Store(ref *sum);
    }
}
