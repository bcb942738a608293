using System.Numerics;

namespace DeepLearn.Kernels.Simd;

/// <summary>
/// What a tile of sums that stay in registers asks of lanes beyond <see cref="ILanes{TSelf, T}"/>: sums that grow where they are.
/// </summary>
/// <remarks>
/// The JIT keeps a sum in its register where the instruction's result is written to it at once. A sum that is handed back by value and
/// stored is copied once more for each multiplication, and a repeated number that is an argument is not folded into it.
/// </remarks>
/// <typeparam name="TSelf">The implementing type.</typeparam>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal unsafe interface ITileLanes<TSelf, T> : ILanes<TSelf, T>
    where TSelf : struct, ITileLanes<TSelf, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>x = as many consecutive numbers as there are lanes.</summary>
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

    /// <summary>sum = a b + sum with one number in all lanes, which is repeated within the multiplication.</summary>
    /// <param name="sum">The summand, and the result.</param>
    /// <param name="a">The number.</param>
    /// <param name="b">The other factor.</param>
    static abstract void MultiplyAdd(ref TSelf sum, T* a, TSelf b);

    /// <summary>sum = factor sum, rounded.</summary>
    /// <param name="sum">A factor, and the result.</param>
    /// <param name="factor">The other factor.</param>
    static abstract void Scale(ref TSelf sum, TSelf factor);

    /// <summary>sum = sum &lt; 0 ? 0 : sum: a NaN stays NaN and -0 stays -0.</summary>
    /// <param name="sum">The argument, and the result.</param>
    static abstract void Relu(ref TSelf sum);
}
