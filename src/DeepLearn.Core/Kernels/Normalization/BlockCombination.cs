using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Normalization;

/// <summary>
/// Combines the sums of blocks in double precision, a vector of channels at a time. The channels do not depend on each other, so the width
/// changes no bit.
/// </summary>
internal static unsafe class BlockCombination<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// Adds a block to the means and squares of those before it (Chan, Golub and LeVeque, "Updating Formulae and a Pairwise Algorithm for
    /// Computing Sample Variances", 1979).
    /// </summary>
    /// <param name="firsts">The rounded means of the block.</param>
    /// <param name="rests">The sums of the differences from them.</param>
    /// <param name="seconds">The sums of the squares of the differences.</param>
    /// <param name="shares">The numbers with which the block takes part.</param>
    /// <param name="means">The means so far.</param>
    /// <param name="squares">The squares so far.</param>
    public static void AddMoments(
        ReadOnlySpan<T> firsts, ReadOnlySpan<T> rests, ReadOnlySpan<T> seconds, in Shares shares, Span<double> means, Span<double> squares)
    {
        fixed (T* first = firsts, rest = rests, second = seconds)
        fixed (double* mean = means, square = squares)
        {
            switch (LaneWidth.ForSpan((nint)means.Length * sizeof(double)))
            {
                case 512 when LaneWidth.Has512:
                    AddMoments<Lanes512<double>>(first, rest, second, shares, mean, square, means.Length);
                    break;
                case 256: AddMoments<Lanes256<double>>(first, rest, second, shares, mean, square, means.Length); break;
                case 128: AddMoments<Lanes128<double>>(first, rest, second, shares, mean, square, means.Length); break;
                default: AddMoments<Lane<double>>(first, rest, second, shares, mean, square, means.Length); break;
            }
        }
    }

    /// <summary>Adds the sums of a block to those of the blocks before it.</summary>
    /// <param name="sums">The sums of the block.</param>
    /// <param name="totals">The sums so far.</param>
    public static void Add(ReadOnlySpan<T> sums, Span<double> totals)
    {
        fixed (T* sum = sums)
        fixed (double* total = totals)
        {
            switch (LaneWidth.ForSpan((nint)totals.Length * sizeof(double)))
            {
                case 512 when LaneWidth.Has512: Add<Lanes512<double>>(sum, total, totals.Length); break;
                case 256: Add<Lanes256<double>>(sum, total, totals.Length); break;
                case 128: Add<Lanes128<double>>(sum, total, totals.Length); break;
                default: Add<Lane<double>>(sum, total, totals.Length); break;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddMoments<TLanes>(T* firsts, T* rests, T* seconds, in Shares shares, double* means, double* squares, int channels)
        where TLanes : unmanaged, ILanes<TLanes, double>
    {
        Shares of = shares;
        int c = 0;
        for (; c <= channels - TLanes.Count; c += TLanes.Count)
            AddMoment<TLanes>(firsts + c, rests + c, seconds + c, of, means + c, squares + c);
        for (; c < channels; c++)
            AddMoment<Lane<double>>(firsts + c, rests + c, seconds + c, of, means + c, squares + c);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddMoment<TLanes>(T* first, T* rest, T* second, Shares shares, double* mean, double* square)
        where TLanes : unmanaged, ILanes<TLanes, double>
    {
        TLanes before = TLanes.Load(in *mean), remainder = Widening.Load<TLanes, T>(rest), off = remainder * TLanes.Create(shares.OfOne);
        TLanes difference = Widening.Load<TLanes, T>(first) + off - before;
        (before + (difference * TLanes.Create(shares.OfBlock))).Store(ref *mean);
        TLanes more = Widening.Load<TLanes, T>(second) - (remainder * off) + (difference * difference * TLanes.Create(shares.OfSpread));
        (TLanes.Load(in *square) + more).Store(ref *square);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add<TLanes>(T* sums, double* totals, int channels)
        where TLanes : unmanaged, ILanes<TLanes, double>
    {
        int c = 0;
        for (; c <= channels - TLanes.Count; c += TLanes.Count)
            (TLanes.Load(in totals[c]) + Widening.Load<TLanes, T>(sums + c)).Store(ref totals[c]);
        for (; c < channels; c++)
            (Lane<double>.Load(in totals[c]) + Widening.Load<Lane<double>, T>(sums + c)).Store(ref totals[c]);
    }

    /// <summary>The numbers with which a block takes part in the moments of all.</summary>
    /// <param name="OfOne">1 / (the numbers of the block).</param>
    /// <param name="OfBlock">Those of the block / all so far, with the block.</param>
    /// <param name="OfSpread">That share, times the numbers before the block.</param>
    internal readonly record struct Shares(double OfOne, double OfBlock, double OfSpread);
}
