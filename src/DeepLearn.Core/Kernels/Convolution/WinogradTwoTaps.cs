using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Convolution;

/// <summary>F(4, 2): four outputs of two taps by five products. Its products are the first five of a line.</summary>
internal static class WinogradTwoTaps
{
    /// <summary>Transforms five inputs, and writes the results.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Input<T, TLanes, TLine>(TLine line, TLanes x0, TLanes x1, TLanes x2, TLanes x3, TLanes x4)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TLanes, T>
        where TLine : struct, IWinogradLine<TLanes>
    {
        TLanes minusNear = LaneMath.Constant<TLanes, T>(-WinogradStridePoints.NearSquared);
        TLanes minusFar = LaneMath.Constant<TLanes, T>(-WinogradStridePoints.FarSquared);
        TLanes minusSum = LaneMath.Constant<TLanes, T>(-WinogradStridePoints.Sum);
        TLanes product = LaneMath.Constant<TLanes, T>(WinogradStridePoints.Product);
        TLanes near = LaneMath.Constant<TLanes, T>(WinogradStridePoints.Near), far = LaneMath.Constant<TLanes, T>(WinogradStridePoints.Far);
        TLanes odd = TLanes.FusedMultiplyAdd(minusFar, x1, x3), even = near * TLanes.FusedMultiplyAdd(minusFar, x0, x2);
        TLanes farOdd = TLanes.FusedMultiplyAdd(minusNear, x1, x3), farEven = far * TLanes.FusedMultiplyAdd(minusNear, x0, x2);
        line.Store(0, odd + even);
        line.Store(1, odd - even);
        line.Store(2, farOdd + farEven);
        line.Store(3, farOdd - farEven);
        line.Store(4, TLanes.FusedMultiplyAdd(product, x0, TLanes.FusedMultiplyAdd(minusSum, x2, x4)));
    }

    /// <summary>Reads five products, and transforms them to four outputs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Output<T, TLanes, TLine>(TLine line, out TLanes y0, out TLanes y1, out TLanes y2, out TLanes y3)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TLanes, T>
        where TLine : struct, IWinogradLine<TLanes>
    {
        TLanes x0 = line.Load(0), x1 = line.Load(1), x2 = line.Load(2), x3 = line.Load(3), x4 = line.Load(4);
        TLanes near = LaneMath.Constant<TLanes, T>(WinogradStridePoints.Near);
        TLanes nearSquared = LaneMath.Constant<TLanes, T>(WinogradStridePoints.NearSquared);
        TLanes far = LaneMath.Constant<TLanes, T>(WinogradStridePoints.Far);
        TLanes farSquared = LaneMath.Constant<TLanes, T>(WinogradStridePoints.FarSquared);
        TLanes sum = x0 + x1, difference = near * (x0 - x1), farSum = x2 + x3, farDifference = far * (x2 - x3);
        y0 = sum + farSum;
        y1 = difference + farDifference;
        y2 = TLanes.FusedMultiplyAdd(nearSquared, sum, farSquared * farSum);
        y3 = TLanes.FusedMultiplyAdd(nearSquared, difference, TLanes.FusedMultiplyAdd(farSquared, farDifference, x4));
    }
}
