namespace DeepLearn.Kernels.Gemm.Paths;

/// <summary>Reads as many rows of a matrix as a vector has lanes, so that each k is in a vector of its own.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <typeparam name="TLanes">The lanes.</typeparam>
internal unsafe interface IRowGroup<T, TLanes>
    where T : unmanaged
    where TLanes : unmanaged
{
    /// <summary>Reads four steps of k of each row and transposes them in registers.</summary>
    /// <param name="m">The first row, at the first k.</param>
    /// <param name="stride">The stride from one row to the next, in elements.</param>
    /// <param name="k0">Receives the first k of all rows.</param>
    /// <param name="k1">Receives the second k.</param>
    /// <param name="k2">Receives the third k.</param>
    /// <param name="k3">Receives the fourth k.</param>
    static abstract void Read(T* m, nint stride, out TLanes k0, out TLanes k1, out TLanes k2, out TLanes k3);

    /// <summary>Reads eight steps of k, for which fewer and longer loads will do.</summary>
    /// <param name="m">The first row, at the first k.</param>
    /// <param name="stride">The stride from one row to the next, in elements.</param>
    /// <param name="k0">Receives the first k of all rows.</param>
    /// <param name="k1">Receives the second k.</param>
    /// <param name="k2">Receives the third k.</param>
    /// <param name="k3">Receives the fourth k.</param>
    /// <param name="k4">Receives the fifth k.</param>
    /// <param name="k5">Receives the sixth k.</param>
    /// <param name="k6">Receives the seventh k.</param>
    /// <param name="k7">Receives the eighth k.</param>
    static abstract void ReadEight(
        T* m, nint stride, out TLanes k0, out TLanes k1, out TLanes k2, out TLanes k3, out TLanes k4, out TLanes k5, out TLanes k6,
        out TLanes k7);

    /// <summary>The last two of the four k that <see cref="Read"/> reads.</summary>
    /// <param name="m">The first row, at the first of the four.</param>
    /// <param name="stride">From one row to the next, in elements.</param>
    /// <param name="k2">The third k of all rows.</param>
    /// <param name="k3">The fourth.</param>
    static abstract void ReadLastTwo(T* m, nint stride, out TLanes k2, out TLanes k3);
}
