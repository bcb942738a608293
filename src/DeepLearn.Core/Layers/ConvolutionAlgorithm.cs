namespace DeepLearn.Layers;

/// <summary>How a <see cref="Convolution2D"/> is computed.</summary>
/// <remarks>
/// <para>
/// <see cref="Accurate"/> and <see cref="Fastest"/> take Winograd's minimal filtering (Lavin and Gray, "Fast Algorithms for Convolutional
/// Neural Networks", 2016) for kernels of 3x3 with a stride and a dilation of 1 and one group, where channels and filters are many enough
/// and the tiles save at least a quarter of the multiplications. Other layers are computed directly. The choice is a function of the
/// layer's shape alone: results are reproducible bit for bit, and a prediction has the same bits in any batch.
/// </para>
/// <para>
/// Rounding errors in float, as root mean squares relative to the results, for 64 channels and filters and images of 16x16: outputs 4.2e-7
/// directly, 2.7e-7 with <see cref="Accurate"/>, 1.8e-6 with <see cref="Fastest"/>; gradients of weights 5.5e-7, 5.0e-7, 1.8e-6. Where a
/// gradient of weights sums over a few dozen positions only, the direct error is the smaller one.
/// </para>
/// <para>
/// A NaN or an infinity in an image reaches every output of the tiles that see it, of which the direct algorithm leaves some finite.
/// </para>
/// </remarks>
public enum ConvolutionAlgorithm
{
    /// <summary>
    /// Tiles of 2x2 outputs, from 32 channels and filters on: 16 multiplications instead of 36. The rounding error of outputs is about two
    /// thirds of the direct algorithm's, since sums are shorter. The default.
    /// </summary>
    Accurate,

    /// <summary>Each output is one sum over its patch, in order.</summary>
    Direct,

    /// <summary>
    /// Tiles of 4x4 outputs, from 16 channels and filters on: 36 multiplications instead of 144. The rounding error is four to five times
    /// the direct algorithm's in a root mean square.
    /// </summary>
    Fastest,
}
