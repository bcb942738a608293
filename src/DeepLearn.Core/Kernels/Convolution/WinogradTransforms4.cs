using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Convolution;

// F(4x4, 3x3) of Lavin and Gray, 2016, with the points of WinogradPoints: tiles of 4x4 outputs, which see 6x6 inputs, for 36
// multiplications instead of 144.

/// <summary>B^T: transforms six inputs, for tiles of 4x4 outputs of kernels of 3x3, and of 2x2 outputs of kernels of 5x5.</summary>
internal readonly struct WinogradInput6 : IWinogradTransform
{
    public static int From => 6;

    public static int To => 6;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<T, TLanes, TLine>(TLine line)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TLanes, T>
        where TLine : struct, IWinogradLine<TLanes>
    {
        TLanes x0 = line.Load(0), x1 = line.Load(1), x2 = line.Load(2), x3 = line.Load(3), x4 = line.Load(4), x5 = line.Load(5);
        TLanes minusNear = LaneMath.Constant<TLanes, T>(-WinogradPoints.NearSquared);
        TLanes minusFar = LaneMath.Constant<TLanes, T>(-WinogradPoints.FarSquared);
        TLanes minusSum = LaneMath.Constant<TLanes, T>(-WinogradPoints.Sum), product = LaneMath.Constant<TLanes, T>(WinogradPoints.Product);
        TLanes near = LaneMath.Constant<TLanes, T>(WinogradPoints.Near), far = LaneMath.Constant<TLanes, T>(WinogradPoints.Far);
        TLanes even = TLanes.FusedMultiplyAdd(minusFar, x2, x4), odd = near * TLanes.FusedMultiplyAdd(minusFar, x1, x3);
        TLanes farEven = TLanes.FusedMultiplyAdd(minusNear, x2, x4), farOdd = far * TLanes.FusedMultiplyAdd(minusNear, x1, x3);
        line.Store(0, TLanes.FusedMultiplyAdd(product, x0, TLanes.FusedMultiplyAdd(minusSum, x2, x4)));
        line.Store(1, even + odd);
        line.Store(2, even - odd);
        line.Store(3, farEven + farOdd);
        line.Store(4, farEven - farOdd);
        line.Store(5, TLanes.FusedMultiplyAdd(product, x1, TLanes.FusedMultiplyAdd(minusSum, x3, x5)));
    }
}

/// <summary>A^T: transforms six products to four outputs.</summary>
internal readonly struct WinogradOutput4 : IWinogradTransform
{
    public static int From => 6;

    public static int To => 4;

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
        TLanes sum = x1 + x2, difference = near * (x1 - x2), farSum = x3 + x4, farDifference = far * (x3 - x4);
        line.Store(0, x0 + sum + farSum);
        line.Store(1, difference + farDifference);
        line.Store(2, TLanes.FusedMultiplyAdd(nearSquared, sum, farSquared * farSum));
        line.Store(3, TLanes.FusedMultiplyAdd(nearSquared, difference, TLanes.FusedMultiplyAdd(farSquared, farDifference, x5)));
    }
}

/// <summary>G: transforms three taps.</summary>
internal readonly struct WinogradKernel4 : IWinogradTransform
{
    public static int From => 3;

    public static int To => 6;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<T, TLanes, TLine>(TLine line)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TLanes, T>
        where TLine : struct, IWinogradLine<TLanes>
    {
        Apply<T, TLanes>(
            line.Load(0), line.Load(1), line.Load(2), out TLanes y0, out TLanes y1, out TLanes y2, out TLanes y3, out TLanes y4,
            out TLanes y5);
        line.Store(0, y0);
        line.Store(1, y1);
        line.Store(2, y2);
        line.Store(3, y3);
        line.Store(4, y4);
        line.Store(5, y5);
    }

    /// <summary>The same from vectors to vectors, none of which goes through memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply<T, TLanes>(
        TLanes x0, TLanes x1, TLanes x2, out TLanes y0, out TLanes y1, out TLanes y2, out TLanes y3, out TLanes y4, out TLanes y5)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TLanes, T>
    {
        TLanes near = LaneMath.Constant<TLanes, T>(WinogradPoints.Near);
        TLanes nearSquared = LaneMath.Constant<TLanes, T>(WinogradPoints.NearSquared);
        TLanes far = LaneMath.Constant<TLanes, T>(WinogradPoints.Far), farSquared = LaneMath.Constant<TLanes, T>(WinogradPoints.FarSquared);
        TLanes ofNear = LaneMath.Constant<TLanes, T>(WinogradPoints.OfNear), ofFar = LaneMath.Constant<TLanes, T>(WinogradPoints.OfFar);
        TLanes even = TLanes.FusedMultiplyAdd(nearSquared, x2, x0), odd = near * x1;
        TLanes farEven = TLanes.FusedMultiplyAdd(farSquared, x2, x0), farOdd = far * x1;
        y0 = x0 * LaneMath.Constant<TLanes, T>(WinogradPoints.OfZero);
        y1 = (even + odd) * ofNear;
        y2 = (even - odd) * ofNear;
        y3 = (farEven + farOdd) * ofFar;
        y4 = (farEven - farOdd) * ofFar;
        y5 = x2;
    }
}

