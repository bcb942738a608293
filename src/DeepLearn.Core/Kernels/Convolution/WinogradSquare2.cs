using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Convolution;

/// <summary>
/// The squares of F(2x2, 3x3) that are transformed for every tile: the same operations as <see cref="WinogradSquare"/>'s, so few that
/// nothing between columns and rows has to be written down, which would be half of all stores.
/// </summary>
internal static class WinogradSquare2
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>Four by four inputs. A row between needs two rows of the source alone, which are read again for it.</summary>
    [MethodImpl(Inline)]
    public static void Input<TLanes, T, TSource, TTarget>(TSource source, TTarget target)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TLanes, T>
        where TSource : struct, IWinogradSource<TLanes>
        where TTarget : struct, IWinogradTarget<TLanes>
    {
        Row<TLanes, T, TTarget>(
            target,
            0,
            source.Load(0, 0) - source.Load(2, 0),
            source.Load(0, 1) - source.Load(2, 1),
            source.Load(0, 2) - source.Load(2, 2),
            source.Load(0, 3) - source.Load(2, 3));
        Row<TLanes, T, TTarget>(
            target,
            1,
            source.Load(1, 0) + source.Load(2, 0),
            source.Load(1, 1) + source.Load(2, 1),
            source.Load(1, 2) + source.Load(2, 2),
            source.Load(1, 3) + source.Load(2, 3));
        Row<TLanes, T, TTarget>(
            target,
            2,
            source.Load(2, 0) - source.Load(1, 0),
            source.Load(2, 1) - source.Load(1, 1),
            source.Load(2, 2) - source.Load(1, 2),
            source.Load(2, 3) - source.Load(1, 3));
        Row<TLanes, T, TTarget>(
            target,
            3,
            source.Load(1, 0) - source.Load(3, 0),
            source.Load(1, 1) - source.Load(3, 1),
            source.Load(1, 2) - source.Load(3, 2),
            source.Load(1, 3) - source.Load(3, 3));
    }

    /// <summary>From four by four products to two by two outputs.</summary>
    [MethodImpl(Inline)]
    public static void Output<TLanes, T, TSource, TTarget>(TSource source, TTarget target)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TLanes, T>
        where TSource : struct, IWinogradSource<TLanes>
        where TTarget : struct, IWinogradTarget<TLanes>
    {
        TLanes a = source.Load(1, 0), b = source.Load(2, 0);
        TLanes upper0 = source.Load(0, 0) + a + b, lower0 = a - b - source.Load(3, 0);
        (a, b) = (source.Load(1, 1), source.Load(2, 1));
        TLanes upper1 = source.Load(0, 1) + a + b, lower1 = a - b - source.Load(3, 1);
        (a, b) = (source.Load(1, 2), source.Load(2, 2));
        TLanes upper2 = source.Load(0, 2) + a + b, lower2 = a - b - source.Load(3, 2);
        (a, b) = (source.Load(1, 3), source.Load(2, 3));
        TLanes upper3 = source.Load(0, 3) + a + b, lower3 = a - b - source.Load(3, 3);
        target.Store(0, 0, upper0 + upper1 + upper2);
        target.Store(0, 1, upper1 - upper2 - upper3);
        target.Store(1, 0, lower0 + lower1 + lower2);
        target.Store(1, 1, lower1 - lower2 - lower3);
    }

    /// <summary>The gradients of two by two outputs.</summary>
    [MethodImpl(Inline)]
    public static void OutputGradient<TLanes, T, TSource, TTarget>(TSource source, TTarget target)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TLanes, T>
        where TSource : struct, IWinogradSource<TLanes>
        where TTarget : struct, IWinogradTarget<TLanes>
    {
        TLanes a = source.Load(0, 0), b = source.Load(0, 1), c = source.Load(1, 0), d = source.Load(1, 1);
        Gradients(target, 0, a, b);
        Gradients(target, 1, a + c, b + d);
        Gradients(target, 2, a - c, b - d);
        Gradients(target, 3, default(TLanes) - c, default(TLanes) - d);

        [MethodImpl(Inline)]
        static void Gradients(TTarget target, int row, TLanes left, TLanes right)
        {
            target.Store(row, 0, left);
            target.Store(row, 1, left + right);
            target.Store(row, 2, left - right);
            target.Store(row, 3, default(TLanes) - right);
        }
    }

    [MethodImpl(Inline)]
    private static void Row<TLanes, T, TTarget>(TTarget target, int row, TLanes x0, TLanes x1, TLanes x2, TLanes x3)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TLanes, T>
        where TTarget : struct, IWinogradTarget<TLanes>
    {
        target.Store(row, 0, x0 - x2);
        target.Store(row, 1, x1 + x2);
        target.Store(row, 2, x2 - x1);
        target.Store(row, 3, x1 - x3);
    }
}
