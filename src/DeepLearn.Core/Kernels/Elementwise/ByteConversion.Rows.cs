using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Simd;
using DeepLearn.Tensors;

namespace DeepLearn.Kernels.Elementwise;

// The rows of a batch are scattered in memory, and waiting for one after the other would take longer than everything else. So four rows are
// converted together, which also reads the factors once for all four, and each step prefetches a cache line of each of the next four rows.
// The vectors are the widest of the machine: unlike other kernels with few operations, this one is limited by the number of instructions.
public static partial class ByteConversion
{
    private const int RowsTogether = 4;
    private const int CacheLine = 64;

    /// <summary>
    /// destination[i, j] = source[rows[i] stride + j] scale[j] + offset[j], rounded once: gathers, converts and normalizes rows in one
    /// pass.
    /// </summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="source">The bytes, in rows that are at least as long as the destination's.</param>
    /// <param name="stride">The distance from the start of one row to the start of the next, at least the number of columns.</param>
    /// <param name="rows">The indices of the rows, in any order; repeated rows are allowed.</param>
    /// <param name="scale">The factors, one for each column.</param>
    /// <param name="offset">The summands, one for each column.</param>
    /// <param name="destination">The numbers, <c>[rows.Length, columns]</c>; it shares no memory with the others.</param>
    /// <exception cref="ArgumentException">
    /// The shapes do not fit, a row does not exist, or memory is shared. Nothing has been written then.
    /// </exception>
    public static void ConvertRows<T>(
        ReadOnlySpan<byte> source, int stride, ReadOnlySpan<int> rows, ReadOnlySpan<T> scale, ReadOnlySpan<T> offset,
        MatrixView<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (scale.Length != destination.Columns || offset.Length != destination.Columns)
        {
            throw new ArgumentException(
                $"{destination.Columns} columns have as many factors and summands; found {scale.Length} and {offset.Length}.");
        }
        Over(source, stride, rows, scale, offset, -1, destination);
    }

    /// <summary>destination[i, j] = the number for which byte j of row i stands, rounded once.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="source">The rows of bytes.</param>
    /// <param name="destination">The numbers, of the same shape; it shares no memory with the source.</param>
    /// <exception cref="ArgumentException">The shapes differ, or memory is shared. Nothing has been written then.</exception>
    public static void ConvertRows<T>(ByteRows<T> source, MatrixView<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (destination.Rows != source.Rows || destination.Columns != source.Columns)
        {
            throw new ArgumentException(
                $"[{source.Rows}, {source.Columns}] bytes become as many numbers; found {destination.ToString()}.", nameof(destination));
        }
        Convert(source.Source, 1, source.Starts, source.Scale, source.Offset, -1, destination);
    }

    /// <summary>destination[i, j] = source[rows[i] stride + j] scale + offset, rounded once.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="source">The bytes, in rows that are at least as long as the destination's.</param>
    /// <param name="stride">The distance from the start of one row to the start of the next, at least the number of columns.</param>
    /// <param name="rows">The indices of the rows, in any order; repeated rows are allowed.</param>
    /// <param name="scale">The factor, the same for all columns.</param>
    /// <param name="offset">The summand, the same for all columns.</param>
    /// <param name="destination">The numbers, <c>[rows.Length, columns]</c>; it shares no memory with the source.</param>
    /// <exception cref="ArgumentException">
    /// The shapes do not fit, a row does not exist, or memory is shared. Nothing has been written then.
    /// </exception>
    public static void ConvertRows<T>(
        ReadOnlySpan<byte> source, int stride, ReadOnlySpan<int> rows, T scale, T offset, MatrixView<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // The factor and the summand, repeated for the columns of a cache line, which are read again and again.
        Span<T> factors = stackalloc T[CacheLine], summands = stackalloc T[CacheLine];
        factors.Fill(scale);
        summands.Fill(offset);
        Over(source, stride, rows, factors, summands, CacheLine - 1, destination);
    }

    private static void Over<T>(
        ReadOnlySpan<byte> source, int stride, ReadOnlySpan<int> rows, ReadOnlySpan<T> scale, ReadOnlySpan<T> offset, nint mask,
        MatrixView<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckRows(source, stride, rows, destination);
        Convert(source, stride, rows, scale, offset, mask, destination);
    }

    private static void Convert<T>(
        ReadOnlySpan<byte> source, int stride, ReadOnlySpan<int> rows, ReadOnlySpan<T> scale, ReadOnlySpan<T> offset, nint mask,
        MatrixView<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Precision.Require<T>();
        if (destination.IsEmpty)
            return;
        MatrixGuard.CheckApart(source, destination);
        MatrixGuard.CheckApart(rows, destination);
        MatrixGuard.CheckApart(scale, destination);
        MatrixGuard.CheckApart(offset, destination);
        switch (LaneWidth.Current)
        {
            case 512 when LaneWidth.Has512: Groups<Lanes512<T>, T>(source, stride, rows, scale, offset, mask, destination); break;
            case 256: Groups<Lanes256<T>, T>(source, stride, rows, scale, offset, mask, destination); break;
            case 128: Groups<Lanes128<T>, T>(source, stride, rows, scale, offset, mask, destination); break;
            default: Groups<Lane<T>, T>(source, stride, rows, scale, offset, mask, destination); break;
        }
    }

