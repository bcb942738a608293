using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Convolution;

/// <summary>
/// Transforms squares of an image to planes, a band of neighboring tiles at a time: a column that two tiles see is transformed once, no
/// address is written down for each of its elements, and the rows of the next band are asked for meanwhile, which would be waited for
/// longer than all operations take. The operations are those of <see cref="WinogradSquare"/>, and so are the bits.
/// </summary>
internal static unsafe class WinogradBands
{
    /// <summary>The most tiles of a band, its most columns, and the fewest rows of a square.</summary>
    private const int MostTiles = 8, MostColumns = 34, LeastSide = 6;

    /// <summary>Whether a transform is done here: one to squares of 6x6 or 9x9.</summary>
    /// <typeparam name="TTransform">The transform.</typeparam>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Takes<TTransform>()
        where TTransform : struct, IWinogradTransform => TTransform.To >= LeastSide;

    /// <summary>
    /// Transforms some channels of some tiles, whole vectors from one channel up to another; the other parameters are those of
    /// <see cref="WinogradKernels{T}.TransformInputs"/>.
    /// </summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gather<T, TLanes, TTransform>(
        WinogradGrid grid, int from, int to, T* images, nint stride, int first, int count, T* planes, nint planeStep, int at)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TLanes, T>
        where TTransform : struct, IWinogradTransform
    {
        int channels = grid.Channels, width = TLanes.Count, step = grid.Step, end = first + count;
        T* between = stackalloc T[TTransform.To * MostColumns * width];
        for (int tile = first; tile < end;)
        {
            (int image, int inImage) = Math.DivRem(tile, grid.Tiles);
            (int down, int across) = Math.DivRem(inImage, grid.Across);
            int most = Math.Min(((MostColumns - TTransform.From) / step) + 1, MostTiles);
            int tiles = Math.Min(Math.Min(grid.Across - across, end - tile), most), columns = ((tiles - 1) * step) + TTransform.From;
            int top = (down * step) + grid.Top, left = (across * step) + grid.Left;

            // The columns inside the image, and the first of them in the first row.
            int start = Math.Clamp(-left, 0, columns), stop = Math.Clamp(grid.Width - left, start, columns);
            T* corner = images + (image * stride) + ((((nint)top * grid.Width) + left + start) * channels);
            bool isInside = top >= 0 && top + TTransform.From <= grid.Height;
            for (int c = from; c < to; c += width)
            {
                Outside<T, TLanes, TTransform>(between, 0, start);
                if (isInside)
                    Inside<T, TLanes, TTransform>(grid, corner + c, between, start, stop);
                else
                    Edge<T, TLanes, TTransform>(grid, top, corner + c, between, start, stop);
                Outside<T, TLanes, TTransform>(between, stop, columns);
                for (int of = 0; of < tiles; of++)
                {
                    T* columnsOfTile = between + (of * step * width), plane = planes + c + ((nint)(at + of) * channels);
                    for (int row = 0; row < TTransform.To; row++)
                    {
                        // Known when this is compiled.
                        if (TTransform.To == WinogradStride.Side)
                        {
                            WinogradStride.GatherRow<T, TLanes, TTransform>(
                                columnsOfTile + (row * MostColumns * width), width, planes + c, planeStep, channels, at + of, row);
                            continue;
                        }
                        TTransform.Run<T, TLanes, Row<T, TLanes>>(
                            new(columnsOfTile + (row * MostColumns * width), plane + (row * TTransform.To * planeStep), planeStep));
                    }
                }
            }
            tile += tiles;
            at += tiles;
        }
    }

    /// <summary>Columns of a band all of whose rows are inside the image.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Inside<T, TLanes, TTransform>(WinogradGrid grid, T* from, T* between, int column, int stop)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TLanes, T>
        where TTransform : struct, IWinogradTransform
    {
        nint channels = grid.Channels, rowStep = grid.Width * channels;
        T* ahead = from + (TTransform.From * rowStep), to = between + (column * TLanes.Count);
        for (; column < stop; column++, from += channels, ahead += channels, to += TLanes.Count)
        {
            Ask(ahead, rowStep, grid.Step);
            TTransform.Run<T, TLanes, Column<T, TLanes>>(new(from, rowStep, to));
        }
    }

    /// <summary>Columns of a band with rows above or below the image.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Edge<T, TLanes, TTransform>(WinogradGrid grid, int top, T* from, T* between, int column, int stop)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TLanes, T>
        where TTransform : struct, IWinogradTransform
    {
        nint channels = grid.Channels, rowStep = grid.Width * channels;
        T* ahead = from + (TTransform.From * rowStep), to = between + (column * TLanes.Count);
        for (; column < stop; column++, from += channels, ahead += channels, to += TLanes.Count)
        {
            Ask(ahead, rowStep, grid.Step);
            TTransform.Run<T, TLanes, EdgeColumn<T, TLanes>>(new(from, rowStep, top, grid.Height, to));
        }
    }

    /// <summary>Columns beside the image.</summary>
    private static void Outside<T, TLanes, TTransform>(T* between, int column, int stop)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TLanes, T>
        where TTransform : struct, IWinogradTransform
    {
        for (; column < stop; column++)
            TTransform.Run<T, TLanes, Zeros<T, TLanes>>(new(between + (column * TLanes.Count)));
    }

    /// <summary>Asks for the rows that the next band has and this one has not. Nothing is read; they may be in no memory at all.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Ask<T>(T* ahead, nint rowStep, int rows)
        where T : unmanaged
    {
        if (!Sse.IsSupported)
            return;
        for (int row = 0; row < rows; row++, ahead += rowStep)
            Sse.Prefetch0(ahead);
    }

    /// <summary>A column inside the image.</summary>
    private readonly struct Column<T, TLanes>(T* from, nint rowStep, T* to) : IWinogradLine<TLanes>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TLanes, T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Load(int index) => TLanes.Load(in from[index * rowStep]);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Store(int index, TLanes value) => value.Store(ref to[index * MostColumns * TLanes.Count]);
    }

    /// <summary>A column that has rows outside the image, which are zeros.</summary>
    private readonly struct EdgeColumn<T, TLanes>(T* from, nint rowStep, int top, int height, T* to) : IWinogradLine<TLanes>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TLanes, T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Load(int index) => (uint)(top + index) < (uint)height ? TLanes.Load(in from[index * rowStep]) : default;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Store(int index, TLanes value) => value.Store(ref to[index * MostColumns * TLanes.Count]);
    }

    /// <summary>A column outside the image.</summary>
    private readonly struct Zeros<T, TLanes>(T* to) : IWinogradLine<TLanes>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TLanes, T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Load(int index) => default;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Store(int index, TLanes value) => value.Store(ref to[index * MostColumns * TLanes.Count]);
    }

    /// <summary>A row of transformed columns, and where it goes.</summary>
    private readonly struct Row<T, TLanes>(T* from, T* planes, nint planeStep) : IWinogradLine<TLanes>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TLanes : struct, ILanes<TLanes, T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Load(int index) => TLanes.Load(in from[index * TLanes.Count]);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Store(int index, TLanes value) => value.Store(ref planes[index * planeStep]);
    }
}
