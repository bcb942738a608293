using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Convolution;

/// <summary>
/// F(4x4, 3x3) of a tile or two, as for one image of 4x4 with 512 channels: transformed weights, of which each is used once or twice, are
/// multiplied as soon as they are in registers, and sums become gradients of taps there. Neither is written down.
/// </summary>
/// <remarks>The operations are those of the products with transformed weights, in the same order, and so are the bits.</remarks>
internal static unsafe class WinogradFewTiles<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The most tiles for outputs and for gradients of inputs: each takes half of a transform of its own.</summary>
    public const int MostTiles = 2;

    /// <summary>The most tiles for gradients of weights, which are transformed once for all tiles.</summary>
    private const int MostTilesOfSums = 8;

    /// <summary>How many rows of the weights are multiplied while a vector of results is in registers.</summary>
    private const int RowsTogether = 8;

    /// <summary>The vectors of a kernel between the two steps of its transform.</summary>
    private const int Between = 6 * 3;

    /// <summary>Whether outputs and gradients of inputs are computed here.</summary>
    public static bool Takes(WinogradKernels<T> kernels, int tiles) =>
        kernels is { Outputs: 4, Kernel: 3, Products: 36 } && tiles <= MostTiles;

    /// <summary>Whether gradients of weights are computed here.</summary>
    public static bool TakesSums(WinogradKernels<T> kernels, int tiles) =>
        kernels is { Outputs: 4, Kernel: 3, Products: 36 } && tiles <= MostTilesOfSums;

    /// <summary>Multiplies transformed inputs by weights that are transformed here.</summary>
    /// <param name="weights">The first weight of the first tap that is read.</param>
    /// <param name="tapStep">From one tap to the next; negative to rotate the kernels by 180 degrees.</param>
    /// <param name="rowStep">From one row of weights to the next.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="columns">The columns.</param>
    /// <param name="next">Weights that are read afterwards; none where these are the rows that follow.</param>
    /// <param name="inputs">The transformed inputs of the first place and tile, at the first row.</param>
    /// <param name="inputStep">From one place to the next.</param>
    /// <param name="inputTile">From one tile to the next.</param>
    /// <param name="tiles">The tiles.</param>
    /// <param name="goesOn">Whether the sums begin with what is there, not with 0.</param>
    /// <param name="sums">The sums of the first place; each tile has as many as there are columns.</param>
    /// <param name="sumStep">From one place to the next.</param>
    public static void Multiply(
        T* weights, nint tapStep, nint rowStep, int rows, int columns, WinogradAhead<T> next, T* inputs, nint inputStep, nint inputTile,
        int tiles, bool goesOn, T* sums, nint sumStep)
    {
        var inner = new Inputs(inputs, inputStep, inputTile, tiles);
        switch (Width(columns))
        {
            case 512 when LaneWidth.Has512:
                Multiply<Lanes512<T>>(weights, tapStep, rowStep, rows, columns, next, inner, goesOn, sums, sumStep);
                break;
            case 256:
                Multiply<Lanes256<T>>(weights, tapStep, rowStep, rows, columns, next, inner, goesOn, sums, sumStep);
                break;
            case 128:
                Multiply<Lanes128<T>>(weights, tapStep, rowStep, rows, columns, next, inner, goesOn, sums, sumStep);
                break;
            default:
                Multiply<Lane<T>>(weights, tapStep, rowStep, rows, columns, next, inner, goesOn, sums, sumStep);
                break;
        }
    }

    /// <summary>Computes gradients of weights: <c>destination = keep * destination + scale * gradient</c>.</summary>
    /// <param name="inputs">The transformed inputs of the first place and tile, at the first row.</param>
    /// <param name="inputStep">From one place to the next.</param>
    /// <param name="inputTile">From one tile to the next.</param>
    /// <param name="gradients">The transformed gradients of outputs, at the first column.</param>
    /// <param name="gradientStep">From one place to the next.</param>
    /// <param name="gradientTile">From one tile to the next.</param>
    /// <param name="tiles">The tiles.</param>
    /// <param name="rows">The rows of weights.</param>
    /// <param name="columns">Their columns.</param>
    /// <param name="scale">The factor on the gradient.</param>
    /// <param name="keep">The factor on the old values; with 0 they are not read.</param>
    /// <param name="destination">The first weight of the first tap.</param>
    /// <param name="tapStep">From one tap to the next.</param>
    /// <param name="rowStep">From one row of weights to the next.</param>
    public static void Sum(
        T* inputs, nint inputStep, nint inputTile, T* gradients, nint gradientStep, nint gradientTile, int tiles, int rows, int columns,
        T scale, T keep, T* destination, nint tapStep, nint rowStep)
    {
        Inputs left = new(inputs, inputStep, inputTile, tiles), right = new(gradients, gradientStep, gradientTile, tiles);
        switch (Width(columns))
        {
            case 512 when LaneWidth.Has512:
                Sum<Lanes512<T>>(left, right, rows, columns, scale, keep, destination, tapStep, rowStep);
                break;
            case 256:
                Sum<Lanes256<T>>(left, right, rows, columns, scale, keep, destination, tapStep, rowStep);
                break;
            case 128:
                Sum<Lanes128<T>>(left, right, rows, columns, scale, keep, destination, tapStep, rowStep);
                break;
            default:
                Sum<Lane<T>>(left, right, rows, columns, scale, keep, destination, tapStep, rowStep);
                break;
        }
    }

    /// <summary>The widest vectors, since there are many operations for each number; no wider than a row.</summary>
    private static int Width(int columns)
    {
        int width = LaneWidth.Current;
        while (width > 128 && (nint)columns * sizeof(T) * 8 < width)
            width /= 2;
        return width;
    }

    private static void Multiply<TLanes>(
        T* weights, nint tapStep, nint rowStep, int rows, int columns, WinogradAhead<T> next, Inputs inputs, bool goesOn, T* sums,
        nint sumStep)
        where TLanes : struct, ILanes<TLanes, T>
    {
        T* between = stackalloc T[RowsTogether * Between * TLanes.Count];
        int item = 0;
        for (int row = 0; row < rows; row += RowsTogether)
        {
            int count = Math.Min(RowsTogether, rows - row), column = 0;
            T* from = weights + (row * rowStep);
            Inputs ofRows = inputs.At(row);
            for (; column <= columns - TLanes.Count; column += TLanes.Count, item++)
            {
                // What comes next: columns beside these, or the next rows.
                T* here = column + TLanes.Count < columns ? from + column + TLanes.Count : from + (count * rowStep);
                WinogradAhead<T> ahead = next.First == null ? new(here, tapStep, rowStep) : next.Part(item, RowsTogether);
                MultiplyOne<TLanes>(
                    from + column, tapStep, rowStep, count, between, ofRows, goesOn || row > 0, sums + column, sumStep, columns, ahead);
            }
            for (; column < columns; column++)
            {
                MultiplyOne<Lane<T>>(
                    from + column, tapStep, rowStep, count, between, ofRows, goesOn || row > 0, sums + column, sumStep, columns,
                    new(from, tapStep, rowStep));
            }
        }
    }

    /// <summary>A vector of results: the first step of the transform, columns, and then the second with the products.</summary>
    private static void MultiplyOne<TLanes>(
        T* weights, nint tapStep, nint rowStep, int rows, T* between, Inputs inputs, bool goesOn, T* sums, nint sumStep, nint sumTile,
        WinogradAhead<T> ahead)
        where TLanes : struct, ILanes<TLanes, T>
    {
        Transform<TLanes>(weights, tapStep, rowStep, rows, between);
        for (int tile = 0; tile < inputs.Tiles; tile++)
        {
            T* first = inputs.First + (tile * inputs.TileStep);
            Add<TLanes>(between, rows, first, inputs.Step, goesOn, sums + (tile * sumTile), sumStep, ahead);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transform<TLanes>(T* weights, nint tapStep, nint rowStep, int rows, T* between)
        where TLanes : struct, ILanes<TLanes, T>
    {
        int width = TLanes.Count;
        for (int row = 0; row < rows; row++, weights += rowStep, between += Between * width)
        {
            for (int column = 0; column < 3; column++)
            {
                T* from = weights + (column * tapStep), to = between + (column * width);
                WinogradKernel4.Apply<T, TLanes>(
                    TLanes.Load(in *from),
                    TLanes.Load(in from[3 * tapStep]),
                    TLanes.Load(in from[6 * tapStep]),
                    out TLanes y0,
                    out TLanes y1,
                    out TLanes y2,
                    out TLanes y3,
                    out TLanes y4,
                    out TLanes y5);
                y0.Store(ref *to);
                y1.Store(ref to[3 * width]);
                y2.Store(ref to[6 * width]);
                y3.Store(ref to[9 * width]);
                y4.Store(ref to[12 * width]);
                y5.Store(ref to[15 * width]);
            }
        }
    }

    /// <summary>
    /// The second step, rows, whose results are multiplied at once: six sums of one row of places at a time. Asks for the memory of the
    /// weights that come next, which would take longer than the sums otherwise.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add<TLanes>(
        T* between, int rows, T* inputs, nint inputStep, bool goesOn, T* sums, nint sumStep, WinogradAhead<T> next)
        where TLanes : struct, ILanes<TLanes, T>
    {
        int width = TLanes.Count;
        T* ahead = next.First;
        nint tapStep = next.TapStep, rowStep = next.RowStep;
        for (int place = 0; place < 6; place++, between += 3 * width, inputs += 6 * inputStep, sums += 6 * sumStep, ahead += tapStep)
        {
            T* s1 = sums + sumStep, s2 = s1 + sumStep, s3 = s2 + sumStep, s4 = s3 + sumStep, s5 = s4 + sumStep;
            TLanes a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default;
            if (goesOn)
            {
                a0 = TLanes.Load(in *sums);
                a1 = TLanes.Load(in *s1);
                a2 = TLanes.Load(in *s2);
                a3 = TLanes.Load(in *s3);
                a4 = TLanes.Load(in *s4);
                a5 = TLanes.Load(in *s5);
            }
            T* from = between, x1 = inputs + inputStep, x2 = x1 + inputStep, x3 = x2 + inputStep, x4 = x3 + inputStep, x5 = x4 + inputStep;
            T* tap = ahead, tapAfter = place < 3 ? ahead + (6 * tapStep) : ahead;
            for (nint row = 0; row < rows; row++, from += Between * width)
            {
                if (Sse.IsSupported)
                {
                    Sse.Prefetch0(tap);
                    Sse.Prefetch0(tapAfter);
                }
                tap += rowStep;
                tapAfter += rowStep;
                WinogradKernel4.Apply<T, TLanes>(
                    TLanes.Load(in *from),
                    TLanes.Load(in from[width]),
                    TLanes.Load(in from[2 * width]),
                    out TLanes y0,
                    out TLanes y1,
                    out TLanes y2,
                    out TLanes y3,
                    out TLanes y4,
                    out TLanes y5);
                a0 = TLanes.FusedMultiplyAdd(TLanes.Create(inputs[row]), y0, a0);
                a1 = TLanes.FusedMultiplyAdd(TLanes.Create(x1[row]), y1, a1);
                a2 = TLanes.FusedMultiplyAdd(TLanes.Create(x2[row]), y2, a2);
                a3 = TLanes.FusedMultiplyAdd(TLanes.Create(x3[row]), y3, a3);
                a4 = TLanes.FusedMultiplyAdd(TLanes.Create(x4[row]), y4, a4);
                a5 = TLanes.FusedMultiplyAdd(TLanes.Create(x5[row]), y5, a5);
            }
            a0.Store(ref *sums);
            a1.Store(ref *s1);
            a2.Store(ref *s2);
            a3.Store(ref *s3);
            a4.Store(ref *s4);
            a5.Store(ref *s5);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sum<TLanes>(
        Inputs inputs, Inputs gradients, int rows, int columns, T scale, T keep, T* destination, nint tapStep, nint rowStep)
        where TLanes : struct, ILanes<TLanes, T>
    {
        T* between = stackalloc T[Between * TLanes.Count];
        for (int row = 0; row < rows; row++, destination += rowStep)
        {
            int column = 0;
            for (; column <= columns - TLanes.Count; column += TLanes.Count)
                SumOne<TLanes>(inputs, row, gradients, column, scale, keep, destination + column, tapStep, rowStep, between);
            for (; column < columns; column++)
                SumOne<Lane<T>>(inputs, row, gradients, column, scale, keep, destination + column, tapStep, rowStep, between);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SumOne<TLanes>(
        Inputs inputs, int row, Inputs gradients, int column, T scale, T keep, T* destination, nint tapStep, nint rowStep,
        T* between)
        where TLanes : struct, ILanes<TLanes, T>
    {
        int width = TLanes.Count;
        nint left = inputs.Step, right = gradients.Step;
        for (int place = 0; place < 6; place++)
        {
            T* x = inputs.First + (place * left) + row, g = gradients.First + (place * right) + column;
            if (Sse.IsSupported)
            {
                Sse.Prefetch0(destination + rowStep + (place * tapStep));
                if (place < 3)
                    Sse.Prefetch0(destination + rowStep + ((6 + place) * tapStep));
            }
            TLanes a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default;
            for (int tile = 0; tile < inputs.Tiles; tile++, x += inputs.TileStep, g += gradients.TileStep)
            {
                a0 = TLanes.FusedMultiplyAdd(TLanes.Create(*x), TLanes.Load(in *g), a0);
                a1 = TLanes.FusedMultiplyAdd(TLanes.Create(x[6 * left]), TLanes.Load(in g[6 * right]), a1);
                a2 = TLanes.FusedMultiplyAdd(TLanes.Create(x[12 * left]), TLanes.Load(in g[12 * right]), a2);
                a3 = TLanes.FusedMultiplyAdd(TLanes.Create(x[18 * left]), TLanes.Load(in g[18 * right]), a3);
                a4 = TLanes.FusedMultiplyAdd(TLanes.Create(x[24 * left]), TLanes.Load(in g[24 * right]), a4);
                a5 = TLanes.FusedMultiplyAdd(TLanes.Create(x[30 * left]), TLanes.Load(in g[30 * right]), a5);
            }
            WinogradKernelGradient4.Apply<T, TLanes>(a0, a1, a2, a3, a4, a5, out TLanes y0, out TLanes y1, out TLanes y2);
            y0.Store(ref between[place * width]);
            y1.Store(ref between[(6 + place) * width]);
            y2.Store(ref between[(12 + place) * width]);
        }
        var taps = new WinogradTaps<T, TLanes>(destination, tapStep, 3, scale, keep);
        for (int tapRow = 0; tapRow < 3; tapRow++, between += 6 * width)
        {
            WinogradKernelGradient4.Apply<T, TLanes>(
                TLanes.Load(in *between),
                TLanes.Load(in between[width]),
                TLanes.Load(in between[2 * width]),
                TLanes.Load(in between[3 * width]),
                TLanes.Load(in between[4 * width]),
                TLanes.Load(in between[5 * width]),
                out TLanes y0,
                out TLanes y1,
                out TLanes y2);
            taps.Store(tapRow, 0, y0);
            taps.Store(tapRow, 1, y1);
            taps.Store(tapRow, 2, y2);
        }
    }

    /// <summary>Transformed tiles: where the first is, and how far it is to the next place and to the next tile.</summary>
    private readonly struct Inputs(T* first, nint step, nint tileStep, int tiles)
    {
        public readonly T* First = first;
        public readonly nint Step = step;
        public readonly nint TileStep = tileStep;
        public readonly int Tiles = tiles;

        public Inputs At(int row) => new(First + row, Step, TileStep, Tiles);
    }
}
