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
        void* kernel = (lanes * sizeof(T)) switch
        {
            64 => ByStart<Lanes512<T>>(start, rows, depth),
            32 => ByStart<Lanes256<T>>(start, rows, depth),
            _ => ByStart<Lanes128<T>>(start, rows, depth),
        };
        var loaded = (delegate*<ShallowRun<T>*, void>)kernel;
        Loaded[Index(lanes, start, rows, depth)] = loaded;
        return loaded;
    }

    private static void* ByStart<TLanes>(int start, int rows, int depth)
        where TLanes : unmanaged, ITileLanes<TLanes, T> => start switch
        {
            0 => ByDepth<TLanes, Count0>(rows, depth),
            1 => ByDepth<TLanes, Count1>(rows, depth),
            _ => ByDepth<TLanes, Count2>(rows, depth),
        };

    private static void* ByDepth<TLanes, TStart>(int rows, int depth)
        where TLanes : unmanaged, ITileLanes<TLanes, T>
        where TStart : unmanaged => depth switch
        {
            1 => ByRows<TLanes, TStart, Count1>(rows),
            2 => ByRows<TLanes, TStart, Count2>(rows),
            3 => ByRows<TLanes, TStart, Count3>(rows),
            4 => ByRows<TLanes, TStart, Count4>(rows),
            5 => ByRows<TLanes, TStart, Count5>(rows),
            6 => ByRows<TLanes, TStart, Count6>(rows),
            7 => ByRows<TLanes, TStart, Count7>(rows),
            8 => ByPairs<TLanes, TStart, Count8>(rows),
            9 => Kernel<TLanes, TStart, Count9, Count1>(),
            10 => Kernel<TLanes, TStart, Count10, Count1>(),
            11 => Kernel<TLanes, TStart, Count11, Count1>(),
            12 => Kernel<TLanes, TStart, Count12, Count1>(),
            13 => Kernel<TLanes, TStart, Count13, Count1>(),
            14 => Kernel<TLanes, TStart, Count14, Count1>(),
            15 => Kernel<TLanes, TStart, Count15, Count1>(),
            _ => Kernel<TLanes, TStart, Count16, Count1>(),
        };

    private static void* ByRows<TLanes, TStart, TDepth>(int rows)
        where TLanes : unmanaged, ITileLanes<TLanes, T>
        where TStart : unmanaged
        where TDepth : unmanaged => rows switch
        {
            3 => Kernel<TLanes, TStart, TDepth, Count3>(),
            4 => Kernel<TLanes, TStart, TDepth, Count4>(),
            _ => ByPairs<TLanes, TStart, TDepth>(rows),
        };

    private static void* ByPairs<TLanes, TStart, TDepth>(int rows)
        where TLanes : unmanaged, ITileLanes<TLanes, T>
        where TStart : unmanaged
        where TDepth : unmanaged =>
        rows == 1 ? Kernel<TLanes, TStart, TDepth, Count1>() : Kernel<TLanes, TStart, TDepth, Count2>();

    private static void* Kernel<TLanes, TStart, TDepth, TRows>()
        where TLanes : unmanaged, ITileLanes<TLanes, T>
        where TStart : unmanaged
        where TDepth : unmanaged
        where TRows : unmanaged => (delegate*<ShallowRun<T>*, void>)&ShallowRows<T, TLanes, TDepth, TRows, TStart>.Run;
}
