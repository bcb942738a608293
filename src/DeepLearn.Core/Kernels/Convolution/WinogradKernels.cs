using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Convolution;

/// <summary>The transforms of a Winograd convolution over many tiles or many kernels; the products between them are matrix
/// products.</summary>
internal abstract unsafe class WinogradKernels<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The side of a tile of outputs.</summary>
    public abstract int Outputs { get; }

    /// <summary>The side of the square of inputs that a tile sees, and of the square of products.</summary>
    public int Side => Outputs + 2;

    /// <summary>The number of products: a matrix product each.</summary>
    public int Products => Side * Side;

    /// <summary>Those for tiles of 2x2 or of 4x4 outputs.</summary>
    public static WinogradKernels<T> For(int outputs) => outputs == 2
        ? new WinogradKernels<T, WinogradInput2, WinogradOutput2, WinogradKernel2, WinogradOutputGradient2, WinogradKernelGradient2>()
        : new WinogradKernels<T, WinogradInput4, WinogradOutput4, WinogradKernel4, WinogradOutputGradient4, WinogradKernelGradient4>();

    /// <summary>Transforms the inputs of some tiles: a row of channels for each tile, in each of the matrices.</summary>
    /// <param name="grid">The tiles, whose squares are as wide as the transform wants them.</param>
    /// <param name="images">The first image.</param>
    /// <param name="stride">From one image to the next.</param>
    /// <param name="first">The first tile.</param>
    /// <param name="count">How many.</param>
    /// <param name="zeros">As many zeros as there are channels.</param>
    /// <param name="planes">The first matrix.</param>
    /// <param name="planeStep">From one matrix to the next.</param>
    public abstract void TransformInputs(
        WinogradGrid grid, T* images, nint stride, int first, int count, T* zeros, T* planes, nint planeStep);

    /// <summary>The same for the gradients of the outputs of some tiles, as the gradient of the weights needs them.</summary>
    public abstract void TransformOutputGradients(
        WinogradGrid grid, T* images, nint stride, int first, int count, T* zeros, T* planes, nint planeStep);

    /// <summary>Transforms the products of some tiles to outputs.</summary>
    /// <param name="grid">The tiles, whose squares are as wide as their outputs.</param>
    /// <param name="planes">The first matrix.</param>
    /// <param name="planeStep">From one matrix to the next.</param>
    /// <param name="rowStep">From one tile to the next in a matrix.</param>
    /// <param name="first">The first tile.</param>
    /// <param name="count">How many.</param>
    /// <param name="channels">How many channels of each.</param>
    /// <param name="biases">A number for each channel, or null.</param>
    /// <param name="relu">Whether negative results become 0.</param>
    /// <param name="spill">Memory for as many numbers as there are channels, of no use afterwards.</param>
    /// <param name="images">The first image, at the first of the channels.</param>
    /// <param name="stride">From one image to the next.</param>
    public abstract void TransformOutputs(
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
        nint stride);

    /// <summary>Transforms some rows of the weights.</summary>
    /// <param name="weights">The first row of the first tap that is read.</param>
    /// <param name="tapStep">From one tap to the next; negative to turn the kernels around.</param>
    /// <param name="planes">The first row of the first matrix.</param>
    /// <param name="planeStep">From one matrix to the next.</param>
    /// <param name="count">How many numbers.</param>
    public abstract void TransformWeights(T* weights, nint tapStep, T* planes, nint planeStep, int count);

    /// <summary>Transforms sums of products to gradients of weights: <c>weights = keep * weights + scale * gradient</c>.</summary>
    /// <param name="planes">The first matrix.</param>
    /// <param name="planeStep">From one matrix to the next.</param>
    /// <param name="count">How many numbers.</param>
    /// <param name="scale">The factor on the gradient.</param>
    /// <param name="keep">The factor on what stands there; 0 means that it is not read.</param>
    /// <param name="weights">The first tap.</param>
    /// <param name="tapStep">From one tap to the next.</param>
    public abstract void TransformSums(T* planes, nint planeStep, int count, T scale, T keep, T* weights, nint tapStep);
}