    private static unsafe void Groups<TLanes, T>(
        ReadOnlySpan<byte> source, int stride, ReadOnlySpan<int> rows, ReadOnlySpan<T> scale, ReadOnlySpan<T> offset, nint mask,
        MatrixView<T> destination)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nint columns = destination.Columns, pitch = stride;
        fixed (byte* bytes = source)
        fixed (T* factors = scale, summands = offset, to = &destination.Origin)
        {
            int last = rows.Length - 1;
            if (rows.Length < RowsTogether)
            {
                for (int i = 0; i <= last; i++)
                    ConvertRow<TLanes, T>(bytes + (rows[i] * pitch), factors, summands, mask, to + ((nint)i * destination.Stride), columns);
                return;
            }
            for (int next = 0; next <= last; next += RowsTogether)
            {
                // A last group of fewer than four rows starts earlier; some rows are then converted twice, to the same numbers.
                int i = Math.Min(next, last - RowsTogether + 1);
                var group = new RowGroup<T>
                {
                    Source0 = bytes + (rows[i] * pitch),
                    Source1 = bytes + (rows[i + 1] * pitch),
                    Source2 = bytes + (rows[i + 2] * pitch),
                    Source3 = bytes + (rows[i + 3] * pitch),
                    Ahead0 = bytes + (rows[Math.Min(i + 4, last)] * pitch),
                    Ahead1 = bytes + (rows[Math.Min(i + 5, last)] * pitch),
                    Ahead2 = bytes + (rows[Math.Min(i + 6, last)] * pitch),
                    Ahead3 = bytes + (rows[Math.Min(i + 7, last)] * pitch),
                    Destination = to + ((nint)i * destination.Stride),
                    Stride = destination.Stride,
                };
                ConvertGroup<TLanes, T>(group, factors, summands, mask, columns);
            }
        }
    }

    [MethodImpl(Loop)]
    private static unsafe void ConvertGroup<TLanes, T>(in RowGroup<T> group, T* scale, T* offset, nint mask, nint columns)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        byte* source0 = group.Source0, source1 = group.Source1, source2 = group.Source2, source3 = group.Source3;
        T* to0 = group.Destination, to1 = to0 + group.Stride, to2 = to1 + group.Stride, to3 = to2 + group.Stride;
        nint j = 0;
        for (; j <= columns - CacheLine; j += CacheLine)
        {
            if (Sse.IsSupported)
            {
                Sse.Prefetch0(group.Ahead0 + j);
                Sse.Prefetch0(group.Ahead1 + j);
                Sse.Prefetch0(group.Ahead2 + j);
                Sse.Prefetch0(group.Ahead3 + j);
            }
            nint end = j + CacheLine;
            for (nint v = j; v < end; v += TLanes.Count)
            {
                TLanes factor = TLanes.Load(in scale[v & mask]), summand = TLanes.Load(in offset[v & mask]);
                TLanes.FusedMultiplyAdd(TLanes.LoadBytes(in source0[v]), factor, summand).Store(ref to0[v]);
                TLanes.FusedMultiplyAdd(TLanes.LoadBytes(in source1[v]), factor, summand).Store(ref to1[v]);
                TLanes.FusedMultiplyAdd(TLanes.LoadBytes(in source2[v]), factor, summand).Store(ref to2[v]);
                TLanes.FusedMultiplyAdd(TLanes.LoadBytes(in source3[v]), factor, summand).Store(ref to3[v]);
            }
        }
        if (j < columns)
        {
            ConvertRow<TLanes, T>(source0 + j, scale + (j & mask), offset + (j & mask), mask, to0 + j, columns - j);
            ConvertRow<TLanes, T>(source1 + j, scale + (j & mask), offset + (j & mask), mask, to1 + j, columns - j);
            ConvertRow<TLanes, T>(source2 + j, scale + (j & mask), offset + (j & mask), mask, to2 + j, columns - j);
            ConvertRow<TLanes, T>(source3 + j, scale + (j & mask), offset + (j & mask), mask, to3 + j, columns - j);
        }
    }

    private static unsafe void ConvertRow<TLanes, T>(byte* source, T* scale, T* offset, nint mask, T* destination, nint columns)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (mask < 0)
            ConvertLoop<TLanes, T>(ref *source, ref *scale, ref *offset, ref *destination, columns);
        else
            ConvertLoop<TLanes, T>(ref *source, *scale, *offset, ref *destination, columns);
    }

    private static void CheckRows<T>(ReadOnlySpan<byte> source, int stride, ReadOnlySpan<int> rows, MatrixView<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (destination.Rows != rows.Length)
            throw new ArgumentException($"{rows.Length} rows fill as many; found {destination.ToString()}.", nameof(destination));
        if (destination.IsEmpty)
            return;
        if (stride < destination.Columns)
        {
            throw new ArgumentException(
                $"The stride of {destination.Columns} columns is at least as much; found {stride}.", nameof(stride));
        }
        int there = source.Length < destination.Columns ? 0 : ((source.Length - destination.Columns) / stride) + 1;
        foreach (int row in rows)
        {
            if ((uint)row >= (uint)there)
                throw new ArgumentException($"A row is from 0 to {there - 1}; found {row}.", nameof(rows));
        }
    }

    /// <summary>Four rows, their destination, and the four rows that follow.</summary>
    private unsafe struct RowGroup<T>
        where T : unmanaged
    {
        public byte* Source0, Source1, Source2, Source3;
        public byte* Ahead0, Ahead1, Ahead2, Ahead3;
        public T* Destination;
        public nint Stride;
    }
}
