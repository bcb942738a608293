using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Convolution;

/// <summary>
/// The transforms of many tiles or kernels, for the five matrices of one tile size. Each loop is written out. One generic loop over passes
/// that are structs is a tenth slower, since the JIT compiler then keeps their fields in memory.
/// </summary>
internal sealed unsafe class WinogradTileKernels<T, TInput, TOutput, TKernel, TOutputGradient, TKernelGradient> : WinogradKernels<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TInput : struct, IWinogradTransform
    where TOutput : struct, IWinogradTransform
    where TKernel : struct, IWinogradTransform
    where TOutputGradient : struct, IWinogradTransform
    where TKernelGradient : struct, IWinogradTransform
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    public override int Outputs => TOutput.To;

    public override int Kernel => TKernel.From;

    public override int Side => TInput.From;

    public override int Products => TInput.To * TInput.To;

    public override int Places => TKernel.To * TKernel.To;

    /// <summary>The products of a line that share the last place.</summary>
    private static int Together => TInput.To - TKernel.To + 1;

    public override int RowsOf(int place)
    {
        (int row, int column) = Math.DivRem(place, TKernel.To);
        return (row == TKernel.To - 1 ? Together : 1) * (column == TKernel.To - 1 ? Together : 1);
    }

    public override int PlaneOf(int place)
    {
        (int row, int column) = Math.DivRem(place, TKernel.To);
        return (row * TInput.To) + (row == TKernel.To - 1 ? column * Together : column);
    }

    public override void TransformInputs(
        WinogradGrid grid, T* images, nint stride, int first, int count, T* zeros, T* planes, nint planeStep, int at) =>
        Gather<TInput>(grid, images, stride, first, count, zeros, planes, planeStep, at);

    public override void TransformOutputGradients(
        WinogradGrid grid, T* images, nint stride, int first, int count, T* zeros, T* planes, nint planeStep, int at) =>
        Gather<TOutputGradient>(grid, images, stride, first, count, zeros, planes, planeStep, at);

    public override void TransformOutputs(
        WinogradGrid grid,
        T* planes,
        nint planeStep,
        nint rowStep,
        int first,
        int count,
        int channels,
        T* biases,
        bool relu,
        T* spill,
        T* images,
        nint stride)
    {
        switch (LaneWidth.ForSpan((nint)channels * sizeof(T)))
        {
            case 512:
                Scatter<Lanes512<T>>(grid, planes, planeStep, rowStep, first, count, channels, biases, relu, spill, images, stride);
                break;
            case 256:
                Scatter<Lanes256<T>>(grid, planes, planeStep, rowStep, first, count, channels, biases, relu, spill, images, stride);
                break;
            case 128:
                Scatter<Lanes128<T>>(grid, planes, planeStep, rowStep, first, count, channels, biases, relu, spill, images, stride);
                break;
            default:
                Scatter<Lane<T>>(grid, planes, planeStep, rowStep, first, count, channels, biases, relu, spill, images, stride);
                break;
        }
    }

    public override void TransformWeights(T* weights, nint tapStep, T* planes, nint planeStep, int count)
    {
        switch (LaneWidth.ForSpan((nint)count * sizeof(T)))
        {
            case 512:
                Weights<Lanes512<T>>(weights, tapStep, planes, planeStep, count);
                break;
            case 256:
                Weights<Lanes256<T>>(weights, tapStep, planes, planeStep, count);
                break;
            case 128:
                Weights<Lanes128<T>>(weights, tapStep, planes, planeStep, count);
                break;
            default:
                Weights<Lane<T>>(weights, tapStep, planes, planeStep, count);
                break;
        }
    }

    public override void TransformSums(T* planes, nint planeStep, int count, T scale, T keep, T* weights, nint tapStep)
    {
        switch (LaneWidth.ForSpan((nint)count * sizeof(T)))
        {
            case 512:
                Sums<Lanes512<T>>(planes, planeStep, count, scale, keep, weights, tapStep);
                break;
            case 256:
                Sums<Lanes256<T>>(planes, planeStep, count, scale, keep, weights, tapStep);
                break;
            case 128:
                Sums<Lanes128<T>>(planes, planeStep, count, scale, keep, weights, tapStep);
                break;
            default:
                Sums<Lane<T>>(planes, planeStep, count, scale, keep, weights, tapStep);
                break;
        }
    }

    private static void Gather<TTransform>(
        WinogradGrid grid, T* images, nint stride, int first, int count, T* zeros, T* planes, nint planeStep, int at)
        where TTransform : struct, IWinogradTransform
    {
        switch (LaneWidth.ForSpan((nint)grid.Channels * sizeof(T)))
        {
            case 512:
                Gather<TTransform, Lanes512<T>>(grid, images, stride, first, count, zeros, planes, planeStep, at);
                break;
            case 256:
                Gather<TTransform, Lanes256<T>>(grid, images, stride, first, count, zeros, planes, planeStep, at);
                break;
            case 128:
                Gather<TTransform, Lanes128<T>>(grid, images, stride, first, count, zeros, planes, planeStep, at);
                break;
            default:
                Gather<TTransform, Lane<T>>(grid, images, stride, first, count, zeros, planes, planeStep, at);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Gather<TTransform, TLanes>(
        WinogradGrid grid, T* images, nint stride, int first, int count, T* zeros, T* planes, nint planeStep, int at)
        where TTransform : struct, IWinogradTransform
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
                GatherOne<TTransform, TLanes>(places, c, planes + c, planeStep, channels, at + tile, between);
            for (; c < channels; c++)
                GatherRest<TTransform>(places, c, planes + c, planeStep, channels, at + tile, between);
        }
    }

    [MethodImpl(Inline)]
    private static void GatherOne<TTransform, TLanes>(
        T** places, int channel, T* planes, nint planeStep, int channels, int tile, T* between)
        where TTransform : struct, IWinogradTransform
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

    private static void GatherRest<TTransform>(
        T** places, int channel, T* planes, nint planeStep, int channels, int tile, T* between)
        where TTransform : struct, IWinogradTransform =>
        GatherOne<TTransform, Lane<T>>(places, channel, planes, planeStep, channels, tile, between);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scatter<TLanes>(
        WinogradGrid grid,
        T* planes,
        nint planeStep,
        nint rowStep,
        int first,
        int count,
        int channels,
        T* biases,
        bool relu,
        T* spill,
        T* images,
        nint stride)
        where TLanes : struct, ILanes<TLanes, T>
    {
        T** places = stackalloc T*[TOutput.To * TOutput.To];
        T* between = stackalloc T[TOutput.From * TOutput.To * TLanes.Count];
        for (int tile = 0; tile < count; tile++)
        {
            grid.Find(images, stride, first + tile, spill, places);
            nint ahead = grid.Ahead(stride, first + tile);
            int c = 0;
            for (; c <= channels - TLanes.Count; c += TLanes.Count)
            {
                Ask(places, ahead + c);
                ScatterOne<TLanes>(planes + c, planeStep, rowStep, tile, places, c, biases, relu, between);
            }
            for (; c < channels; c++)
                ScatterRest(planes + c, planeStep, rowStep, tile, places, c, biases, relu, between);
        }
    }

    /// <summary>Asks for the memory of a tile that is written soon, which is longer in coming than the transform takes.</summary>
    [MethodImpl(Inline)]
    private static void Ask(T** places, nint offset)
    {
        if (!Sse.IsSupported)
            return;
        for (int place = 0; place < TOutput.To * TOutput.To; place++)
            Sse.Prefetch0(places[place] + offset);
    }

    [MethodImpl(Inline)]
    private static void ScatterOne<TLanes>(
        T* planes, nint planeStep, nint rowStep, int tile, T** places, int channel, T* biases, bool relu, T* between)
        where TLanes : struct, ILanes<TLanes, T>
    {
        var target = new WinogradResults<T, TLanes>(places, TOutput.To, channel, biases, relu);
        if (TOutput.From == WinogradStride.Side)
        {
            WinogradStride.Scatter<T, TLanes, TOutput, WinogradResults<T, TLanes>>(planes, planeStep, rowStep, tile, target, between);
            return;
        }
        WinogradSquare.Transform<T, TLanes, TOutput, WinogradPlanes<T, TLanes>, WinogradResults<T, TLanes>>(
            new(planes + (tile * rowStep), planeStep, TOutput.From), target, between);
    }

    private static void ScatterRest(
        T* planes, nint planeStep, nint rowStep, int tile, T** places, int channel, T* biases, bool relu, T* between) =>
        ScatterOne<Lane<T>>(planes, planeStep, rowStep, tile, places, channel, biases, relu, between);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Weights<TLanes>(T* weights, nint tapStep, T* planes, nint planeStep, int count)
        where TLanes : struct, ILanes<TLanes, T>
    {
        T* between = stackalloc T[TKernel.From * TKernel.To * TLanes.Count];
        int i = 0;
        for (; i <= count - TLanes.Count; i += TLanes.Count)
            WeightsOne<TLanes>(weights + i, tapStep, planes + i, planeStep, between);
        for (; i < count; i++)
            WeightsOne<Lane<T>>(weights + i, tapStep, planes + i, planeStep, between);
    }

    [MethodImpl(Inline)]
    private static void WeightsOne<TLanes>(T* weights, nint tapStep, T* planes, nint planeStep, T* between)
        where TLanes : struct, ILanes<TLanes, T> =>
        WinogradSquare.Transform<T, TLanes, TKernel, WinogradPlanes<T, TLanes>, WinogradPlanes<T, TLanes>>(
            new(weights, tapStep, TKernel.From), new(planes, planeStep, TKernel.To), between);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sums<TLanes>(T* planes, nint planeStep, int count, T scale, T keep, T* weights, nint tapStep)
        where TLanes : struct, ILanes<TLanes, T>
    {
        T* between = stackalloc T[TKernelGradient.From * TKernelGradient.To * TLanes.Count];
        int i = 0;
        for (; i <= count - TLanes.Count; i += TLanes.Count)
            SumsOne<TLanes>(planes + i, planeStep, scale, keep, weights + i, tapStep, between);
        for (; i < count; i++)
            SumsOne<Lane<T>>(planes + i, planeStep, scale, keep, weights + i, tapStep, between);
    }

    [MethodImpl(Inline)]
    private static void SumsOne<TLanes>(T* planes, nint planeStep, T scale, T keep, T* weights, nint tapStep, T* between)
        where TLanes : struct, ILanes<TLanes, T> =>
        WinogradSquare.Transform<T, TLanes, TKernelGradient, WinogradPlanes<T, TLanes>, WinogradTaps<T, TLanes>>(
            new(planes, planeStep, TKernelGradient.From), new(weights, tapStep, TKernelGradient.To, scale, keep), between);
}
