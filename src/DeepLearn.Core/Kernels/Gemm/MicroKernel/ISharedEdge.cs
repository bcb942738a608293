namespace DeepLearn.Kernels.Gemm.MicroKernel;

/// <summary>
/// A last vector that all rows of a tile share: where only a few columns are left over, a lane for each row and column of them fills one
/// vector, instead of a vector with idle lanes for each row. The struct that implements it has as many bytes as are shared of a row,
/// and <see cref="NoSharedEdge{T, TLanes}"/> one, as small as can be: what asks for the size costs the JIT no call to inline.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <typeparam name="TLanes">The lanes of the vector.</typeparam>
internal unsafe interface ISharedEdge<T, TLanes>
    where T : unmanaged
    where TLanes : struct
{
    /// <summary>The columns left over that are shared so, 8 bytes of each row; 0 where there are no such tiles.</summary>
    static abstract int Columns { get; }

    /// <summary>Reads one element for each row, of rows that stand side by side, into as many lanes as there are columns.</summary>
    static abstract TLanes Rows(T* from, int rows);

    /// <summary>Reads the columns once, into the lanes of every row.</summary>
    static abstract TLanes RepeatColumns(T* from);
}

/// <summary>For tiles whose last vector is not shared.</summary>
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
