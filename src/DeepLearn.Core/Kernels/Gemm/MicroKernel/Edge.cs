namespace DeepLearn.Kernels.Gemm.MicroKernel;

/// <summary>The kind of the last vector of a panel of columns.</summary>
internal enum Edge
{
    /// <summary>Full, like the others.</summary>
    None,

    /// <summary>A vector of the full width, of which only the first columns are used.</summary>
    Wide,

    /// <summary>
    /// A vector of half the width, of which only the first columns are used; cheaper on cores that split wide vectors in two.
    /// </summary>
    Narrow,

    /// <summary>A vector that all rows of a tile share; it takes hardly more registers and time than no edge.</summary>
    Shared,
}
