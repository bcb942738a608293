using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Convolution;

/// <summary>Transforms planes of products to squares of images.</summary>
internal static unsafe class WinogradScatter<T, TTransform>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TTransform : struct, IWinogradTransform
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>Transforms some tiles; the parameters are those of <see cref="WinogradKernels{T}.TransformOutputs"/>.</summary>
    public static void Run(
        WinogradGrid grid, T* planes, nint planeStep, nint rowStep, int first, int count, int channels, T* biases, bool relu, T* spill,
        T* images, nint stride)
    {
        // What does not fill a vector has narrower ones, as in WinogradGather.
        for (int from = 0; from < channels;)
        {
            int width = LaneWidth.ForSpan((channels - from) * (nint)sizeof(T)), lanes = LaneWidth.Lanes<T>(width);
            int to = channels - ((channels - from) % lanes);
            switch (width)
            {
                case 512 when LaneWidth.Has512:
                    Run<Lanes512<T>>(grid, planes, planeStep, rowStep, first, count, from, to, biases, relu, spill, images, stride);
                    break;
                case 256:
                    Run<Lanes256<T>>(grid, planes, planeStep, rowStep, first, count, from, to, biases, relu, spill, images, stride);
                    break;
                case 128:
                    Run<Lanes128<T>>(grid, planes, planeStep, rowStep, first, count, from, to, biases, relu, spill, images, stride);
                    break;
                default:
                    Run<Lane<T>>(grid, planes, planeStep, rowStep, first, count, from, to, biases, relu, spill, images, stride);
                    break;
            }
            from = to;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TLanes>(
        WinogradGrid grid,
        T* planes,
        nint planeStep,
        nint rowStep,
        int first,
        int count,
        int from,
        int to,
        T* biases,
        bool relu,
        T* spill,
        T* images,
        nint stride)
        where TLanes : struct, ILanes<TLanes, T>
    {
        T** places = stackalloc T*[TTransform.To * TTransform.To];
        T* between = stackalloc T[TTransform.From * TTransform.To * TLanes.Count];
        for (int tile = 0; tile < count; tile++)
        {
            grid.Find(images, stride, first + tile, spill, places);
            nint ahead = grid.Ahead(stride, first + tile);
            for (int c = from; c < to; c += TLanes.Count)
            {
                Ask(places, ahead + c);
                One<TLanes>(planes + c, planeStep, rowStep, tile, places, c, biases, relu, between);
            }
        }
    }

    /// <summary>Asks for the memory of a tile that is written soon, which is longer in coming than the transform takes.</summary>
    [MethodImpl(Inline)]
    private static void Ask(T** places, nint offset)
    {
        if (!Sse.IsSupported)
            return;
        for (int place = 0; place < TTransform.To * TTransform.To; place++)
            Sse.Prefetch0(places[place] + offset);
    }

    [MethodImpl(Inline)]
    private static void One<TLanes>(
        T* planes, nint planeStep, nint rowStep, int tile, T** places, int channel, T* biases, bool relu, T* between)
        where TLanes : struct, ILanes<TLanes, T>
    {
        var target = new WinogradResults<T, TLanes>(places, TTransform.To, channel, biases, relu);
        if (TTransform.From == WinogradStride.Side)
        {
            WinogradStride.Scatter<T, TLanes, TTransform, WinogradResults<T, TLanes>>(planes, planeStep, rowStep, tile, target, between);
            return;
        }
        WinogradSquare.Transform<T, TLanes, TTransform, WinogradPlanes<T, TLanes>, WinogradResults<T, TLanes>>(
            new(planes + (tile * rowStep), planeStep, TTransform.From), target, between);
    }
}
