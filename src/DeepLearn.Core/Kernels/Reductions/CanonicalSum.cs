using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Simd;
using DeepLearn.Tensors;

namespace DeepLearn.Kernels.Reductions;

/// <summary>The one order in which the library sums over spans, at every vector width.</summary>
/// <remarks>
/// <para> A span is divided into blocks of 16 KiB. A block has 256 bytes of virtual lanes, 64 floats or 32 doubles. Each lane sums, in
/// order, every 64th (32nd) element. Then the upper half of the lanes is added to the lower half, lane by lane, until one is left. Vectors
/// of 512 bits hold the virtual lanes in four registers, vectors of 256 bits in eight; narrower ones need several passes over the block. A
/// lane without elements is zero, which changes no sum, so a short span needs fewer lanes. </para>
/// <para> The sums of the blocks are added in double precision; the rounding error of each addition is kept and added at the end. So the
/// error is at most about 64 + 6 units of 2^-24 (2^-53 in double) of the sum of the magnitudes, for any length, and typically a few units.
/// An empty sum is +0. </para>
/// </remarks>
internal static partial class CanonicalSum
{
    private const MethodImplOptions Loop = MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining;
    private const int LaneBytes = 256;
    private const int RowsPerBlock = 64;
    private const int MostRows = 256;

    /// <summary>The sum over a span, rounded to double precision.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Of<TReduction, T>(TReduction reduction, ref T x, ref T y, nint length)
        where TReduction : struct, IReduction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        length <= BlockLength<T>() ? Widened(OfBlock(reduction, ref x, ref y, length)) : OfBlocks(reduction, ref x, ref y, length);

    /// <summary>The sum over a span, rounded to T. (The sum of a single block is of type T already.)</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T RoundedOf<TReduction, T>(TReduction reduction, ref T x, ref T y, nint length)
        where TReduction : struct, IReduction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        length <= BlockLength<T>() ? OfBlock(reduction, ref x, ref y, length) : Rounded<T>(OfBlocks(reduction, ref x, ref y, length));

    // .NET's generic conversions are chains of calls, which the JIT does not always inline.

    /// <summary>A number in double precision.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Widened<T>(T value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        typeof(T) == typeof(float) ? Unsafe.BitCast<T, float>(value) : Unsafe.BitCast<T, double>(value);

