namespace DeepLearn.Kernels.Gemm;

/// <summary>
/// What a micro-kernel asks of an instruction set: a vector of so many elements, and the few operations that
/// <see cref="Tile{T, TVector, TLanes, TEdge, TEdgeLanes, TShared, TRows, TVectors, THasEdge}"/> is made of. One struct implements it for each
/// width; every operation is exact or rounds once, so that all widths give the same bits.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <typeparam name="TVector">The vector.</typeparam>
internal unsafe interface ILanes<T, TVector>
    where T : unmanaged
    where TVector : struct
{
    /// <summary>The number of elements in a vector.</summary>
    static abstract int Width { get; }

    /// <summary>Reads a whole vector from any address.</summary>
    static abstract TVector Load(T* from);

    /// <summary>Reads one element into every lane.</summary>
    static abstract TVector Broadcast(T* from);

    /// <summary>
    /// The first lanes of a vector of the same width or a wider one: costs nothing, where a second broadcast would cost a shuffle.
    /// </summary>
    /// <typeparam name="TWide">The vector's type.</typeparam>
    static abstract TVector LowerOf<TWide>(TWide wide)
        where TWide : struct;

    /// <summary>
    /// As <see cref="Broadcast"/>, but so that the JIT does not see the same number read again: each is then folded into its
    /// multiplication.
    /// </summary>
    static abstract TVector BroadcastBits(T* from);

    /// <summary>Writes a whole vector to any address.</summary>
    static abstract void Store(TVector vector, T* to);

    /// <summary>The mask of the first <paramref name="count"/> lanes, for the two operations below.</summary>
    static abstract TVector Mask(int count);

    /// <summary>Reads the first <paramref name="count"/> elements, and zeros after them, touching no memory beyond.</summary>
    static abstract TVector LoadPart(T* from, TVector mask, int count);

    /// <summary>Writes the first <paramref name="count"/> elements, touching no memory beyond.</summary>
    static abstract void StorePart(TVector vector, T* to, TVector mask, int count);

    /// <summary><c>left * right + sum</c>, rounded once.</summary>
    static abstract TVector FusedMultiplyAdd(TVector left, TVector right, TVector sum);

    /// <summary><c>left * right</c>, rounded.</summary>
    static abstract TVector Multiply(TVector left, TVector right);

    /// <summary><c>x &lt; 0 ? 0 : x</c>: a NaN stays NaN and -0 stays -0.</summary>
    static abstract TVector Relu(TVector vector);
}
