namespace DeepLearn.Kernels.Gemm.MicroKernel;

/// <summary>
/// A last vector that all rows of a tile share. Where only a few columns are left over, one vector holds them for all rows, instead of a
/// vector with idle lanes for each row. The implementing struct has 8 bytes, and <see cref="NoSharedEdge{T, TLanes}"/> has one: kernels
/// test <c>sizeof</c>, which costs the JIT no call to inline.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <typeparam name="TLanes">The lanes of the vector.</typeparam>
internal unsafe interface ISharedEdge<T, TLanes>
    where T : unmanaged
    where TLanes : struct
{
    /// <summary>The number of columns left over that rows can share, 8 bytes of each row; 0 if there are no such tiles.</summary>
    static abstract int Columns { get; }

    /// <summary>
    /// Reads one element of each row; the rows are side by side. Each element is repeated in as many lanes as there are shared columns.
    /// </summary>
    static abstract TLanes Rows(T* from, int rows);

    /// <summary>Reads the shared columns and repeats them for every row.</summary>
    static abstract TLanes RepeatColumns(T* from);
}

/// <summary>For tiles without a shared vector.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <typeparam name="TLanes">The lanes of the vector.</typeparam>
internal readonly unsafe struct NoSharedEdge<T, TLanes> : ISharedEdge<T, TLanes>
    where T : unmanaged
    where TLanes : struct
{
    /// <inheritdoc/>
    public static int Columns => 0;

    /// <inheritdoc/>
    public static TLanes Rows(T* from, int rows) => default;

    /// <inheritdoc/>
    public static TLanes RepeatColumns(T* from) => default;
}
