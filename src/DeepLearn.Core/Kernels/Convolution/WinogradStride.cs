using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Convolution;

/// <summary>
/// The transformed squares of a stride of 2, and how they lie in memory. The last four products of a line share one transformed tap, and so
/// they are rows of one matrix: a place of the transformed kernel that four or sixteen products share has a plane in which each tile has as
/// many rows. It is one larger matrix product then, and its weights are read once.
/// </summary>
internal static unsafe class WinogradStride
{
    /// <summary>The side of a transformed square.</summary>
    public const int Side = Alone + Together;

    /// <summary>The products of a line that have a transformed tap of their own, and those that share one.</summary>
    public const int Alone = 5, Together = 4;

    /// <summary>Transforms a row of transformed columns to planes.</summary>
    /// <param name="from">The first element of the row.</param>
    /// <param name="step">From one to the next.</param>
    /// <param name="planes">The first plane, at the first of the channels.</param>
    /// <param name="planeStep">From one plane to the next, for one row a tile.</param>
    /// <param name="channels">The channels.</param>
    /// <param name="tile">The tile's number in the planes.</param>
    /// <param name="row">Which row.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void GatherRow<T, TLanes, TTransform>(
        T* from, nint step, T* planes, nint planeStep, nint channels, int tile, int row)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TLanes, T>
        where TTransform : struct, IWinogradTransform
    {
        // Places above each other, and their rows: 9, 9, 9, 9, 9 and 36 planes.
        int rows = row < Alone ? 1 : Together, inPlace = Math.Max(row - Alone, 0);
        T* first = planes + (Math.Min(row, Alone) * Side * planeStep) + (((tile * rows) + inPlace) * channels);
        T* together = planes + (((Math.Min(row, Alone) * Side) + (Alone * rows)) * planeStep)
            + (((tile * rows) + inPlace) * Together * channels);
        TTransform.Run<T, TLanes, Line<T, TLanes>>(new(from, step, first, rows * planeStep, together, channels));
    }

    /// <summary>Transforms the products of a tile, and writes them.</summary>
    /// <param name="planes">The first plane, at the first of the channels.</param>
    /// <param name="planeStep">From one plane to the next, for one row a tile.</param>
    /// <param name="channels">From one row of a plane to the next.</param>
    /// <param name="tile">The tile's number in the planes.</param>
    /// <param name="target">Where the results go.</param>
    /// <param name="between">Memory for the transformed columns.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Scatter<T, TLanes, TTransform, TTarget>(
        T* planes, nint planeStep, nint channels, int tile, TTarget target, T* between)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TLanes, T>
        where TTransform : struct, IWinogradTransform
        where TTarget : struct, IWinogradTarget<TLanes>
    {
        int step = Side * TLanes.Count;
        for (int column = 0; column < Side; column++)
        {
            int rows = column < Alone ? 1 : Together, inPlace = Math.Max(column - Alone, 0), place = Math.Min(column, Alone);
            T* first = planes + (place * planeStep) + (((tile * rows) + inPlace) * channels);
            T* together = planes + (((Alone * Side) + (place * Together)) * planeStep) + (((tile * rows * Together) + inPlace) * channels);
            TTransform.Run<T, TLanes, Column<T, TLanes>>(
                new(first, Side * planeStep, together, rows * channels, between + (column * TLanes.Count), step));
        }
        for (int row = 0; row < TTransform.To; row++)
            TTransform.Run<T, TLanes, WinogradSquare.Row<T, TLanes, TTarget>>(new(between + (row * step), target, row));
    }

    /// <summary>A row that is transformed to places beside each other.</summary>
    private readonly struct Line<T, TLanes>(T* from, nint step, T* first, nint placeStep, T* together, nint togetherStep)
        : IWinogradLine<TLanes>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TLanes, T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Load(int index) => TLanes.Load(in from[index * step]);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Store(int index, TLanes value) =>
            value.Store(ref index < Alone ? ref first[index * placeStep] : ref together[(index - Alone) * togetherStep]);
    }

    /// <summary>A column of products.</summary>
    private readonly struct Column<T, TLanes>(T* first, nint placeStep, T* together, nint togetherStep, T* to, nint step)
        : IWinogradLine<TLanes>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TLanes, T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Load(int index) =>
            TLanes.Load(in index < Alone ? ref first[index * placeStep] : ref together[(index - Alone) * togetherStep]);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Store(int index, TLanes value) => value.Store(ref to[index * step]);
    }
}
