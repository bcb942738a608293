namespace DeepLearn.Layers;

/// <summary>How a <see cref="Convolution2D"/> is computed.</summary>
/// <remarks>
/// <para>
/// <see cref="Accurate"/> and <see cref="Fastest"/> take Winograd's minimal filtering (Lavin and Gray, "Fast Algorithms for Convolutional
/// Neural Networks", 2016) for kernels of 3x3 and 5x5 with a stride and a dilation of 1 and one group, where channels and filters are many
/// enough and the tiles save at least a quarter of the multiplications; <see cref="Fastest"/> for kernels of 3x3 with a stride of 2 too.
/// Other layers are computed directly. The choice is a function of the layer's shape alone: results are reproducible bit for bit, and a
/// prediction has the same bits in any batch.
/// </para>
/// <para>
/// Rounding errors of outputs in float, as root mean squares: two thirds of the direct algorithm's with <see cref="Accurate"/>, about twice
/// them with <see cref="Fastest"/>, whose tiles have other points than Lavin and Gray's, with which it would be four to five times. Where a
/// gradient of weights sums over a few dozen positions only, the direct error is the smallest one. The guide to convolutions has a table.
/// </para>
/// <para>
/// A NaN or an infinity in an image reaches every output of the tiles that see it, of which the direct algorithm leaves some finite.
/// </para>
/// </remarks>
public enum ConvolutionAlgorithm
{
    /// <summary>
    /// Tiles of 2x2 outputs, from 32 channels and filters on: 16 multiplications instead of 36. The rounding error of outputs is about two
    /// thirds of the direct algorithm's, since sums are shorter. Kernels of 5x5, from 32 channels and filters on: 36 instead of 100.
    /// </summary>
    Accurate,

    /// <summary>Each output is one sum over its patch, in order.</summary>
    Direct,

    /// <summary>
    /// Tiles of 4x4 outputs for kernels of 3x3, from 16 channels and filters on: 36 multiplications instead of 144. The rounding error of
    /// outputs is about twice the direct algorithm's in a root mean square. Kernels of 5x5 as with <see cref="Accurate"/>. Kernels of 3x3
    /// with a stride of 2 from 32 channels and filters on, where an image has four tiles or more that it fills well: 81 multiplications
    /// instead of 144. Outputs have smaller errors than directly, gradients of inputs one and a half times as large. The default.
    /// </summary>
    Fastest,
}
