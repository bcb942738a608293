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
internal static unsafe class MatrixVectors
{
    /// <summary>The most vectors.</summary>
    public const int MaxVectors = 8;

    /// <summary>The least k. With less, the work before and after the chains weighs too much.</summary>
    private const int MinDepth = 8;

    /// <summary>
    /// The fewest elements of the matrix for which few columns pay; with fewer rows than <see cref="ManyRows"/>, four times as many.
    /// </summary>
    private const int MinElements = 512, ManyRows = 16;

    /// <summary>The most chains of a run, counted in vectors.</summary>
    private const int MaxChains = 8;

    /// <summary>For each number of columns, the least k for which this path pays with vectors of 512 bits; 0 if it never does.</summary>
    private static ReadOnlySpan<byte> FloatDepths512 => [0, 8, 24, 32, 24, 64, 64, 96, 0];

    private static ReadOnlySpan<byte> DoubleDepths512 => [0, 32, 64, 0, 0, 64, 64, 0, 0];

    private static ReadOnlySpan<byte> FloatDepths => [0, 8, 24, 32, 24, 0, 0, 0, 0];

    private static ReadOnlySpan<byte> DoubleDepths => [0, 16, 24, 0, 0, 0, 0, 0, 0];

    /// <summary>Whether this path is faster for a product, and the hardware supports it.</summary>
    public static bool Suits<T>(in Product<T> product, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        (product.Columns <= MaxVectors || product.Rows <= MaxVectors) && product.Depth >= MinDepth
        && (IsRows(product, set) || IsColumns(product, set));

    /// <summary>
    /// Whether few columns are computed faster here than by the micro-kernels, which leave lanes idle but need not transpose rows of A.
    /// With more columns the transposition weighs less, but so do the idle lanes.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool PaysForColumns<T>(int rows, int depth, int columns, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        columns <= MaxVectors && (long)rows * depth >= (rows >= ManyRows ? MinElements : 4 * MinElements)
        && LanesFor(rows, set) > 0 && DepthFor(columns, set) is var least && least > 0 && depth >= least;

    /// <summary>The least k for which a number of columns pays; 0 if it never does.</summary>
    private static int DepthFor<T>(int columns, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        bool isFloat = typeof(T) == typeof(float);
        return set.Width * sizeof(T) == 64 ? (isFloat ? FloatDepths512 : DoubleDepths512)[columns]
            : (isFloat ? FloatDepths : DoubleDepths)[columns];
    }

    /// <summary>Computes a product on the calling thread.</summary>
    [SkipLocalsInit]
    public static void Multiply<T>(in Product<T> product, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        bool rows = IsRows(product, set) && (product.Columns >= product.Rows || !IsColumns(product, set));
        int count = rows ? product.Columns : product.Rows, vectors = rows ? product.Rows : product.Columns;
        T* matrix = rows ? product.B : product.A;
        T* from = rows ? product.A : product.B;
        nint depthStep = rows ? product.DepthA : product.DepthB, vectorStep = rows ? product.RowA : product.ColumnB;
        nint laneStep = rows ? 1 : product.RowC, chainStep = rows ? product.RowC : 1;
        Unsafe.SkipInit(out RowLanesRun<T> run);
        run.Stride = rows ? product.ColumnB : product.RowA;
        run.Vectors = from;
        run.DepthStep = depthStep;
        run.VectorStep = vectorStep;
        run.Depth = product.Depth;
        run.FromZero = product.Start == ChainStart.Zero;
        run.Relu = product.Relu;
        if (product.Alpha != T.One)
        {
            // Alpha multiplies the elements of B; with few columns, these are the vectors.
            run.Vectors = (T*)PanelMemory.Rent((nuint)product.Depth * (nuint)vectors * (nuint)sizeof(T));
            run.DepthStep = vectors;
            run.VectorStep = 1;
            for (nint k = 0; k < product.Depth; k++)
            {
                for (nint vector = 0; vector < vectors; vector++)
                    run.Vectors[(k * vectors) + vector] = product.Alpha * from[(k * depthStep) + (vector * vectorStep)];
            }
        }
        int lanes = LanesFor(count, set);

        // For one vector of double, transposing in 512 bits is no faster than in 256, and narrower groups give more independent chains.
        if (typeof(T) == typeof(double) && vectors == 1)
            lanes = Math.Min(lanes, Vector256<T>.Count);
        byte* memory = stackalloc byte[(MaxChains * Unsafe.SizeOf<Vector512<T>>()) + Matrix<T>.Alignment];
        run.Chains = (T*)(((nuint)memory + Matrix<T>.Alignment - 1) / Matrix<T>.Alignment * Matrix<T>.Alignment);
        var blocks = new Division((count + lanes - 1) / lanes, vectors <= 2 ? 4 : vectors <= 4 ? 2 : 1);
        for (int block = 0; block < blocks.Count; block++)
        {
            int firstGroup = blocks.First(block), groups = blocks.Size(block), last = count - lanes;
            run.Group0 = matrix + (Math.Min(firstGroup * lanes, last) * run.Stride);
            run.Group1 = matrix + (Math.Min((firstGroup + 1) * lanes, last) * run.Stride);
            run.Group2 = matrix + (Math.Min((firstGroup + 2) * lanes, last) * run.Stride);
            run.Group3 = matrix + (Math.Min((firstGroup + 3) * lanes, last) * run.Stride);
            if (!run.FromZero)
            {
                for (int group = 0; group < groups; group++)
                {
                    int lane = Math.Min((firstGroup + group) * lanes, last);
                    Start(product, rows, lane, lanes, vectors, laneStep, chainStep, run.Chains + (group * vectors * lanes));
                }
            }
            switch (lanes * sizeof(T))
            {
                case 64 when typeof(T) == typeof(float):
                    ByVectors<float, Lanes512<float>, FloatRows512>((RowLanesRun<float>*)&run, groups, vectors);
                    break;
                case 64:
                    ByVectors<double, Lanes512<double>, DoubleRows512>((RowLanesRun<double>*)&run, groups, vectors);
                    break;
                case 32 when typeof(T) == typeof(float):
                    ByVectors<float, Lanes256<float>, FloatRows256>((RowLanesRun<float>*)&run, groups, vectors);
                    break;
                case 32:
                    ByVectors<double, Lanes256<double>, DoubleRows256>((RowLanesRun<double>*)&run, groups, vectors);
                    break;
                case 16 when typeof(T) == typeof(float):
                    ByVectors<float, Lanes128<float>, FloatRows128>((RowLanesRun<float>*)&run, groups, vectors);
                    break;
                default:
                    ByVectors<double, Lanes128<double>, DoubleRows128>((RowLanesRun<double>*)&run, groups, vectors);
                    break;
            }
            for (int group = 0; group < groups; group++)
            {
                // The last group steps back to be full; what it computes a second time is not written again.
                int lane = (firstGroup + group) * lanes, again = Math.Max(0, lane - last);
                T* to = product.C + (lane * laneStep);
                Finish(run.Chains + (group * vectors * lanes) + again, lanes, lanes - again, vectors, to, laneStep, chainStep);
            }
        }
    }

    /// <summary>Whether there are few rows and the columns of B run along k; op(B) is then the matrix.</summary>
    private static bool IsRows<T>(in Product<T> product, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        product.Rows <= MaxVectors && product.DepthB == 1 && product.Alpha == T.One && LanesFor(product.Columns, set) > 0;

    /// <summary>
    /// Whether there are few columns and the rows of A run along k; A is then the matrix. If the columns of B run along k too, the
    /// micro-kernels would have to pack B, so this path pays earlier.
    /// </summary>
    private static bool IsColumns<T>(in Product<T> product, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        product.DepthA == 1 && (product.DepthB == 1 && product.Columns > 1
            ? product.Columns <= MaxVectors && LanesFor(product.Rows, set) > 0 && DepthFor(product.Columns, set) > 0
            : PaysForColumns(product.Rows, product.Depth, product.Columns, set));

    /// <summary>
    /// The number of lanes for a number of rows of the matrix, which fill at least one group; 0 if no vector is that small.
    /// </summary>
    private static int LanesFor<T>(int count, KernelSet<T> set)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Avx512F.IsSupported && set.Width >= Vector512<T>.Count && count >= Vector512<T>.Count)
            return Vector512<T>.Count;
        if (Fma.IsSupported && set.Width >= Vector256<T>.Count && count >= Vector256<T>.Count)
            return Vector256<T>.Count;
        return Interleave.IsSupported && set.Width >= Vector128<T>.Count && count >= Vector128<T>.Count ? Vector128<T>.Count : 0;
    }

    private static void Start<T>(
        in Product<T> product, bool rows, int first, int lanes, int vectors, nint laneStep, nint chainStep, T* chains)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int vector = 0; vector < vectors; vector++, chains += lanes)
        {
            if (product.Start == ChainStart.Bias && !rows)
            {
                new Span<T>(chains, lanes).Fill(product.Bias[vector]);
                continue;
            }
            T* from = product.Start == ChainStart.Bias ? product.Bias + first : product.C + (first * laneStep) + (vector * chainStep);
            Copy(from, product.Start == ChainStart.Bias ? 1 : laneStep, chains, 1, lanes);
            if (product.Start == ChainStart.ScaledResult)
            {
                for (int i = 0; i < lanes; i++)
                    chains[i] = product.Beta * chains[i];
            }
        }
    }

    private static void Finish<T>(T* chains, int lanes, int count, int vectors, T* to, nint laneStep, nint chainStep)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (chainStep == 1 && vectors > 1)
        {
            PanelPacking.TransposeExactly(chains, lanes, count, vectors, to, laneStep);
            return;
        }
        for (int vector = 0; vector < vectors; vector++)
            Copy(chains + (vector * lanes), 1, to + (vector * chainStep), laneStep, count);
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

    private static void ByVectors<T, TLanes, TRows>(RowLanesRun<T>* run, int groups, int vectors)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : unmanaged, ITileLanes<TLanes, T>
        where TRows : struct, IRowGroup<T, TLanes>
    {
        switch (vectors)
        {
            case 1: ByGroups<T, TLanes, TRows, Count1>(run, groups); break;
            case 2: ByGroups<T, TLanes, TRows, Count2>(run, groups); break;
            case 3: ByPairs<T, TLanes, TRows, Count3>(run, groups); break;
            case 4: ByPairs<T, TLanes, TRows, Count4>(run, groups); break;
            case 5: RowLanes<T, TLanes, TRows, Count1, Count5>.Run(run); break;
            case 6: RowLanes<T, TLanes, TRows, Count1, Count6>.Run(run); break;
            case 7: RowLanes<T, TLanes, TRows, Count1, Count7>.Run(run); break;
            default: RowLanes<T, TLanes, TRows, Count1, Count8>.Run(run); break;
        }
    }

    private static void ByPairs<T, TLanes, TRows, TVectors>(RowLanesRun<T>* run, int groups)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : unmanaged, ITileLanes<TLanes, T>
        where TRows : struct, IRowGroup<T, TLanes>
        where TVectors : unmanaged
    {
        if (groups == 1)
            RowLanes<T, TLanes, TRows, Count1, TVectors>.Run(run);
        else
            RowLanes<T, TLanes, TRows, Count2, TVectors>.Run(run);
    }

    private static void ByGroups<T, TLanes, TRows, TVectors>(RowLanesRun<T>* run, int groups)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : unmanaged, ITileLanes<TLanes, T>
        where TRows : struct, IRowGroup<T, TLanes>
        where TVectors : unmanaged
    {
        if (groups <= 2)
            ByPairs<T, TLanes, TRows, TVectors>(run, groups);
        else if (groups == 3)
            RowLanes<T, TLanes, TRows, Count3, TVectors>.Run(run);
        else
            RowLanes<T, TLanes, TRows, Count4, TVectors>.Run(run);
    }
}