    /// <summary>A number of double precision, rounded to T.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Rounded<T>(double value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        typeof(T) == typeof(float) ? Unsafe.BitCast<float, T>((float)value) : Unsafe.BitCast<double, T>(value);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static double OfBlocks<TReduction, T>(TReduction reduction, ref T x, ref T y, nint length)
        where TReduction : struct, IReduction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int block = BlockLength<T>();
        double total = 0;
        double lost = 0;
        for (nint i = 0; i < length; i += block)
        {
            nint count = Math.Min(block, length - i);
            T sum = OfBlock(reduction, ref Unsafe.Add(ref x, i), ref Unsafe.Add(ref y, i), count);
            AddBlock(Widened(sum), ref total, ref lost);
        }
        return Total(total, lost);
    }

    /// <summary>The sum of all blocks, with their rounding errors.</summary>
    public static double Total(double total, double lost) => double.IsFinite(total) ? total + lost : total;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T OfBlock<TReduction, T>(TReduction reduction, ref T x, ref T y, nint length)
        where TReduction : struct, IReduction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int width = LaneWidth.CurrentForShort;
        if (width == 512 && LaneWidth.Has512)
            return Block<Lanes512<T>, TReduction, T>(reduction, ref x, ref y, length);
        if (width == 256)
            return Block<Lanes256<T>, TReduction, T>(reduction, ref x, ref y, length);
        return width == 128
            ? Block<Lanes128<T>, TReduction, T>(reduction, ref x, ref y, length)
            : Block<Lane<T>, TReduction, T>(reduction, ref x, ref y, length);
    }

    /// <summary>Adds the sum of a block to the total, and the rounding error of that addition to the errors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddBlock(double sum, ref double total, ref double lost)
    {
        double both = total + sum;
        double ofSum = both - total;
        lost += (total - (both - ofSum)) + (sum - ofSum);
        total = both;
    }

    /// <summary>The number of elements of a block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int BlockLength<T>() => LaneBytes / Unsafe.SizeOf<T>() * RowsPerBlock;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Block<TLanes, TReduction, T>(TReduction reduction, ref T x, ref T y, nint length)
        where TLanes : struct, ILanes<TLanes, T>
        where TReduction : struct, IReduction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int lanes = LaneBytes / Unsafe.SizeOf<T>();
        if (lanes == 4 * TLanes.Count)
            return BlockAlone<TLanes, TReduction, T>(reduction, ref x, ref y, length);
        if (lanes == 8 * TLanes.Count)
            return BlockOfEight<TLanes, TReduction, T>(reduction, ref x, ref y, length);
        if (length <= TLanes.Count)
            return BlockOfOne<TLanes, TReduction, T>(reduction, ref x, ref y, length);
        return BlockInRounds<TLanes, TReduction, T>(reduction, ref x, ref y, length);
    }

    /// <summary>results[i] = the sum over row i of a matrix.</summary>
    public static void OfRows<T>(ReadOnlyMatrixView<T> source, Span<T> results)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ref T row = ref source.Origin;
        if (LaneWidth.CurrentForShort == 512 && source.Columns <= BlockLength<T>())
        {
            ShortRows<Lanes512<T>, T>(ref row, source.Stride, source.Columns, results);
            return;
        }
        for (int i = 0; i < results.Length; i++)
        {
            results[i] = RoundedOf(default(Reduce.Plain<T>), ref row, ref row, source.Columns);
            row = ref Unsafe.Add(ref row, source.Stride);
        }
    }

    // Without a call for each row, since a row may have only ten numbers.
    [MethodImpl(Loop)]
    private static void ShortRows<TLanes, T>(ref T row, nint stride, nint length, Span<T> results)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < results.Length; i++)
        {
            results[i] = BlockOfFour<TLanes, Reduce.Plain<T>, T>(default, ref row, ref row, length);
            row = ref Unsafe.Add(ref row, stride);
        }
    }

    /// <summary>
    /// The variance, from the mean of the squared differences from a rounded mean. The exact mean is first + more, and the square of the
    /// rounding is subtracted.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Variance<T>(double squares, double first, double more, T rounded)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double off = first - Widened(rounded) + more;
        double variance = squares - (off * off);
        return Rounded<T>(variance < 0 ? 0 : variance);
    }

    /// <summary>The mean and the population variance of each row of a matrix; see <see cref="Reduce.MeanAndVariance{T}"/>.</summary>
    public static void MomentsOfRows<T>(ReadOnlyMatrixView<T> source, Span<T> means, Span<T> variances)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ref T row = ref source.Origin;
        if (LaneWidth.CurrentForShort != 512 || source.Columns > BlockLength<T>())
        {
            for (int i = 0; i < means.Length; i++)
            {
                (means[i], variances[i]) = Reduce.Moments(ref row, source.Columns);
                row = ref Unsafe.Add(ref row, source.Stride);
            }
            return;
        }

        // As many rows at a time as fit in the L1 cache, so that a row need not wait for the mean of the one before.
        int most = Math.Clamp(BlockLength<T>() / Math.Max(1, source.Columns), 1, MostRows);
        Span<double> more = stackalloc double[MostRows];
        for (int first = 0; first < means.Length; first += most)
        {
            int count = Math.Min(most, means.Length - first);
            ShortMoments<Lanes512<T>, T>(
                ref row, source.Stride, source.Columns, more, means.Slice(first, count), variances.Slice(first, count));
            row = ref Unsafe.Add(ref row, (nint)count * source.Stride);
        }
        WideMoments.MendRows(source, means, variances);
    }

    [MethodImpl(Loop)]
    private static void ShortMoments<TLanes, T>(
        ref T row, nint stride, nint length, Span<double> more, Span<T> means, Span<T> variances)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ref T at = ref row;
        for (int i = 0; i < means.Length; i++)
        {
            more[i] = Widened(BlockOfFour<TLanes, Reduce.Differences<T>, T>(new(at), ref at, ref at, length)) / length;
            means[i] = Rounded<T>(Widened(at) + more[i]);
            at = ref Unsafe.Add(ref at, stride);
        }
        for (int i = 0; i < means.Length; i++)
        {
            T squares = BlockOfFour<TLanes, Reduce.SquaredDeviations<T>, T>(new(means[i]), ref row, ref row, length);
            variances[i] = Variance(Widened(squares) / length, Widened(row), more[i], means[i]);
            row = ref Unsafe.Add(ref row, stride);
        }
    }

    [MethodImpl(Loop)]
    private static T BlockAlone<TLanes, TReduction, T>(TReduction reduction, ref T x, ref T y, nint length)
        where TLanes : struct, ILanes<TLanes, T>
        where TReduction : struct, IReduction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => BlockOfFour<TLanes, TReduction, T>(reduction, ref x, ref y, length);
}
