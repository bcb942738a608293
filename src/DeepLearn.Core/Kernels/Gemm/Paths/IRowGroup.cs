namespace DeepLearn.Kernels.Gemm.Paths;

/// <summary>How rows of a matrix, as many as a vector has lanes, come into lanes: each k in a vector of its own.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <typeparam name="TLanes">The lanes.</typeparam>
internal unsafe interface IRowGroup<T, TLanes>
    where T : unmanaged
    where TLanes : unmanaged
{
    /// <summary>Reads four k of each row, and transposes them in registers.</summary>
    /// <param name="m">The first row, at the first k.</param>
    /// <param name="stride">From one row to the next, in elements.</param>
    /// <param name="k0">The first k of all rows.</param>
    /// <param name="k1">The second.</param>
    /// <param name="k2">The third.</param>
    /// <param name="k3">The fourth.</param>
    static abstract void Read(T* m, nint stride, out TLanes k0, out TLanes k1, out TLanes k2, out TLanes k3);
}
