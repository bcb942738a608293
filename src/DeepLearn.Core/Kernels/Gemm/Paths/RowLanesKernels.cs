using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using DeepLearn.Kernels.Gemm.MicroKernel;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Gemm.Paths;

/// <summary>
/// The kernels of <see cref="MatrixVectors"/>, each loaded when it is first used. A call then takes one look into a table.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal static unsafe class RowLanesKernels<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The most groups of a kernel.</summary>
    private const int MaxGroups = 4;

    /// <summary>The widths of vectors: 16, 32 and 64 bytes.</summary>
    private const int Widths = 3;

    private static readonly delegate*<RowLanesRun<T>*, void>[] Loaded =
        new delegate*<RowLanesRun<T>*, void>[Widths * MaxGroups * MatrixVectors.MaxVectors];

    /// <summary>The kernel for a number of lanes, groups and vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static delegate*<RowLanesRun<T>*, void> Find(int lanes, int groups, int vectors)
    {
        delegate*<RowLanesRun<T>*, void> kernel = Loaded[Index(lanes, groups, vectors)];
        return kernel != null ? kernel : Load(lanes, groups, vectors);
    }

    private static int Index(int lanes, int groups, int vectors) =>
        (((((lanes * sizeof(T)) >> 5) * MaxGroups) + groups - 1) * MatrixVectors.MaxVectors) + vectors - 1;

    /// <summary>Loads a kernel. Several threads may do so at the same time; they write the same address.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static delegate*<RowLanesRun<T>*, void> Load(int lanes, int groups, int vectors)
    {
        bool isFloat = typeof(T) == typeof(float);
        void* kernel = (lanes * sizeof(T)) switch
        {
            64 when LaneWidth.Has512 => isFloat ? ByVectors<float, Lanes512<float>, FloatRows512>(groups, vectors)
                : ByVectors<double, Lanes512<double>, DoubleRows512>(groups, vectors),
            32 => isFloat ? ByVectors<float, Lanes256<float>, FloatRows256>(groups, vectors)
                : ByVectors<double, Lanes256<double>, DoubleRows256>(groups, vectors),
            _ => isFloat ? ByVectors<float, Lanes128<float>, FloatRows128>(groups, vectors)
                : ByVectors<double, Lanes128<double>, DoubleRows128>(groups, vectors),
        };
        var loaded = (delegate*<RowLanesRun<T>*, void>)kernel;
        Loaded[Index(lanes, groups, vectors)] = loaded;
        return loaded;
    }

    private static void* ByVectors<TNumber, TLanes, TRows>(int groups, int vectors)
        where TNumber : unmanaged, IBinaryFloatingPointIeee754<TNumber>
        where TLanes : unmanaged, ITileLanes<TLanes, TNumber>
        where TRows : struct, IRowGroup<TNumber, TLanes> => vectors switch
        {
            1 => ByGroups<TNumber, TLanes, TRows, Count1>(groups),
            2 => ByGroups<TNumber, TLanes, TRows, Count2>(groups),
            3 => ByPairs<TNumber, TLanes, TRows, Count3>(groups),
            4 => ByPairs<TNumber, TLanes, TRows, Count4>(groups),
            5 => ByRegisters<TNumber, TLanes, TRows, Count5>(groups),
            6 => ByRegisters<TNumber, TLanes, TRows, Count6>(groups),
            7 => ByRegisters<TNumber, TLanes, TRows, Count7>(groups),
            _ => ByRegisters<TNumber, TLanes, TRows, Count8>(groups),
        };

    private static void* ByGroups<TNumber, TLanes, TRows, TVectors>(int groups)
        where TNumber : unmanaged, IBinaryFloatingPointIeee754<TNumber>
        where TLanes : unmanaged, ITileLanes<TLanes, TNumber>
        where TRows : struct, IRowGroup<TNumber, TLanes>
        where TVectors : unmanaged => groups switch
        {
            3 => Kernel<TNumber, TLanes, TRows, Count3, TVectors>(),
            4 => Kernel<TNumber, TLanes, TRows, Count4, TVectors>(),
            _ => ByPairs<TNumber, TLanes, TRows, TVectors>(groups),
        };

    private static void* ByPairs<TNumber, TLanes, TRows, TVectors>(int groups)
        where TNumber : unmanaged, IBinaryFloatingPointIeee754<TNumber>
        where TLanes : unmanaged, ITileLanes<TLanes, TNumber>
        where TRows : struct, IRowGroup<TNumber, TLanes>
        where TVectors : unmanaged => groups == 1
            ? Kernel<TNumber, TLanes, TRows, Count1, TVectors>()
            : Kernel<TNumber, TLanes, TRows, Count2, TVectors>();

    // Pairs of more than four vectors are asked for where there are 32 registers (MatrixVectors); elsewhere no program has them.
    private static void* ByRegisters<TNumber, TLanes, TRows, TVectors>(int groups)
        where TNumber : unmanaged, IBinaryFloatingPointIeee754<TNumber>
        where TLanes : unmanaged, ITileLanes<TLanes, TNumber>
        where TRows : struct, IRowGroup<TNumber, TLanes>
        where TVectors : unmanaged => Avx512F.VL.IsSupported
            ? ByPairs<TNumber, TLanes, TRows, TVectors>(groups)
            : Kernel<TNumber, TLanes, TRows, Count1, TVectors>();

    private static void* Kernel<TNumber, TLanes, TRows, TGroups, TVectors>()
        where TNumber : unmanaged, IBinaryFloatingPointIeee754<TNumber>
        where TLanes : unmanaged, ITileLanes<TLanes, TNumber>
        where TRows : struct, IRowGroup<TNumber, TLanes>
        where TGroups : unmanaged
        where TVectors : unmanaged =>
        (delegate*<RowLanesRun<TNumber>*, void>)&RowLanes<TNumber, TLanes, TRows, TGroups, TVectors>.Run;
}
