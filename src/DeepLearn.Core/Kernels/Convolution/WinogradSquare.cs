using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Convolution;

/// <summary>A square that is transformed. Each element is a vector of channels.</summary>
internal interface IWinogradSource<TLanes>
{
    TLanes Load(int row, int column);
}

/// <summary>Where a transformed square is written. Each element is a vector of channels.</summary>
internal interface IWinogradTarget<TLanes>
{
    void Store(int row, int column, TLanes value);
}

/// <summary>Transforms a square: each column, and then each row of the result.</summary>
internal static unsafe class WinogradSquare
{
    /// <summary>Transforms a square.</summary>
    /// <param name="source">The square.</param>
    /// <param name="target">Where the transformed square goes.</param>
    /// <param name="between">Memory for the transformed columns: as many vectors as it reads and writes in a line, multiplied.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transform<T, TLanes, TTransform, TSource, TTarget>(TSource source, TTarget target, T* between)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TLanes, T>
        where TTransform : struct, IWinogradTransform
        where TSource : struct, IWinogradSource<TLanes>
        where TTarget : struct, IWinogradTarget<TLanes>
    {
        // Known when this is compiled.
        if (typeof(TTransform) == typeof(WinogradInput2))
        {
            WinogradSquare2.Input<TLanes, T, TSource, TTarget>(source, target);
            return;
        }
        if (typeof(TTransform) == typeof(WinogradOutput2))
        {
            WinogradSquare2.Output<TLanes, T, TSource, TTarget>(source, target);
            return;
        }
        if (typeof(TTransform) == typeof(WinogradOutputGradient2))
        {
            WinogradSquare2.OutputGradient<TLanes, T, TSource, TTarget>(source, target);
            return;
        }
        int step = TTransform.From * TLanes.Count;
        for (int column = 0; column < TTransform.From; column++)
            TTransform.Run<T, TLanes, Column<T, TLanes, TSource>>(new(source, column, between + (column * TLanes.Count), step));
        for (int row = 0; row < TTransform.To; row++)
            TTransform.Run<T, TLanes, Row<T, TLanes, TTarget>>(new(between + (row * step), target, row));
    }

    /// <summary>A column of a source, and where it goes.</summary>
    public readonly struct Column<T, TLanes, TSource>(TSource source, int column, T* between, int step) : IWinogradLine<TLanes>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TLanes, T>
        where TSource : struct, IWinogradSource<TLanes>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Load(int index) => source.Load(index, column);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Store(int index, TLanes value) => value.Store(ref between[index * step]);
    }

    /// <summary>A row of transformed columns, and where it goes.</summary>
    public readonly struct Row<T, TLanes, TTarget>(T* between, TTarget target, int row) : IWinogradLine<TLanes>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TLanes, T>
        where TTarget : struct, IWinogradTarget<TLanes>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Load(int index) => TLanes.Load(in between[index * TLanes.Count]);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Store(int index, TLanes value) => target.Store(row, index, value);
    }
}
