namespace DeepLearn.Layers;

/// <summary>How a <see cref="Convolution2D"/> is computed: what its results have to be as exact as.</summary>
/// <remarks>
/// <see cref="Accurate"/> and <see cref="Fastest"/> take Winograd's minimal filtering (Lavin and Gray, "Fast Algorithms for Convolutional Neural
/// Networks", 2016) where the shape of the layer allows it and it pays: kernels of 3x3 with a stride and a dilation of 1, in one group, and enough
/// channels and filters. All other layers are computed directly. The choice is a function of the layer's shape alone: results are reproducible bit
/// for bit, and a prediction has the same bits in whatever batch it is made.
/// </remarks>
public enum ConvolutionAlgorithm
{
    /// <summary>
    /// Tiles of 2x2 outputs, from 32 channels and filters on: 16 multiplications instead of 36. The rounding error is about two thirds of the direct
    /// algorithm's, since its sums are shorter. The default.
    /// </summary>
    Accurate,

    /// <summary>Each output is one sum over its patch, in order.</summary>
    Direct,

    /// <summary>
    /// Tiles of 4x4 outputs, from 16 channels and filters on: 36 multiplications instead of 144. The rounding error is four to five times the direct
    /// algorithm's in a root mean square.
    /// </summary>
    Fastest,
}
