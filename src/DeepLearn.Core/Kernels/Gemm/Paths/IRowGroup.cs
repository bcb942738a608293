namespace DeepLearn.Kernels.Gemm.Paths;

/// <summary>Rows of a matrix, as many as a vector has lanes, times a vector: each lane holds the chain of one row.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <typeparam name="TVector">The vector.</typeparam>
internal unsafe interface IRowGroup<T, TVector>
    where T : unmanaged
    where TVector : unmanaged
{
    /// <summary>Goes on with the chains by 16 bytes of each row: four k of <see cref="float"/>, two of <see cref="double"/>.</summary>
    /// <param name="m">The first row, at the first k.</param>
    /// <param name="stride">From one row to the next, in elements.</param>
    /// <param name="v">The vector, at the first k.</param>
    /// <param name="chain">The chains so far.</param>
    static abstract TVector Advance(T* m, nint stride, T* v, TVector chain);

    /// <summary>Ends the chains: the last k, fewer than are in 16 bytes.</summary>
    /// <param name="m">The first row, at the first k of them.</param>
    /// <param name="stride">From one row to the next, in elements.</param>
    /// <param name="v">The vector, at the first k of them.</param>
    /// <param name="count">How many k.</param>
    /// <param name="hasBefore">Whether 16 bytes or more of each row stand before them, and can be read again with them.</param>
    /// <param name="chain">The chains so far.</param>
    static abstract TVector AdvanceLast(T* m, nint stride, T* v, int count, bool hasBefore, TVector chain);
}
