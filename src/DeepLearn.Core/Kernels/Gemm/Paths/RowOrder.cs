namespace DeepLearn.Kernels.Gemm.Paths;

/// <summary>
/// In which order the blocks of rows of a product are taken. It changes no bit, only what is in the caches before and after.
/// </summary>
internal enum RowOrder
{
    /// <summary>The first rows first.</summary>
    FromStart,

    /// <summary>
    /// The last rows first. A product with a transposed A is most often the gradient of a layer's weights, X^T G: where it starts, at its
    /// end, the forward pass has left inputs and weights in the caches, and where it ends, the next forward pass begins.
    /// </summary>
    FromEnd,
}
