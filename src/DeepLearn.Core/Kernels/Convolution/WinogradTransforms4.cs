using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Convolution;

// F(4x4, 3x3) of the same source: tiles of 4x4 outputs, which see 6x6 inputs, for 36 multiplications instead of 144. The points are 0, 1,
// -1, 2, -2 and infinity; their powers cost accuracy.

/// <summary>B^T: transforms six inputs.</summary>
internal readonly struct WinogradInput4 : IWinogradTransform
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
        TLanes four = LaneMath.Constant<TLanes, T>(4), minusFour = LaneMath.Constant<TLanes, T>(-4);
        TLanes minusFive = LaneMath.Constant<TLanes, T>(-5);
        TLanes even = TLanes.FusedMultiplyAdd(minusFour, x2, x4), odd = TLanes.FusedMultiplyAdd(minusFour, x1, x3);
        TLanes difference = x3 - x1, twice = difference + difference, rest = x4 - x2;
        line.Store(0, TLanes.FusedMultiplyAdd(four, x0, TLanes.FusedMultiplyAdd(minusFive, x2, x4)));
        line.Store(1, even + odd);
        line.Store(2, even - odd);
        line.Store(3, rest + twice);
        line.Store(4, rest - twice);
        line.Store(5, TLanes.FusedMultiplyAdd(four, x1, TLanes.FusedMultiplyAdd(minusFive, x3, x5)));
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
        TLanes sum = x1 + x2, difference = x1 - x2, farSum = x3 + x4, farDifference = x3 - x4;
        line.Store(0, x0 + sum + farSum);
        line.Store(1, difference + (farDifference + farDifference));
        line.Store(2, TLanes.FusedMultiplyAdd(LaneMath.Constant<TLanes, T>(4), farSum, sum));
        line.Store(3, TLanes.FusedMultiplyAdd(LaneMath.Constant<TLanes, T>(8), farDifference, difference) + x5);
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
        TLanes x0 = line.Load(0), x1 = line.Load(1), x2 = line.Load(2);
        TLanes sixth = LaneMath.Constant<TLanes, T>(1.0 / 6), ends = x0 + x2;
        TLanes far = TLanes.FusedMultiplyAdd(LaneMath.Constant<TLanes, T>(4), x2, x0), twice = x1 + x1;
        TLanes part = LaneMath.Constant<TLanes, T>(1.0 / 24);
        line.Store(0, x0 * LaneMath.Constant<TLanes, T>(0.25));
        line.Store(1, (default(TLanes) - (ends + x1)) * sixth);
        line.Store(2, (x1 - ends) * sixth);
        line.Store(3, (far + twice) * part);
        line.Store(4, (far - twice) * part);
        line.Store(5, x2);
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
        TLanes four = LaneMath.Constant<TLanes, T>(4);
        TLanes even = x0 + x2, odd = x1 + x3, farEven = TLanes.FusedMultiplyAdd(four, x2, x0);
        TLanes halfFarOdd = TLanes.FusedMultiplyAdd(four, x3, x1), farOdd = halfFarOdd + halfFarOdd;
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
        TLanes x0 = line.Load(0), x1 = line.Load(1), x2 = line.Load(2), x3 = line.Load(3), x4 = line.Load(4), x5 = line.Load(5);
        TLanes four = LaneMath.Constant<TLanes, T>(4), part = LaneMath.Constant<TLanes, T>(1.0 / 24);
        TLanes near = x1 + x2, far = x3 + x4, farDifference = x3 - x4;
        line.Store(0, ((x0 * LaneMath.Constant<TLanes, T>(6)) + (far - (four * near))) * part);
        line.Store(1, ((four * (x2 - x1)) + (farDifference + farDifference)) * part);
        line.Store(2, ((far - near) * LaneMath.Constant<TLanes, T>(1.0 / 6)) + x5);
    }
}
