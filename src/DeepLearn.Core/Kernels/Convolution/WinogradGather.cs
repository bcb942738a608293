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
    /// <summary>Transforms some tiles; the parameters are those of <see cref="WinogradKernels{T}.TransformInputs"/>.</summary>
    public static void Run(
        WinogradGrid grid, T* images, nint stride, int first, int count, T* zeros, T* planes, nint planeStep, int at)
    {
        // What does not fill a vector has narrower ones: one channel at a time takes as long as a vector.
        for (int from = 0; from < grid.Channels;)
        {
            int width = LaneWidth.ForSpan((grid.Channels - from) * (nint)sizeof(T)), lanes = LaneWidth.Lanes<T>(width);
            int to = grid.Channels - ((grid.Channels - from) % lanes);
            switch (width)
            {
                case 512 when LaneWidth.Has512:
                    Run<Lanes512<T>>(grid, from, to, images, stride, first, count, zeros, planes, planeStep, at);
                    break;
                case 256:
                    Run<Lanes256<T>>(grid, from, to, images, stride, first, count, zeros, planes, planeStep, at);
                    break;
                case 128:
                    Run<Lanes128<T>>(grid, from, to, images, stride, first, count, zeros, planes, planeStep, at);
                    break;
                default:
                    Run<Lane<T>>(grid, from, to, images, stride, first, count, zeros, planes, planeStep, at);
                    break;
            }
            from = to;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TLanes>(
        WinogradGrid grid, int from, int to, T* images, nint stride, int first, int count, T* zeros, T* planes, nint planeStep, int at)
        where TLanes : struct, ILanes<TLanes, T>
    {
        if (WinogradBands.Takes<TTransform>())
        {
            WinogradBands.Gather<T, TLanes, TTransform>(grid, from, to, images, stride, first, count, planes, planeStep, at);
            return;
        }
        T** places = stackalloc T*[TTransform.From * TTransform.From];
        T* between = stackalloc T[TTransform.From * TTransform.To * TLanes.Count];
        for (int tile = 0; tile < count; tile++)
        {
            grid.Find(images, stride, first + tile, zeros, places);
            T* rows = planes + ((nint)(at + tile) * grid.Channels);
            for (int c = from; c < to; c += TLanes.Count)
            {
                WinogradSquare.Transform<T, TLanes, TTransform, WinogradPatch<T, TLanes>, WinogradPlanes<T, TLanes>>(
                    new(places, TTransform.From, c), new(rows + c, planeStep, TTransform.To), between);
            }
        }
    }
}
