using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using DeepLearn.Kernels.Gemm.Contract;
using DeepLearn.Kernels.Gemm.MicroKernel;
using DeepLearn.Kernels.Gemm.Packing;
using DeepLearn.Kernels.Simd;
using DeepLearn.Tensors;

namespace DeepLearn.Kernels.Gemm.Paths;

/// <summary>
/// The product of a matrix whose rows run along k and a few vectors: few columns of the result, or few rows with B stored transposed. Each
/// element of the matrix is used only a few times, so packing it would not pay.
/// </summary>
/// <remarks>
/// A chain must not be divided among lanes, so each lane is a row of the matrix. A few steps of k of as many rows as there are lanes are
/// read and transposed in registers. Then each k is one fused multiply-add for all those rows, and for each vector.
/// </remarks>
internal static unsafe partial class MatrixVectors
{
    /// <summary>The most vectors.</summary>
    public const int MaxVectors = 8;

    /// <summary>The distance of rows that share one set of the L1 cache, and the k above which that matters.</summary>
    private const int PageBytes = 4096, RowsOfSet = 64;

    /// <summary>The fewest rows of double for which one vector takes groups of 512 bits.</summary>
    private const int ManyRows512 = 16;

    /// <summary>The size from which on the matrix comes from memory.</summary>
    private const int FarBytes = 12 << 20;

    /// <summary>
    /// The size from which on the matrix does not stay in the core's own caches; and the least k for which two groups at a time pay, since
    /// each call of so many has a start and an end.
    /// </summary>
    private const int NearBytes = 1 << 20, MinDepthOfTwo = 24;

    /// <summary>The most groups side by side, and the most of all for which one left over would be felt.</summary>
    private const int MaxGroups = 4, FewGroups = 9;

    /// <summary>The most chains of a run, counted in vectors.</summary>
    private const int MaxChains = 16;

    /// <summary>Computes a product on the calling thread.</summary>
    [SkipLocalsInit]
    public static void Multiply<T>(in Product<T> product, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        bool rows = IsRows(product, set) && (product.Columns >= product.Rows || !IsColumns(product, set));
        int count = rows ? product.Columns : product.Rows, vectors = rows ? product.Rows : product.Columns;
        T* matrix = rows ? product.B : product.A;
        Unsafe.SkipInit(out RowLanesRun<T> run);
        run.Stride = rows ? product.ColumnB : product.RowA;
        run.Vectors = rows ? product.A : product.B;
        run.DepthStep = rows ? product.DepthA : product.DepthB;
        run.VectorStep = rows ? product.RowA : product.ColumnB;
        run.Depth = product.Depth;
        run.Relu = product.Relu;
        run.Scales = product.Start == ChainStart.ScaledResult;
        run.Beta = product.Beta;

        // Alpha multiplies the elements of B; with few columns, these are the vectors.
        if (product.Alpha != T.One)
            ScaleVectors(ref run, product.Alpha, vectors);
        int lanes = LanesFor(count, set);
        bool isFar = (long)count * product.Depth * sizeof(T) > FarBytes;
        run.GroupByGroup = isFar || (run.Stride * sizeof(T) % (PageBytes / 2) == 0 && product.Depth > RowsOfSet);

        // For one vector of double and few rows, narrower groups give more independent chains.
        // Rows a multiple of a page apart share one set of the L1 cache, which has room for the eight rows of a narrower group.
        // A matrix that comes from memory is read faster by fewer rows at a time, and by shorter loads.
        bool narrow = typeof(T) == typeof(double)
            ? vectors == 1 && (isFar || count < ManyRows512)
            : (run.Stride * sizeof(T) % PageBytes == 0 && product.Depth > RowsOfSet) || (isFar && vectors <= 4);
        if (narrow)
            lanes = Math.Min(lanes, Vector256<T>.Count);
        int chainBytes = MaxChains * Unsafe.SizeOf<Vector512<T>>(), slack = PanelPacking.Slack * sizeof(T);
        byte* memory = stackalloc byte[chainBytes + slack + Matrix<T>.Alignment];
        T* chains = (T*)(((nuint)memory + Matrix<T>.Alignment - 1) / Matrix<T>.Alignment * Matrix<T>.Alignment);

        // Results of a group that are contiguous are read and written in place. The last group, if the rows do not fill it, steps back to
        // be full. What it computes a second time has the same bits, unless its chains start from the old result. Then it goes through the
        // buffer, and what it computes a second time is not written again.
        bool direct = rows || (vectors == 1 && product.RowC == 1);
        bool again = product.Start is ChainStart.Result or ChainStart.ScaledResult;
        bool whole = count == (count & -lanes);
        int allGroups = (count + lanes - 1) / lanes;
        var blocks = new Division(allGroups, GroupsFor(product, vectors, allGroups, lanes, run.GroupByGroup));
        for (int block = 0; block < blocks.Count;)
        {
            int first = blocks.First(block) * lanes, groups = blocks.Size(block);
            int same = !direct ? 1 : block < blocks.LongCount ? blocks.LongCount - block : blocks.Count - block;
            bool last = block + same == blocks.Count && !whole;
            if (last && again && same > 1)
            {
                same--;
                last = false;
            }
            block += same;

            // Only the last group of the last block steps back.
            int back = last ? first + (same * groups * lanes) - count : 0;
            run.Matrix = matrix + (first * run.Stride);
            run.Blocks = same;
            run.BackMatrix = back * run.Stride;
            run.BackFrom = run.BackTo = 0;
            if (direct && !(last && again))
            {
                run.To = product.C + first;
                run.VectorTo = product.RowC;
                run.GroupTo = lanes;
                run.BlockTo = groups * lanes;
                run.BackTo = back;
                StartWhereTheyAre(product, rows, first, lanes, ref run, chains);
            }
            else
            {
                run.From = run.To = chains;
                run.VectorFrom = run.VectorTo = lanes;
                run.GroupFrom = run.GroupTo = vectors * lanes;
                if (product.Start == ChainStart.Zero)
                    run.From = null;
                for (int group = 0; group < groups && run.From != null; group++)
                {
                    int lane = Math.Min(first + (group * lanes), count - lanes);
                    Start(product, rows, lane, lanes, vectors, chains + (group * vectors * lanes));
                }
            }
            RowLanesKernels<T>.Find(lanes, groups, vectors)(&run);
            for (int group = 0; group < groups && run.To == chains; group++)
            {
                int lane = first + (group * lanes), twice = Math.Max(0, lane - (count - lanes));
                Finish(product, rows, lane, twice, lanes, vectors, chains + (group * vectors * lanes));
            }
        }
    }

