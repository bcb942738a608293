using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Convolution;

// F(2x2, 5x5), with the points of WinogradPoints: tiles of 2x2 outputs, which see 6x6 inputs, for 36 multiplications instead of 100. The
// transform of the inputs is that of F(4x4, 3x3).

/// <summary>A^T: transforms six products to two outputs.</summary>
internal readonly struct WinogradOutput5 : IWinogradTransform
{
    public static int From => 6;

    public static int To => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<T, TLanes, TLine>(TLine line)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TLanes, T>
        where TLine : struct, IWinogradLine<TLanes>
    {
        TLanes x0 = line.Load(0), x1 = line.Load(1), x2 = line.Load(2), x3 = line.Load(3), x4 = line.Load(4), x5 = line.Load(5);
        TLanes difference = LaneMath.Constant<TLanes, T>(WinogradPoints.Near) * (x1 - x2);
        line.Store(0, x0 + (x1 + x2) + (x3 + x4));
        line.Store(1, TLanes.FusedMultiplyAdd(LaneMath.Constant<TLanes, T>(WinogradPoints.Far), x3 - x4, difference) + x5);
    }
}

/// <summary>G: transforms five taps.</summary>
internal readonly struct WinogradKernel5 : IWinogradTransform
{
    public static int From => 5;

    public static int To => 6;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<T, TLanes, TLine>(TLine line)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TLanes, T>
        where TLine : struct, IWinogradLine<TLanes>
    {
        TLanes x0 = line.Load(0), x1 = line.Load(1), x2 = line.Load(2), x3 = line.Load(3), x4 = line.Load(4);
        TLanes near = LaneMath.Constant<TLanes, T>(WinogradPoints.Near);
        TLanes nearSquared = LaneMath.Constant<TLanes, T>(WinogradPoints.NearSquared);
        TLanes far = LaneMath.Constant<TLanes, T>(WinogradPoints.Far), farSquared = LaneMath.Constant<TLanes, T>(WinogradPoints.FarSquared);
        TLanes ofNear = LaneMath.Constant<TLanes, T>(WinogradPoints.OfNear), ofFar = LaneMath.Constant<TLanes, T>(WinogradPoints.OfFar);
        TLanes even = TLanes.FusedMultiplyAdd(nearSquared, TLanes.FusedMultiplyAdd(nearSquared, x4, x2), x0);
        TLanes odd = near * TLanes.FusedMultiplyAdd(nearSquared, x3, x1);
        TLanes farEven = TLanes.FusedMultiplyAdd(farSquared, TLanes.FusedMultiplyAdd(farSquared, x4, x2), x0);
        TLanes farOdd = far * TLanes.FusedMultiplyAdd(farSquared, x3, x1);
        line.Store(0, x0 * LaneMath.Constant<TLanes, T>(WinogradPoints.OfZero));
        line.Store(1, (even + odd) * ofNear);
        line.Store(2, (even - odd) * ofNear);
        line.Store(3, (farEven + farOdd) * ofFar);
        line.Store(4, (farEven - farOdd) * ofFar);
        line.Store(5, x4);
    }
}

/// <summary>A: transforms the gradients of two outputs.</summary>
internal readonly struct WinogradOutputGradient5 : IWinogradTransform
{
    public static int From => 2;

    public static int To => 6;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<T, TLanes, TLine>(TLine line)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TLanes, T>
        where TLine : struct, IWinogradLine<TLanes>
    {
        TLanes x0 = line.Load(0), x1 = line.Load(1);
        TLanes odd = LaneMath.Constant<TLanes, T>(WinogradPoints.Near) * x1, farOdd = LaneMath.Constant<TLanes, T>(WinogradPoints.Far) * x1;
        line.Store(0, x0);
        line.Store(1, x0 + odd);
        line.Store(2, x0 - odd);
        line.Store(3, x0 + farOdd);
        line.Store(4, x0 - farOdd);
        line.Store(5, x1);
    }
}

/// <summary>G^T: transforms six sums to the gradients of five taps.</summary>
internal readonly struct WinogradKernelGradient5 : IWinogradTransform
{
    public static int From => 6;

    public static int To => 5;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<T, TLanes, TLine>(TLine line)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TLanes, T>
        where TLine : struct, IWinogradLine<TLanes>
    {
        TLanes x0 = line.Load(0), x1 = line.Load(1), x2 = line.Load(2), x3 = line.Load(3), x4 = line.Load(4), x5 = line.Load(5);
        TLanes near = LaneMath.Constant<TLanes, T>(WinogradPoints.Near);
        TLanes nearSquared = LaneMath.Constant<TLanes, T>(WinogradPoints.NearSquared);
        TLanes far = LaneMath.Constant<TLanes, T>(WinogradPoints.Far), farSquared = LaneMath.Constant<TLanes, T>(WinogradPoints.FarSquared);
        TLanes ofNear = LaneMath.Constant<TLanes, T>(WinogradPoints.OfNear), ofFar = LaneMath.Constant<TLanes, T>(WinogradPoints.OfFar);
        TLanes even = (x1 + x2) * ofNear, odd = near * ((x1 - x2) * ofNear);
        TLanes farEven = (x3 + x4) * ofFar, farOdd = far * ((x3 - x4) * ofFar);
        line.Store(0, TLanes.FusedMultiplyAdd(x0, LaneMath.Constant<TLanes, T>(WinogradPoints.OfZero), even + farEven));
        line.Store(1, odd + farOdd);
        even *= nearSquared;
        farEven *= farSquared;
        line.Store(2, even + farEven);
        line.Store(3, TLanes.FusedMultiplyAdd(nearSquared, odd, farSquared * farOdd));
        line.Store(4, TLanes.FusedMultiplyAdd(nearSquared, even, TLanes.FusedMultiplyAdd(farSquared, farEven, x5)));
    }
}
