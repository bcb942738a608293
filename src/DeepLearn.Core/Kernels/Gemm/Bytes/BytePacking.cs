using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using DeepLearn.Kernels.Elementwise;
using DeepLearn.Kernels.Gemm.Packing;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Gemm.Bytes;

/// <summary>Copies rows of bytes into panels. Each byte is converted to <c>fma(byte, scale, offset)</c> on the way, rounded once.</summary>
internal static unsafe class BytePacking
{
    private const MethodImplOptions Loop = MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining;
    private const int CacheLine = 64;

    /// <summary>Packs the rows of a panel; k runs along the rows.</summary>
    /// <param name="group">The addresses of the rows at the first k.</param>
    /// <param name="scale">The factors, one for each k.</param>
    /// <param name="offset">The summands, one for each k.</param>
    /// <param name="depth">The number of k.</param>
    /// <param name="to">The panel; up to <see cref="PanelPacking.Slack"/> elements after it may be overwritten.</param>
    public static void Pack<T>(in Group group, T* scale, T* offset, int depth, T* to)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int k = 0;
        if (typeof(T) == typeof(float) && Avx512F.IsSupported && LaneWidth.Current == 512)
            k = PackFloats(group, (float*)scale, (float*)offset, depth, (float*)to);

        // Everything else (all but whole cache lines of float with the widest vectors) is converted in parts that stay in the L1 cache.
        T* part = stackalloc T[Group.Size * CacheLine];
        int height = group.Height;
        for (; k < depth; k += CacheLine)
        {
            int count = Math.Min(CacheLine, depth - k);
            for (int i = 0; i < height; i++)
                Convert((byte*)group.Rows[i] + k, scale + k, offset + k, count, part + (i * CacheLine));
            PanelPacking.Transpose(part, CacheLine, count, height, T.One, to + ((nint)k * height), height);
        }
    }

    /// <summary>Packs some bytes of each row; each row is a k.</summary>
    /// <param name="source">The memory that holds the rows, at the first of the bytes.</param>
    /// <param name="starts">Where each row begins, one for each k.</param>
    /// <param name="depth">The number of k.</param>
    /// <param name="scale">The factors, one for each of the bytes.</param>
    /// <param name="offset">The summands, one for each of the bytes.</param>
    /// <param name="columns">The number of bytes of each row.</param>
    /// <param name="to">Receives the numbers, without gaps.</param>
    public static void Columns<T>(byte* source, int* starts, int depth, T* scale, T* offset, int columns, T* to)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // No vector is wider than the columns, so that the last one can step back.
        int width = LaneWidth.Current;
        while (width > 128 && columns < width / 8 / sizeof(T))
            width /= 2;
        if (columns < width / 8 / sizeof(T))
            width = 1;
        switch (width)
        {
            case 512 when LaneWidth.Has512: ColumnLoop<Lanes512<T>, T>(source, starts, depth, scale, offset, columns, to); break;
            case 256: ColumnLoop<Lanes256<T>, T>(source, starts, depth, scale, offset, columns, to); break;
            case 128: ColumnLoop<Lanes128<T>, T>(source, starts, depth, scale, offset, columns, to); break;
            default: ColumnLoop<Lane<T>, T>(source, starts, depth, scale, offset, columns, to); break;
        }
    }

    // For each cache line of a row the line before it is prefetched. It belongs to the block that is packed next, since a transposed A is
    // processed in the order RowOrder.FromEnd.
    [MethodImpl(Loop)]
    private static void ColumnLoop<TLanes, T>(
        byte* source, int* starts, int depth, T* scale, T* offset, int columns, T* to)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int j = 0;
        for (; j <= columns - (4 * TLanes.Count); j += 4 * TLanes.Count)
        {
            TLanes factor0 = TLanes.Load(in scale[j]), summand0 = TLanes.Load(in offset[j]);
            TLanes factor1 = TLanes.Load(in scale[j + TLanes.Count]), summand1 = TLanes.Load(in offset[j + TLanes.Count]);
            TLanes factor2 = TLanes.Load(in scale[j + (2 * TLanes.Count)]), summand2 = TLanes.Load(in offset[j + (2 * TLanes.Count)]);
            TLanes factor3 = TLanes.Load(in scale[j + (3 * TLanes.Count)]), summand3 = TLanes.Load(in offset[j + (3 * TLanes.Count)]);
            T* t = to + j;
            for (int k = 0; k < depth; k++)
            {
                byte* row = source + starts[k] + j;
                if (Sse.IsSupported)
                    Sse.Prefetch0(row - columns);
                TLanes.FusedMultiplyAdd(TLanes.LoadBytes(in *row), factor0, summand0).Store(ref *t);
                TLanes.FusedMultiplyAdd(TLanes.LoadBytes(in row[TLanes.Count]), factor1, summand1).Store(ref t[TLanes.Count]);
                TLanes.FusedMultiplyAdd(TLanes.LoadBytes(in row[2 * TLanes.Count]), factor2, summand2).Store(ref t[2 * TLanes.Count]);
                TLanes.FusedMultiplyAdd(TLanes.LoadBytes(in row[3 * TLanes.Count]), factor3, summand3).Store(ref t[3 * TLanes.Count]);
                t += columns;
            }
        }
        for (int next = j; next < columns; next += TLanes.Count)
        {
            // The last vector steps back to be full; it writes some numbers a second time.
            j = Math.Min(next, columns - TLanes.Count);
            TLanes factor = TLanes.Load(in scale[j]), summand = TLanes.Load(in offset[j]);
            T* t = to + j;
            for (int k = 0; k < depth; k++)
            {
                TLanes.FusedMultiplyAdd(TLanes.LoadBytes(in source[starts[k] + j]), factor, summand).Store(ref *t);
                t += columns;
            }
        }
    }

    private static void Convert<T>(byte* source, T* scale, T* offset, int count, T* to)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        ByteConversion.Convert(
            new ReadOnlySpan<byte>(source, count), new ReadOnlySpan<T>(scale, count), new ReadOnlySpan<T>(offset, count),
            new Span<T>(to, count));

    /// <summary>
    /// Packs whole cache lines of each row, transposed as <see cref="PanelPacking"/> transposes floats, and returns the number of k packed.
    /// </summary>
    [MethodImpl(Loop)]
    private static int PackFloats(in Group group, float* scale, float* offset, int depth, float* to)
    {
        nint height = group.Height;
        byte* r0 = (byte*)group.Rows[0], r1 = (byte*)group.Rows[1], r2 = (byte*)group.Rows[2], r3 = (byte*)group.Rows[3];
        byte* r4 = (byte*)group.Rows[4], r5 = (byte*)group.Rows[5], r6 = (byte*)group.Rows[6], r7 = (byte*)group.Rows[7];
        int k = 0;
        for (; k <= depth - CacheLine; k += CacheLine)
        {
            for (int i = 0; i < Group.Size; i++)
                Sse.Prefetch0((byte*)group.Ahead[i] + k);
            for (int v = k; v < k + CacheLine; v += Vector512<float>.Count)
            {
                Vector512<float> factor = Vector512.Load(scale + v), summand = Vector512.Load(offset + v);
                Vector512<float> x0 = Numbers(r0 + v, factor, summand), x1 = Numbers(r1 + v, factor, summand);
                Vector512<float> x2 = Numbers(r2 + v, factor, summand), x3 = Numbers(r3 + v, factor, summand);
                Vector512<float> x4 = Numbers(r4 + v, factor, summand), x5 = Numbers(r5 + v, factor, summand);
                Vector512<float> x6 = Numbers(r6 + v, factor, summand), x7 = Numbers(r7 + v, factor, summand);
                PanelPacking.StoreTransposed(x0, x1, x2, x3, x4, x5, x6, x7, to + (v * height), height);
            }
        }
        return k;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Numbers(byte* source, Vector512<float> factor, Vector512<float> summand) =>
        Avx512F.FusedMultiplyAdd(
            Avx512F.ConvertToVector512Single(Avx512F.ConvertToVector512Int32(Vector128.Load(source))), factor, summand);

    /// <summary>The addresses of the rows of a panel, and of the rows that will be packed next.</summary>
    internal struct Group
    {
        public const int Size = 8;
        public int Height;
        public EightRows Rows, Ahead;

        [InlineArray(Size)]
        public struct EightRows
        {
            private nint _first;
        }
    }
}
