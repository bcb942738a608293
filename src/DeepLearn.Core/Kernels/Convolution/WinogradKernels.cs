using System.Numerics;

namespace DeepLearn.Kernels.Convolution;

/// <summary>
/// The transforms of a Winograd convolution over many tiles or many kernels; the products between them are matrix products.
/// </summary>
internal abstract unsafe class WinogradKernels<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The side of a tile of outputs.</summary>
    public abstract int Outputs { get; }

    /// <summary>The side of a kernel.</summary>
    public abstract int Kernel { get; }

    /// <summary>The side of the square of inputs that a tile reads.</summary>
    public abstract int Side { get; }

    /// <summary>The number of elements of a transformed square; each is multiplied by one of a transformed kernel.</summary>
    public abstract int Products { get; }

    /// <summary>The elements of a transformed kernel: each is one matrix product. Some products share one with a stride of 2.</summary>
    public abstract int Places { get; }

    /// <summary>The transforms for tiles of 2x2 or 4x4 outputs and kernels of 3x3, or of 2x2 outputs and 5x5.</summary>
    /// <param name="outputs">The side of a tile of outputs.</param>
    /// <param name="kernel">The side of a kernel.</param>
    /// <param name="stride">The stride; 2 only for tiles of 4x4 outputs and kernels of 3x3.</param>
    public static WinogradKernels<T> For(int outputs, int kernel, int stride = 1)
    {
        if (stride == 2)
        {
            return new WinogradTileKernels<
                T, WinogradInput9, WinogradOutput9, WinogradKernel9, WinogradOutputGradient9, WinogradKernelGradient9>();
        }
        if (kernel == 5)
        {
            return new WinogradTileKernels<
                T, WinogradInput6, WinogradOutput5, WinogradKernel5, WinogradOutputGradient5, WinogradKernelGradient5>();
        }
        return outputs == 2
            ? new WinogradTileKernels<
                T, WinogradInput2, WinogradOutput2, WinogradKernel2, WinogradOutputGradient2, WinogradKernelGradient2>()
            : new WinogradTileKernels<
                T, WinogradInput6, WinogradOutput4, WinogradKernel4, WinogradOutputGradient4, WinogradKernelGradient4>();
    }

    /// <summary>The transforms for gradients of inputs with a stride of 2: from 5x5 gradients of outputs to 8x8.</summary>
    /// <param name="isOdd">Whether tiles begin with an input that sees one tap.</param>
    public static WinogradKernels<T> Backward(bool isOdd)
    {
        return isOdd ? Backward<WinogradOdd>() : Backward<WinogradEven>();

        // No gradient of weights is computed by these; the transforms of the outputs' gradients and of the sums stand for none.
        static WinogradKernels<T> Backward<TParity>()
            where TParity : struct, IWinogradParity => new WinogradTileKernels<
                T, WinogradInput5<TParity>, WinogradOutput8<TParity>, WinogradKernel9, WinogradOutputGradient9, WinogradKernelGradient9>();
    }

    /// <summary>The rows that a tile has in the plane of a place: as many as there are products that share it.</summary>
    /// <param name="place">The place of the transformed kernel, counted row by row.</param>
    public abstract int RowsOf(int place);

    /// <summary>How many planes of one row a tile stand before that of a place.</summary>
    /// <param name="place">The place.</param>
    public abstract int PlaneOf(int place);

    /// <summary>
    /// Transforms the inputs of some tiles. Each place has a matrix (a plane), in which each tile has a row of channels, or as many as
    /// <see cref="RowsOf"/> says.
    /// </summary>
    /// <param name="grid">The tiles, with squares of the transform's input size.</param>
    /// <param name="images">The first image.</param>
    /// <param name="stride">The distance from one image to the next.</param>
    /// <param name="first">The first tile.</param>
    /// <param name="count">The number of tiles.</param>
    /// <param name="zeros">A zero for each channel.</param>
    /// <param name="planes">The first matrix.</param>
    /// <param name="planeStep">The distance from one matrix to the next.</param>
    /// <param name="at">The number of the first tile in the planes.</param>
    public abstract void TransformInputs(
        WinogradGrid grid, T* images, nint stride, int first, int count, T* zeros, T* planes, nint planeStep, int at = 0);

    /// <summary>Transforms the gradients of the outputs of some tiles likewise, for the gradient of the weights.</summary>
    public abstract void TransformOutputGradients(
        WinogradGrid grid, T* images, nint stride, int first, int count, T* zeros, T* planes, nint planeStep, int at = 0);

    /// <summary>Transforms the products of some tiles to outputs.</summary>
    /// <param name="grid">The tiles, with squares of the output size.</param>
    /// <param name="planes">The first matrix.</param>
    /// <param name="planeStep">The distance from one matrix to the next.</param>
    /// <param name="rowStep">The distance from one tile to the next in a matrix.</param>
    /// <param name="first">The first tile.</param>
    /// <param name="count">The number of tiles.</param>
    /// <param name="channels">The number of channels.</param>
    /// <param name="biases">A number for each channel, or null.</param>
    /// <param name="relu">Whether negative results become 0.</param>
    /// <param name="spill">Memory with a number for each channel, which receives the results outside the image.</param>
    /// <param name="images">The first image, at the first of the channels.</param>
    /// <param name="stride">The distance from one image to the next.</param>
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
    /// <param name="tapStep">The distance from one tap to the next; negative to rotate the kernels by 180 degrees.</param>
    /// <param name="planes">The first row of the first matrix.</param>
    /// <param name="planeStep">The distance from one matrix to the next.</param>
    /// <param name="count">The number of weights of each tap.</param>
    public abstract void TransformWeights(T* weights, nint tapStep, T* planes, nint planeStep, int count);

    /// <summary>Transforms sums of products to gradients of weights: <c>weights = keep * weights + scale * gradient</c>.</summary>
    /// <param name="planes">The first matrix.</param>
    /// <param name="planeStep">The distance from one matrix to the next.</param>
    /// <param name="count">The number of weights of each tap.</param>
    /// <param name="scale">The factor on the gradient.</param>
    /// <param name="keep">The factor on the old values; with 0 they are not read.</param>
    /// <param name="weights">The first tap.</param>
    /// <param name="tapStep">The distance from one tap to the next.</param>
    public abstract void TransformSums(T* planes, nint planeStep, int count, T scale, T keep, T* weights, nint tapStep);
}
