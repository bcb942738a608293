using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Convolution;

// Kernels of 3x3 with a stride of 2: tiles of 4x4 outputs, which see 9x9 inputs, for 81 multiplications instead of 144. Along an axis,
// inputs with even numbers see the first and the last tap, which is an F(4, 2) with five products; those with odd numbers see the middle
// tap alone, which is four plain products. The plain ones come last, and share one transformed tap.

/// <summary>B^T: transforms nine inputs.</summary>
internal readonly struct WinogradInput9 : IWinogradTransform
{
    public static int From => 9;

    public static int To => 9;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<T, TLanes, TLine>(TLine line)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TLanes, T>
        where TLine : struct, IWinogradLine<TLanes>
    {
        TLanes y0 = line.Load(1), y1 = line.Load(3), y2 = line.Load(5), y3 = line.Load(7);
        WinogradTwoTaps.Input<T, TLanes, TLine>(line, line.Load(0), line.Load(2), line.Load(4), line.Load(6), line.Load(8));
        line.Store(5, y0);
        line.Store(6, y1);
        line.Store(7, y2);
        line.Store(8, y3);
    }
}

/// <summary>A^T: transforms nine products to four outputs.</summary>
internal readonly struct WinogradOutput9 : IWinogradTransform
{
    public static int From => 9;

    public static int To => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<T, TLanes, TLine>(TLine line)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TLanes, T>
        where TLine : struct, IWinogradLine<TLanes>
    {
        TLanes x5 = line.Load(5), x6 = line.Load(6), x7 = line.Load(7), x8 = line.Load(8);
        WinogradTwoTaps.Output<T, TLanes, TLine>(line, out TLanes y0, out TLanes y1, out TLanes y2, out TLanes y3);
        line.Store(0, y0 + x5);
        line.Store(1, y1 + x6);
        line.Store(2, y2 + x7);
        line.Store(3, y3 + x8);
    }
}

/// <summary>G: transforms three taps; the last result is the middle tap.</summary>
internal readonly struct WinogradKernel9 : IWinogradTransform
{
    public static int From => 3;

    public static int To => 6;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<T, TLanes, TLine>(TLine line)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TLanes, T>
        where TLine : struct, IWinogradLine<TLanes>
    {
        TLanes x0 = line.Load(0), x1 = line.Load(1), x2 = line.Load(2);
        TLanes ofNear = LaneMath.Constant<TLanes, T>(WinogradStridePoints.OfNear);
        TLanes ofFar = LaneMath.Constant<TLanes, T>(WinogradStridePoints.OfFar);
        TLanes near = x2 * ofNear, far = x2 * ofFar;
        TLanes first = x0 * LaneMath.Constant<TLanes, T>(WinogradStridePoints.OfNear / WinogradStridePoints.Near);
        TLanes farFirst = x0 * LaneMath.Constant<TLanes, T>(WinogradStridePoints.OfFar / WinogradStridePoints.Far);
        line.Store(0, near + first);
        line.Store(1, near - first);
        line.Store(2, far + farFirst);
        line.Store(3, far - farFirst);
        line.Store(4, x2);
        line.Store(5, x1);
    }
}

/// <summary>A: transforms the gradients of four outputs.</summary>
internal readonly struct WinogradOutputGradient9 : IWinogradTransform
{
    public static int From => 4;

    public static int To => 9;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<T, TLanes, TLine>(TLine line)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TLanes, T>
        where TLine : struct, IWinogradLine<TLanes>
    {
        TLanes x0 = line.Load(0), x1 = line.Load(1), x2 = line.Load(2), x3 = line.Load(3);
        TLanes near = LaneMath.Constant<TLanes, T>(WinogradStridePoints.Near);
        TLanes nearSquared = LaneMath.Constant<TLanes, T>(WinogradStridePoints.NearSquared);
        TLanes far = LaneMath.Constant<TLanes, T>(WinogradStridePoints.Far);
        TLanes farSquared = LaneMath.Constant<TLanes, T>(WinogradStridePoints.FarSquared);
        TLanes even = TLanes.FusedMultiplyAdd(nearSquared, x2, x0), odd = near * TLanes.FusedMultiplyAdd(nearSquared, x3, x1);
        TLanes farEven = TLanes.FusedMultiplyAdd(farSquared, x2, x0), farOdd = far * TLanes.FusedMultiplyAdd(farSquared, x3, x1);
        line.Store(0, even + odd);
        line.Store(1, even - odd);
        line.Store(2, farEven + farOdd);
        line.Store(3, farEven - farOdd);
        line.Store(4, x3);
        line.Store(5, x0);
        line.Store(6, x1);
        line.Store(7, x2);
        line.Store(8, x3);
    }
}

/// <summary>G^T: transforms six sums to the gradients of three taps.</summary>
internal readonly struct WinogradKernelGradient9 : IWinogradTransform
{
    public static int From => 6;

    public static int To => 3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<T, TLanes, TLine>(TLine line)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TLanes, T>
        where TLine : struct, IWinogradLine<TLanes>
    {
        TLanes x0 = line.Load(0), x1 = line.Load(1), x2 = line.Load(2), x3 = line.Load(3), x4 = line.Load(4), x5 = line.Load(5);
        TLanes ofNear = LaneMath.Constant<TLanes, T>(WinogradStridePoints.OfNear);
        TLanes ofFar = LaneMath.Constant<TLanes, T>(WinogradStridePoints.OfFar);
        TLanes first = (x0 - x1) * LaneMath.Constant<TLanes, T>(WinogradStridePoints.OfNear / WinogradStridePoints.Near);
        TLanes farFirst = (x2 - x3) * LaneMath.Constant<TLanes, T>(WinogradStridePoints.OfFar / WinogradStridePoints.Far);
        line.Store(0, first + farFirst);
        line.Store(1, x5);
        line.Store(2, TLanes.FusedMultiplyAdd(ofNear, x0 + x1, TLanes.FusedMultiplyAdd(ofFar, x2 + x3, x4)));
    }
}
