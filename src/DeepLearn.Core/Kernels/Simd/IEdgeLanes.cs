using System.Numerics;

namespace DeepLearn.Kernels.Simd;

/// <summary>
/// The operations on the last vector of a tile, of which perhaps only the first lanes are used: loads and stores with a mask that is made
/// once, and the cheapest ways to broadcast a number that another vector holds too.
/// </summary>
/// <typeparam name="TSelf">The implementing type.</typeparam>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <typeparam name="TMask">The mask: a <c>Vector</c> type, since the JIT does not keep a wrapped one in a mask register.</typeparam>
internal unsafe interface IEdgeLanes<TSelf, T, TMask> : ITileLanes<TSelf, T>
    where TSelf : struct, IEdgeLanes<TSelf, T, TMask>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TMask : unmanaged
{
    /// <summary>
    /// The first lanes of a vector of the same or a larger width. It costs nothing, whereas a second broadcast would cost a shuffle.
    /// </summary>
    /// <typeparam name="TWide">The type of that vector.</typeparam>
    /// <param name="wide">The vector.</param>
    static abstract TSelf LowerOf<TWide>(TWide wide)
        where TWide : struct, ILanes<TWide, T>;

    /// <summary>
    /// sum = a b + sum, with one number in all lanes. The number is read in such a way that the JIT does not see that another vector reads
    /// it too. Both broadcasts are then folded into their multiplications.
    /// </summary>
    /// <param name="sum">The summand, and the result.</param>
    /// <param name="a">The number.</param>
    /// <param name="b">The other factor.</param>
    static abstract void MultiplyAddBits(ref TSelf sum, T* a, TSelf b);

    /// <summary>The mask of the first few lanes, for the two operations below.</summary>
    /// <param name="count">The number of lanes, at least 1.</param>
    static abstract TMask MaskFirst(int count);

    /// <summary>x = the first few numbers. No memory beyond them is read; the other lanes are zero.</summary>
    /// <param name="x">The result.</param>
    /// <param name="from">The first number.</param>
    /// <param name="mask">Their mask.</param>
    /// <param name="count">The number of lanes, at least 1.</param>
    static abstract void ReadFirst(ref TSelf x, T* from, TMask mask, int count);

    /// <summary>Writes only the first few lanes, and no memory beyond them.</summary>
    /// <param name="to">Where the first lane goes.</param>
    /// <param name="mask">Their mask.</param>
    /// <param name="count">The number of lanes, at least 1.</param>
    void StoreFirst(T* to, TMask mask, int count);
}