/// <summary>A: transforms the gradients of four outputs.</summary>
internal readonly struct WinogradOutputGradient4 : IWinogradTransform
{
    public static int From => 4;

    public static int To => 6;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<T, TLanes, TLine>(TLine line)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TLanes, T>
        where TLine : struct, IWinogradLine<TLanes>
    {
        TLanes x0 = line.Load(0), x1 = line.Load(1), x2 = line.Load(2), x3 = line.Load(3);
        TLanes near = LaneMath.Constant<TLanes, T>(WinogradPoints.Near);
        TLanes nearSquared = LaneMath.Constant<TLanes, T>(WinogradPoints.NearSquared);
        TLanes far = LaneMath.Constant<TLanes, T>(WinogradPoints.Far), farSquared = LaneMath.Constant<TLanes, T>(WinogradPoints.FarSquared);
        TLanes even = TLanes.FusedMultiplyAdd(nearSquared, x2, x0), odd = near * TLanes.FusedMultiplyAdd(nearSquared, x3, x1);
        TLanes farEven = TLanes.FusedMultiplyAdd(farSquared, x2, x0), farOdd = far * TLanes.FusedMultiplyAdd(farSquared, x3, x1);
        line.Store(0, x0);
        line.Store(1, even + odd);
        line.Store(2, even - odd);
        line.Store(3, farEven + farOdd);
        line.Store(4, farEven - farOdd);
        line.Store(5, x3);
    }
}

/// <summary>G^T: transforms six sums to the gradients of three taps.</summary>
internal readonly struct WinogradKernelGradient4 : IWinogradTransform
{
    public static int From => 6;

    public static int To => 3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<T, TLanes, TLine>(TLine line)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TLanes, T>
        where TLine : struct, IWinogradLine<TLanes>
    {
        Apply<T, TLanes>(
            line.Load(0), line.Load(1), line.Load(2), line.Load(3), line.Load(4), line.Load(5), out TLanes y0, out TLanes y1,
            out TLanes y2);
        line.Store(0, y0);
        line.Store(1, y1);
        line.Store(2, y2);
    }

    /// <summary>The same from vectors to vectors, none of which goes through memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Apply<T, TLanes>(
        TLanes x0, TLanes x1, TLanes x2, TLanes x3, TLanes x4, TLanes x5, out TLanes y0, out TLanes y1, out TLanes y2)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TLanes, T>
    {
        TLanes near = LaneMath.Constant<TLanes, T>(WinogradPoints.Near);
        TLanes nearSquared = LaneMath.Constant<TLanes, T>(WinogradPoints.NearSquared);
        TLanes far = LaneMath.Constant<TLanes, T>(WinogradPoints.Far), farSquared = LaneMath.Constant<TLanes, T>(WinogradPoints.FarSquared);
        TLanes ofNear = LaneMath.Constant<TLanes, T>(WinogradPoints.OfNear), ofFar = LaneMath.Constant<TLanes, T>(WinogradPoints.OfFar);
        TLanes even = (x1 + x2) * ofNear, odd = (x1 - x2) * ofNear, farEven = (x3 + x4) * ofFar, farOdd = (x3 - x4) * ofFar;
        y0 = TLanes.FusedMultiplyAdd(x0, LaneMath.Constant<TLanes, T>(WinogradPoints.OfZero), even + farEven);
        y1 = TLanes.FusedMultiplyAdd(near, odd, far * farOdd);
        y2 = TLanes.FusedMultiplyAdd(nearSquared, even, TLanes.FusedMultiplyAdd(farSquared, farEven, x5));
    }
}
