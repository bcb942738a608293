using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Gemm.MicroKernel;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Gemm.Paths;

/// <summary>
/// The kernels of <see cref="ShallowProduct"/>, each loaded when it is first used. A call then takes one look into a table.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal static unsafe class ShallowKernels<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The widths of vectors: 16, 32 and 64 bytes. And what chains start from: zero, the result or the bias.</summary>
    private const int Widths = 3, Starts = 3;

    private static readonly delegate*<ShallowRun<T>*, void>[] Loaded =
        new delegate*<ShallowRun<T>*, void>[Widths * Starts * ShallowProduct.MaxGroup * ShallowProduct.MaxDepthOfRow];

    /// <summary>The kernel for a number of lanes, what chains start from (0: zero, 1: the result, 2: the bias), rows and a k.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static delegate*<ShallowRun<T>*, void> Find(int lanes, int start, int rows, int depth)
    {
        delegate*<ShallowRun<T>*, void> kernel = Loaded[Index(lanes, start, rows, depth)];
        return kernel != null ? kernel : Load(lanes, start, rows, depth);
    }

    private static int Index(int lanes, int start, int rows, int depth) =>
        ((((((lanes * sizeof(T)) >> 5) * Starts) + start) * ShallowProduct.MaxGroup) + rows - 1) * ShallowProduct.MaxDepthOfRow
        + depth - 1;

    /// <summary>Loads a kernel. Several threads may do so at the same time; they write the same address.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static delegate*<ShallowRun<T>*, void> Load(int lanes, int start, int rows, int depth)
    {
        int bytes = lanes * sizeof(T);
        void* kernel = start switch
        {
            0 => OfWidth<Count0>(bytes, rows, depth),
            1 => OfWidth<Count1>(bytes, rows, depth),
            _ => OfWidth<Count2>(bytes, rows, depth),
        };
        var loaded = (delegate*<ShallowRun<T>*, void>)kernel;
        Loaded[Index(lanes, start, rows, depth)] = loaded;
        return loaded;
    }

    // No kernel is named for which ShallowProduct.GroupFor gives no such number of rows: each is compiled into a program under Native AOT.
    private static void* OfWidth<TStart>(int bytes, int rows, int depth)
        where TStart : unmanaged =>
        bytes == 64 && LaneWidth.Has512 ? Wide<TStart>(rows, depth)
            : bytes == 32 ? Narrow<TStart>(rows, depth) : One<Lanes128<T>, TStart>(depth);

    private static void* Wide<TStart>(int rows, int depth)
        where TStart : unmanaged => depth switch
        {
            1 => UpToFour<Lanes512<T>, TStart, Count1>(rows),
            2 => UpToFour<Lanes512<T>, TStart, Count2>(rows),
            3 => UpToFour<Lanes512<T>, TStart, Count3>(rows),
            4 => UpToFour<Lanes512<T>, TStart, Count4>(rows),
            5 => UpToThree<Lanes512<T>, TStart, Count5>(rows),
            6 => UpToThree<Lanes512<T>, TStart, Count6>(rows),
            7 => UpToThree<Lanes512<T>, TStart, Count7>(rows),
            8 => UpToTwo<Lanes512<T>, TStart, Count8>(rows),
            _ => One<Lanes512<T>, TStart>(depth),
        };

    private static void* Narrow<TStart>(int rows, int depth)
        where TStart : unmanaged => depth switch
        {
            1 => UpToFour<Lanes256<T>, TStart, Count1>(rows),
            2 => UpToTwo<Lanes256<T>, TStart, Count2>(rows),
            3 => UpToTwo<Lanes256<T>, TStart, Count3>(rows),
            4 => UpToTwo<Lanes256<T>, TStart, Count4>(rows),
            _ => One<Lanes256<T>, TStart>(depth),
        };

    private static void* UpToFour<TLanes, TStart, TDepth>(int rows)
        where TLanes : unmanaged, ITileLanes<TLanes, T>
        where TStart : unmanaged
        where TDepth : unmanaged =>
        rows == 4 ? Kernel<TLanes, TStart, TDepth, Count4>() : UpToThree<TLanes, TStart, TDepth>(rows);

    private static void* UpToThree<TLanes, TStart, TDepth>(int rows)
        where TLanes : unmanaged, ITileLanes<TLanes, T>
        where TStart : unmanaged
        where TDepth : unmanaged =>
        rows == 3 ? Kernel<TLanes, TStart, TDepth, Count3>() : UpToTwo<TLanes, TStart, TDepth>(rows);

    private static void* UpToTwo<TLanes, TStart, TDepth>(int rows)
        where TLanes : unmanaged, ITileLanes<TLanes, T>
        where TStart : unmanaged
        where TDepth : unmanaged =>
        rows == 1 ? Kernel<TLanes, TStart, TDepth, Count1>() : Kernel<TLanes, TStart, TDepth, Count2>();

    private static void* One<TLanes, TStart>(int depth)
        where TLanes : unmanaged, ITileLanes<TLanes, T>
        where TStart : unmanaged => depth switch
        {
            1 => Kernel<TLanes, TStart, Count1, Count1>(),
            2 => Kernel<TLanes, TStart, Count2, Count1>(),
            3 => Kernel<TLanes, TStart, Count3, Count1>(),
            4 => Kernel<TLanes, TStart, Count4, Count1>(),
            5 => Kernel<TLanes, TStart, Count5, Count1>(),
            6 => Kernel<TLanes, TStart, Count6, Count1>(),
            7 => Kernel<TLanes, TStart, Count7, Count1>(),
            8 => Kernel<TLanes, TStart, Count8, Count1>(),
            9 => Kernel<TLanes, TStart, Count9, Count1>(),
            10 => Kernel<TLanes, TStart, Count10, Count1>(),
            11 => Kernel<TLanes, TStart, Count11, Count1>(),
            12 => Kernel<TLanes, TStart, Count12, Count1>(),
            13 => Kernel<TLanes, TStart, Count13, Count1>(),
            14 => Kernel<TLanes, TStart, Count14, Count1>(),
            15 => Kernel<TLanes, TStart, Count15, Count1>(),
            _ => Kernel<TLanes, TStart, Count16, Count1>(),
        };

    private static void* Kernel<TLanes, TStart, TDepth, TRows>()
        where TLanes : unmanaged, ITileLanes<TLanes, T>
        where TStart : unmanaged
        where TDepth : unmanaged
        where TRows : unmanaged => (delegate*<ShallowRun<T>*, void>)&ShallowRows<T, TLanes, TDepth, TRows, TStart>.Run;
}
