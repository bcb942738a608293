using System.Numerics;

namespace DeepLearn.Kernels.Simd;

/// <summary>
/// What a tile asks of the lanes of its last vector, of which only the first few may count: a mask that is made once for many loads and
/// stores, and the ways to repeat a number that cost least beside another vector that has it.
/// </summary>
/// <typeparam name="TSelf">The implementing type.</typeparam>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <typeparam name="TMask">The mask: a bare vector, since the JIT does not keep one that is wrapped in a mask register.</typeparam>
internal unsafe interface IEdgeLanes<TSelf, T, TMask> : ITileLanes<TSelf, T>
    where TSelf : struct, IEdgeLanes<TSelf, T, TMask>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TMask : unmanaged
{
    /// <summary>
    /// The first lanes of a vector of the same width or a wider one: costs nothing, where a second broadcast would cost a shuffle.
    /// </summary>
    /// <typeparam name="TWide">The lanes it is taken from.</typeparam>
    /// <param name="wide">The vector.</param>
    static abstract TSelf LowerOf<TWide>(TWide wide)
        where TWide : struct, ILanes<TWide, T>;

    /// <summary>
    /// sum = a b + sum with one number in all lanes, read so that the JIT does not see that another vector reads it too: both are then
    /// folded into their multiplications.
    /// </summary>
    /// <param name="sum">The summand, and the result.</param>
    /// <param name="a">The number.</param>
    /// <param name="b">The other factor.</param>
    static abstract void MultiplyAddBits(ref TSelf sum, T* a, TSelf b);

    /// <summary>The mask of the first few lanes, for the two operations below.</summary>
    /// <param name="count">How many, from 1 on.</param>
    static abstract TMask MaskFirst(int count);

    /// <summary>x = the first few lanes, and no memory beyond them is read; the others are zero.</summary>
    /// <param name="x">The result.</param>
    /// <param name="from">The first number.</param>
    /// <param name="mask">Their mask.</param>
    /// <param name="count">How many, from 1 on.</param>
    static abstract void ReadFirst(ref TSelf x, T* from, TMask mask, int count);

    /// <summary>Writes the first few lanes only, and no memory beyond them.</summary>
    /// <param name="to">Where the first goes.</param>
    /// <param name="mask">Their mask.</param>
    /// <param name="count">How many, from 1 on.</param>
    void StoreFirst(T* to, TMask mask, int count);
}