    /// <summary>The most groups side by side: as many as leave registers for their chains, and no more than latency asks for.</summary>
    private static int GroupsFor<T>(in Product<T> product, int vectors, int groups, int lanes, bool groupByGroup)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (vectors > 4)
            return Avx512F.VL.IsSupported && !groupByGroup ? 2 : 1;
        if (vectors > 2)
            return 2;

        // Two groups of sixteen rows, or of eight from a far cache, advance as fast as the core transposes, and each row that is read
        // beside them makes it slower. A single group would wait for its chains, so three share what two would leave over.
        bool isLarge = (long)lanes * groups * product.Depth * sizeof(T) > NearBytes;
        if (lanes * sizeof(T) < sizeof(Vector512<T>) || product.Depth < MinDepthOfTwo || (typeof(T) == typeof(double) && !isLarge))
            return MaxGroups;
        return groups <= FewGroups && (groups & 1) != 0 ? 3 : 2;
    }

    private static void ScaleVectors<T>(ref RowLanesRun<T> run, T factor, int vectors)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T* from = run.Vectors, to = (T*)PanelMemory.Rent((nuint)run.Depth * (nuint)vectors * (nuint)sizeof(T));
        for (nint k = 0; k < run.Depth; k++)
        {
            for (nint vector = 0; vector < vectors; vector++)
                to[(k * vectors) + vector] = factor * from[(k * run.DepthStep) + (vector * run.VectorStep)];
        }
        run.Vectors = to;
        run.DepthStep = vectors;
        run.VectorStep = 1;
    }

    /// <summary>Where the chains start from, for results that stand side by side.</summary>
    private static void StartWhereTheyAre<T>(in Product<T> product, bool rows, int first, int lanes, ref RowLanesRun<T> run, T* chains)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        run.VectorFrom = 0;
        run.GroupFrom = lanes;
        run.BlockFrom = run.BlockTo;
        switch (product.Start)
        {
            case ChainStart.Zero:
                run.From = null;
                break;
            case ChainStart.Bias when rows:
                run.From = product.Bias + first;
                run.BackFrom = run.BackTo;
                break;
            case ChainStart.Bias:
                new Span<T>(chains, lanes).Fill(product.Bias[0]);
                run.From = chains;
                run.GroupFrom = run.BlockFrom = 0;
                break;
            default:
                run.From = run.To;
                run.VectorFrom = run.VectorTo;
                break;
        }
    }

    /// <summary>Fills a group of the buffer with what its chains start from.</summary>
    private static void Start<T>(in Product<T> product, bool rows, int first, int lanes, int vectors, T* chains)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!rows && vectors > 1 && product.Start != ChainStart.Bias)
        {
            PanelPacking.Transpose(product.C + (first * product.RowC), product.RowC, vectors, lanes, T.One, chains, lanes);
            return;
        }
        nint laneStep = rows ? 1 : product.RowC, chainStep = rows ? product.RowC : 1;
        for (int vector = 0; vector < vectors; vector++, chains += lanes)
        {
            if (product.Start != ChainStart.Bias)
                Copy(product.C + (first * laneStep) + (vector * chainStep), laneStep, chains, 1, lanes);
            else if (rows)
                Copy(product.Bias + first, 1, chains, 1, lanes);
            else
                new Span<T>(chains, lanes).Fill(product.Bias[vector]);
        }
    }

    /// <summary>Writes a group of the buffer to the result.</summary>
    private static void Finish<T>(in Product<T> product, bool rows, int first, int again, int lanes, int vectors, T* chains)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int count = lanes - again;
        if (!rows && vectors > 1)
        {
            PanelPacking.TransposeExactly(chains + again, lanes, count, vectors, product.C + (first * product.RowC), product.RowC);
            return;
        }
        nint laneStep = rows ? 1 : product.RowC, chainStep = rows ? product.RowC : 1;
        T* to = product.C + (first * laneStep);
        for (int vector = 0; vector < vectors; vector++)
            Copy(chains + (vector * lanes) + again, 1, to + (vector * chainStep), laneStep, count);
    }

    private static void Copy<T>(T* from, nint fromStep, T* to, nint toStep, int count)
        where T : unmanaged
    {
        if (fromStep == 1 && toStep == 1)
        {
            new ReadOnlySpan<T>(from, count).CopyTo(new Span<T>(to, count));
            return;
        }
        for (int i = 0; i < count; i++)
            to[i * toStep] = from[i * fromStep];
    }
}
