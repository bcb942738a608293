using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Convolution;

// F(2x2, 3x3) of Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", 2016: tiles of 2x2 outputs, which see 4x4 inputs,
// for 16 multiplications instead of 36. The points are 0, 1, -1 and infinity.

/// <summary>B^T: transforms four inputs.</summary>
internal readonly struct WinogradInput2 : IWinogradTransform
{
    public static int From => 4;

    public static int To => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<T, TLanes, TLine>(TLine line)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TLanes, T>
        where TLine : struct, IWinogradLine<TLanes>
    {
        TLanes x0 = line.Load(0), x1 = line.Load(1), x2 = line.Load(2), x3 = line.Load(3);
        line.Store(0, x0 - x2);
        line.Store(1, x1 + x2);
        line.Store(2, x2 - x1);
        line.Store(3, x1 - x3);
    }
}

/// <summary>A^T: transforms four products to two outputs.</summary>
internal readonly struct WinogradOutput2 : IWinogradTransform
{
    public static int From => 4;

    public static int To => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<T, TLanes, TLine>(TLine line)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TLanes, T>
        where TLine : struct, IWinogradLine<TLanes>
    {
        TLanes x0 = line.Load(0), x1 = line.Load(1), x2 = line.Load(2), x3 = line.Load(3);
        line.Store(0, x0 + x1 + x2);
        line.Store(1, x1 - x2 - x3);
    }
}

/// <summary>G: transforms three taps.</summary>
internal readonly struct WinogradKernel2 : IWinogradTransform
{
    public static int From => 3;

    public static int To => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<T, TLanes, TLine>(TLine line)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TLanes, T>
        where TLine : struct, IWinogradLine<TLanes>
    {
        TLanes x0 = line.Load(0), x1 = line.Load(1), x2 = line.Load(2);
        TLanes half = LaneMath.Constant<TLanes, T>(0.5), ends = x0 + x2;
        line.Store(0, x0);
        line.Store(1, (ends + x1) * half);
        line.Store(2, (ends - x1) * half);
        line.Store(3, x2);
    }
}

/// <summary>A: transforms the gradients of two outputs.</summary>
internal readonly struct WinogradOutputGradient2 : IWinogradTransform
{
    public static int From => 2;

    public static int To => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<T, TLanes, TLine>(TLine line)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TLanes, T>
        where TLine : struct, IWinogradLine<TLanes>
    {
        TLanes x0 = line.Load(0), x1 = line.Load(1);
        line.Store(0, x0);
        line.Store(1, x0 + x1);
        line.Store(2, x0 - x1);
        line.Store(3, default(TLanes) - x1);
    }
}

/// <summary>G^T: transforms four sums to the gradients of three taps.</summary>
internal readonly struct WinogradKernelGradient2 : IWinogradTransform
{
    public static int From => 4;

    public static int To => 3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<T, TLanes, TLine>(TLine line)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TLanes, T>
        where TLine : struct, IWinogradLine<TLanes>
    {
        TLanes x0 = line.Load(0), x1 = line.Load(1), x2 = line.Load(2), x3 = line.Load(3);
        TLanes half = LaneMath.Constant<TLanes, T>(0.5), sum = (x1 + x2) * half;
        line.Store(0, x0 + sum);
        line.Store(1, (x1 - x2) * half);
        line.Store(2, x3 + sum);
    }
}