/// <summary>The same over five given transforms.</summary>
internal sealed unsafe class WinogradKernels<T, TInput, TOutput, TKernel, TOutputGradient, TKernelGradient> : WinogradKernels<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TInput : struct, IWinogradTransform
    where TOutput : struct, IWinogradTransform
    where TKernel : struct, IWinogradTransform
    where TOutputGradient : struct, IWinogradTransform
    where TKernelGradient : struct, IWinogradTransform
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    public override int Outputs => TOutput.To;

    public override void TransformInputs(
        WinogradGrid grid, T* images, nint stride, int first, int count, T* zeros, T* planes, nint planeStep) =>
        Gather<TInput>(grid, images, stride, first, count, zeros, planes, planeStep);

    public override void TransformOutputGradients(
        WinogradGrid grid, T* images, nint stride, int first, int count, T* zeros, T* planes, nint planeStep) =>
        Gather<TOutputGradient>(grid, images, stride, first, count, zeros, planes, planeStep);

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
        WinogradGrid grid, T* images, nint stride, int first, int count, T* zeros, T* planes, nint planeStep)
        where TTransform : struct, IWinogradTransform
    {
        switch (LaneWidth.ForSpan((nint)grid.Channels * sizeof(T)))
        {
            case 512:
                Gather<TTransform, Lanes512<T>>(grid, images, stride, first, count, zeros, planes, planeStep);
                break;
            case 256:
                Gather<TTransform, Lanes256<T>>(grid, images, stride, first, count, zeros, planes, planeStep);
                break;
            case 128:
                Gather<TTransform, Lanes128<T>>(grid, images, stride, first, count, zeros, planes, planeStep);
                break;
            default:
                Gather<TTransform, Lane<T>>(grid, images, stride, first, count, zeros, planes, planeStep);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Gather<TTransform, TLanes>(
        WinogradGrid grid, T* images, nint stride, int first, int count, T* zeros, T* planes, nint planeStep)
        where TTransform : struct, IWinogradTransform
        where TLanes : struct, ILanes<TLanes, T>
    {
        int channels = grid.Channels;
        T** places = stackalloc T*[WinogradSquare.MostBetween];
        T* between = stackalloc T[WinogradSquare.MostBetween * TLanes.Count];
        for (int tile = first; tile < first + count; tile++, planes += channels)
        {
            grid.Find(images, stride, tile, zeros, places);
            int c = 0;
            for (; c <= channels - TLanes.Count; c += TLanes.Count)
            {
                WinogradSquare.Transform<T, TLanes, TTransform, WinogradPatch<T, TLanes>, WinogradPlanes<T, TLanes>>(
                    new(places, TTransform.From, c), new(planes + c, planeStep, TTransform.To), between);
            }
            for (; c < channels; c++)
                GatherOne<TTransform>(places, c, planes + c, planeStep, between);
        }
    }

    private static void GatherOne<TTransform>(T** places, int channel, T* planes, nint planeStep, T* between)
        where TTransform : struct, IWinogradTransform =>
        WinogradSquare.Transform<T, Lane<T>, TTransform, WinogradPatch<T, Lane<T>>, WinogradPlanes<T, Lane<T>>>(
            new(places, TTransform.From, channel), new(planes, planeStep, TTransform.To), between);

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
        T** places = stackalloc T*[WinogradSquare.MostBetween];
        T* between = stackalloc T[WinogradSquare.MostBetween * TLanes.Count];
        for (int tile = first; tile < first + count; tile++, planes += rowStep)
        {
            grid.Find(images, stride, tile, spill, places);
            int c = 0;
            for (; c <= channels - TLanes.Count; c += TLanes.Count)
            {
                WinogradSquare.Transform<T, TLanes, TOutput, WinogradPlanes<T, TLanes>, WinogradResults<T, TLanes>>(
                    new(planes + c, planeStep, TOutput.From), new(places, TOutput.To, c, biases, relu), between);
            }
            for (; c < channels; c++)
                ScatterOne(planes + c, planeStep, places, c, biases, relu, between);
        }
    }

    private static void ScatterOne(T* planes, nint planeStep, T** places, int channel, T* biases, bool relu, T* between) =>
        WinogradSquare.Transform<T, Lane<T>, TOutput, WinogradPlanes<T, Lane<T>>, WinogradResults<T, Lane<T>>>(
            new(planes, planeStep, TOutput.From), new(places, TOutput.To, channel, biases, relu), between);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Weights<TLanes>(T* weights, nint tapStep, T* planes, nint planeStep, int count)
        where TLanes : struct, ILanes<TLanes, T>
    {
        T* between = stackalloc T[WinogradSquare.MostBetween * TLanes.Count];
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
        T* between = stackalloc T[WinogradSquare.MostBetween * TLanes.Count];
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
            new(planes, planeStep, TKernelGradient.From), new(weights, tapStep, scale, keep), between);
}
