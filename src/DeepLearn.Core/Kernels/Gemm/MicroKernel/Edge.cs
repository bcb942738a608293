namespace DeepLearn.Kernels.Gemm.MicroKernel;

/// <summary>The last vector of a panel of columns.</summary>
internal enum Edge
{
    /// <summary>Full like the others.</summary>
    None,

    /// <summary>A vector of the full width, of which the first columns count.</summary>
    Wide,

    /// <summary>A vector of half the width, of which the first columns count: cheaper where the core splits wide vectors in two.</summary>
    Narrow,

    /// <summary>A vector that the rows of a tile share; it takes hardly more registers and time than none.</summary>
    Shared,
}
