using System.Numerics;

namespace DeepLearn.Kernels.Simd;

/// <summary>
/// The operations that a tile of sums in registers needs beyond <see cref="ILanes{TSelf, T}"/>: sums that are updated in place.
/// </summary>
/// <remarks>
/// The JIT keeps a sum in its register if the instruction writes its result there directly. A sum that is returned by value and then stored
/// is copied once more for each multiplication, and a broadcast number that is passed as an argument is not folded into the instruction.
/// </remarks>
/// <typeparam name="TSelf">The implementing type.</typeparam>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal unsafe interface ITileLanes<TSelf, T> : ILanes<TSelf, T>
    where TSelf : struct, ITileLanes<TSelf, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>x = consecutive numbers, one for each lane.</summary>
    /// <param name="x">The result.</param>
    /// <param name="from">The first of them.</param>
    static abstract void Read(ref TSelf x, T* from);

    /// <summary>x = the same number in every lane.</summary>
    /// <param name="x">The result.</param>
    /// <param name="from">The number.</param>
    static abstract void Repeat(ref TSelf x, T* from);

    /// <summary>sum = a b + sum, rounded once.</summary>
    /// <param name="sum">The summand, and the result.</param>
    /// <param name="a">A factor.</param>
    /// <param name="b">A factor.</param>
    static abstract void MultiplyAdd(ref TSelf sum, TSelf a, TSelf b);

    /// <summary>sum = a b + sum, with one number in all lanes, which the multiplication itself broadcasts.</summary>
    /// <param name="sum">The summand, and the result.</param>
    /// <param name="a">The number.</param>
    /// <param name="b">The other factor.</param>
    static abstract void MultiplyAdd(ref TSelf sum, T* a, TSelf b);

    /// <summary>sum = factor sum, rounded.</summary>
    /// <param name="sum">A factor, and the result.</param>
    /// <param name="factor">The other factor.</param>
    static abstract void Scale(ref TSelf sum, TSelf factor);

    /// <summary>sum = sum &lt; 0 ? 0 : sum. NaN stays NaN, and -0 stays -0.</summary>
    /// <param name="sum">The argument, and the result.</param>
    static abstract void Relu(ref TSelf sum);
}
