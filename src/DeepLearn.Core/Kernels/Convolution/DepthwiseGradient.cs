using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Convolution;

/// <summary>
/// The gradients of weights and biases where each channel has one filter: lanes along the channels, and nine taps at once, so that nine
/// chains hide each other's latency and a gradient is loaded once for all of them. Each sum is one chain over the positions in order.
/// </summary>
internal static unsafe class DepthwiseGradient<T, TLanes>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TLanes : struct, ILanes<TLanes, T>
{
    private const int Together = 9;

    /// <summary>
    /// Adds the gradients of one example's weights and biases to the sums of its chunk: <c>[taps, channels]</c>, then <c>[channels]</c>.
    /// </summary>
    /// <param name="forward">The forward plan.</param>
    /// <param name="source">The input of the example, padded as the plan says.</param>
    /// <param name="gradient">The gradient of the outputs of the example.</param>
    /// <param name="sums">The sums of the chunk.</param>
    public static void AddExample(GatherPlan forward, T* source, T* gradient, T* sums)
    {
        nint channels = forward.SourceChannels;
        GatherPhase phase = forward.Phases[0];
        int taps = phase.Taps.Length;
        T** sources = stackalloc T*[Together], totals = stackalloc T*[Together];
        for (int row = 0; row < phase.Rows; row++)
        {
            T* from = source + ((nint)row * phase.PaddedRowStep), derivatives = gradient + ((nint)row * phase.ResultRowStep);
            for (int first = 0; first < taps; first += Together)
            {
                for (int i = 0; i < Together; i++)
                {
                    // Where there are fewer taps, the last is done several times, to the same result.
                    int tap = Math.Min(first + i, taps - 1);
                    sources[i] = from + phase.TapOffsets[tap];
                    totals[i] = sums + (tap * channels);
                }
                T* biases = first == 0 ? sums + (taps * channels) : null;
                AddRow(sources, phase.SourceColumnStep, derivatives, phase.Columns, (int)channels, totals, biases);
            }
        }
    }

    /// <summary>Adds a row of positions.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddRow(T** sources, nint step, T* derivatives, int columns, int channels, T** totals, T* biases)
    {
        int channel = 0;
        for (; channel <= channels - TLanes.Count; channel += TLanes.Count)
            AddRowOf<TLanes>(sources, step, derivatives, columns, channel, channels, totals, biases);
        for (; channel < channels; channel++)
            AddRowOf<Lane<T>>(sources, step, derivatives, columns, channel, channels, totals, biases);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddRowOf<TOne>(
        T** sources, nint step, T* derivatives, int columns, nint channel, nint channels, T** totals, T* biases)
        where TOne : struct, ILanes<TOne, T>
    {
        T* s0 = sources[0], s1 = sources[1], s2 = sources[2], s3 = sources[3], s4 = sources[4], s5 = sources[5], s6 = sources[6];
        T* s7 = sources[7], s8 = sources[8];
        TOne a0 = TOne.Load(in totals[0][channel]), a1 = TOne.Load(in totals[1][channel]), a2 = TOne.Load(in totals[2][channel]);
        TOne a3 = TOne.Load(in totals[3][channel]), a4 = TOne.Load(in totals[4][channel]), a5 = TOne.Load(in totals[5][channel]);
        TOne a6 = TOne.Load(in totals[6][channel]), a7 = TOne.Load(in totals[7][channel]), a8 = TOne.Load(in totals[8][channel]);
        TOne bias = biases == null ? default : TOne.Load(in biases[channel]);
        T* derivative = derivatives + channel;
        nint at = channel, ahead = columns * channels;
        for (int column = columns; column > 0; column--, at += step, derivative += channels)
        {
            TOne d = TOne.Load(in *derivative);
            if (TOne.Count > 1 && Sse.IsSupported)
                Sse.Prefetch1(derivative + ahead);
            a0 = TOne.FusedMultiplyAdd(TOne.Load(in s0[at]), d, a0);
            a1 = TOne.FusedMultiplyAdd(TOne.Load(in s1[at]), d, a1);
            a2 = TOne.FusedMultiplyAdd(TOne.Load(in s2[at]), d, a2);
            a3 = TOne.FusedMultiplyAdd(TOne.Load(in s3[at]), d, a3);
            a4 = TOne.FusedMultiplyAdd(TOne.Load(in s4[at]), d, a4);
            a5 = TOne.FusedMultiplyAdd(TOne.Load(in s5[at]), d, a5);
            a6 = TOne.FusedMultiplyAdd(TOne.Load(in s6[at]), d, a6);
            a7 = TOne.FusedMultiplyAdd(TOne.Load(in s7[at]), d, a7);
            a8 = TOne.FusedMultiplyAdd(TOne.Load(in s8[at]), d, a8);
            bias += d;
        }
        a0.Store(ref totals[0][channel]);
        a1.Store(ref totals[1][channel]);
        a2.Store(ref totals[2][channel]);
        a3.Store(ref totals[3][channel]);
        a4.Store(ref totals[4][channel]);
        a5.Store(ref totals[5][channel]);
        a6.Store(ref totals[6][channel]);
        a7.Store(ref totals[7][channel]);
        a8.Store(ref totals[8][channel]);
        if (biases != null)
            bias.Store(ref biases[channel]);
    }
}
