using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Convolution;

// The gradient of the inputs of a kernel of 3x3 with a stride of 2: a tile of 8x8 gradients of inputs sees 5x5 gradients of outputs. Along
// an axis, every other gradient is an F(4, 2) of the last and the first tap; those between them see the middle tap alone.

/// <summary>Whether the gradients of inputs that see two taps are the first of each pair, or the second.</summary>
internal interface IWinogradParity
{
    /// <summary>1 for the second of each pair, else 0.</summary>
    static abstract int Odd { get; }
}

/// <summary>Two taps first.</summary>
internal readonly struct WinogradEven : IWinogradParity
{
    public static int Odd => 0;
}

/// <summary>One tap first.</summary>
internal readonly struct WinogradOdd : IWinogradParity
{
    public static int Odd => 1;
}

/// <summary>Transforms five gradients of outputs.</summary>
internal readonly struct WinogradInput5<TParity> : IWinogradTransform
    where TParity : struct, IWinogradParity
{
    public static int From => 5;

    public static int To => 9;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<T, TLanes, TLine>(TLine line)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TLanes, T>
        where TLine : struct, IWinogradLine<TLanes>
    {
        TLanes x0 = line.Load(0), x1 = line.Load(1), x2 = line.Load(2), x3 = line.Load(3), x4 = line.Load(4);
        WinogradTwoTaps.Input<T, TLanes, TLine>(line, x0, x1, x2, x3, x4);
        line.Store(5, TParity.Odd == 1 ? x0 : x1);
        line.Store(6, TParity.Odd == 1 ? x1 : x2);
        line.Store(7, TParity.Odd == 1 ? x2 : x3);
        line.Store(8, TParity.Odd == 1 ? x3 : x4);
    }
}

/// <summary>Transforms nine products to eight gradients of inputs.</summary>
internal readonly struct WinogradOutput8<TParity> : IWinogradTransform
    where TParity : struct, IWinogradParity
{
    public static int From => 9;

    public static int To => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<T, TLanes, TLine>(TLine line)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TLanes, T>
        where TLine : struct, IWinogradLine<TLanes>
    {
        TLanes x5 = line.Load(5), x6 = line.Load(6), x7 = line.Load(7), x8 = line.Load(8);
        WinogradTwoTaps.Output<T, TLanes, TLine>(line, out TLanes y0, out TLanes y1, out TLanes y2, out TLanes y3);
        line.Store(TParity.Odd, y0);
        line.Store(1 - TParity.Odd, x5);
        line.Store(2 + TParity.Odd, y1);
        line.Store(3 - TParity.Odd, x6);
        line.Store(4 + TParity.Odd, y2);
        line.Store(5 - TParity.Odd, x7);
        line.Store(6 + TParity.Odd, y3);
        line.Store(7 - TParity.Odd, x8);
    }
}
