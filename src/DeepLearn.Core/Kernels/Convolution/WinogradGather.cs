using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Convolution;

/// <summary>
/// Transforms squares of images to planes. It is known by its matrix alone, so that tiles of several sizes share it.
/// </summary>
internal static unsafe class WinogradGather<T, TTransform>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TTransform : struct, IWinogradTransform
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>Transforms some tiles; the parameters are those of <see cref="WinogradKernels{T}.TransformInputs"/>.</summary>
    public static void Run(
        WinogradGrid grid, T* images, nint stride, int first, int count, T* zeros, T* planes, nint planeStep, int at)
    {
        switch (LaneWidth.ForSpan((nint)grid.Channels * sizeof(T)))
        {
            case 512 when LaneWidth.Has512:
                Run<Lanes512<T>>(grid, images, stride, first, count, zeros, planes, planeStep, at);
                break;
            case 256:
                Run<Lanes256<T>>(grid, images, stride, first, count, zeros, planes, planeStep, at);
                break;
            case 128:
                Run<Lanes128<T>>(grid, images, stride, first, count, zeros, planes, planeStep, at);
                break;
            default:
                Run<Lane<T>>(grid, images, stride, first, count, zeros, planes, planeStep, at);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TLanes>(
        WinogradGrid grid, T* images, nint stride, int first, int count, T* zeros, T* planes, nint planeStep, int at)
        where TLanes : struct, ILanes<TLanes, T>
    {
        if (WinogradBands.Takes<T, TLanes, TTransform>(grid.Channels))
        {
            WinogradBands.Gather<T, TLanes, TTransform>(grid, images, stride, first, count, planes, planeStep, at);
            return;
        }
        int channels = grid.Channels;
        T** places = stackalloc T*[TTransform.From * TTransform.From];
        T* between = stackalloc T[TTransform.From * TTransform.To * TLanes.Count];
        for (int tile = 0; tile < count; tile++)
        {
            grid.Find(images, stride, first + tile, zeros, places);
            int c = 0;
            for (; c <= channels - TLanes.Count; c += TLanes.Count)
                One<TLanes>(places, c, planes + c, planeStep, channels, at + tile, between);
            for (; c < channels; c++)
                Rest(places, c, planes + c, planeStep, channels, at + tile, between);
        }
    }

    [MethodImpl(Inline)]
    private static void One<TLanes>(
        T** places, int channel, T* planes, nint planeStep, int channels, int tile, T* between)
        where TLanes : struct, ILanes<TLanes, T>
    {
        var source = new WinogradPatch<T, TLanes>(places, TTransform.From, channel);
        if (TTransform.To == WinogradStride.Side)
        {
            WinogradStride.Gather<T, TLanes, TTransform, WinogradPatch<T, TLanes>>(source, planes, planeStep, channels, tile, between);
            return;
        }
        WinogradSquare.Transform<T, TLanes, TTransform, WinogradPatch<T, TLanes>, WinogradPlanes<T, TLanes>>(
            source, new(planes + ((nint)tile * channels), planeStep, TTransform.To), between);
    }

    private static void Rest(
        T** places, int channel, T* planes, nint planeStep, int channels, int tile, T* between) =>
        One<Lane<T>>(places, channel, planes, planeStep, channels, tile, between);
}
