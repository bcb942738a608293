using System.Numerics;

namespace DeepLearn.Kernels.Convolution;

/// <summary>
/// The transforms of many tiles or kernels, for the five matrices of one tile size. Each has a loop of its own. One generic loop over
/// passes that are structs is a tenth slower, since the JIT compiler then keeps their fields in memory.
/// </summary>
internal sealed unsafe class WinogradTileKernels<T, TInput, TOutput, TKernel, TOutputGradient, TKernelGradient> : WinogradKernels<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TInput : struct, IWinogradTransform
    where TOutput : struct, IWinogradTransform
    where TKernel : struct, IWinogradTransform
    where TOutputGradient : struct, IWinogradTransform
    where TKernelGradient : struct, IWinogradTransform
{
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
        WinogradGather<T, TInput>.Run(grid, images, stride, first, count, zeros, planes, planeStep, at);

    public override void TransformOutputGradients(
        WinogradGrid grid, T* images, nint stride, int first, int count, T* zeros, T* planes, nint planeStep, int at) =>
        WinogradGather<T, TOutputGradient>.Run(grid, images, stride, first, count, zeros, planes, planeStep, at);

    public override void TransformOutputs(
        WinogradGrid grid, T* planes, nint planeStep, nint rowStep, int first, int count, int channels, T* biases, bool relu, T* spill,
        T* images, nint stride) =>
        WinogradScatter<T, TOutput>.Run(grid, planes, planeStep, rowStep, first, count, channels, biases, relu, spill, images, stride);

    public override void TransformWeights(T* weights, nint tapStep, T* planes, nint planeStep, int count) =>
        WinogradTapsToPlanes<T, TKernel>.Run(weights, tapStep, planes, planeStep, count);

    public override void TransformSums(T* planes, nint planeStep, int count, T scale, T keep, T* weights, nint tapStep) =>
        WinogradPlanesToTaps<T, TKernelGradient>.Run(planes, planeStep, count, scale, keep, weights, tapStep);
}
