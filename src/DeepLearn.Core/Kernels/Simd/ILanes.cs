using System.Numerics;

namespace DeepLearn.Kernels.Simd;

/// <summary>
/// A vector of numbers: one number, or as many as 128, 256 or 512 bits hold. A formula written over this interface is one sequence of
/// exactly rounded operations, so each result has the same bits at every width.
/// </summary>
/// <remarks>
/// Every operation here is exactly rounded (IEEE 754) or works on bits. There is deliberately none whose result depends on the processor,
/// such as an estimated reciprocal, or a minimum that treats NaN in a way of its own. The sign and payload of a NaN are not specified. A
/// mask is a value whose lanes have all bits set (true) or none (false).
/// </remarks>
/// <typeparam name="TSelf">The implementing type.</typeparam>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public interface ILanes<TSelf, T>
    where TSelf : struct, ILanes<TSelf, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The number of lanes, a power of two.</summary>
    static abstract int Count { get; }

    /// <summary>The same number in every lane.</summary>
    /// <param name="value">The number.</param>
    static abstract TSelf Create(T value);

    /// <summary>Reads <see cref="Count"/> consecutive numbers.</summary>
    /// <param name="source">The first of them.</param>
    static abstract TSelf Load(ref readonly T source);

    /// <summary>Reads only the first few numbers, and no memory beyond them; the other lanes are zero.</summary>
    /// <param name="source">The first number.</param>
    /// <param name="count">The number of lanes, from 1 to <see cref="Count"/> - 1.</param>
    static abstract TSelf LoadFirst(ref readonly T source, int count);

    /// <summary>Reads <see cref="Count"/> consecutive bytes and converts them, exactly.</summary>
    /// <param name="source">The first of them.</param>
    static abstract TSelf LoadBytes(ref readonly byte source);

    /// <summary>Writes <see cref="Count"/> consecutive numbers.</summary>
    /// <param name="destination">Where the first lane goes.</param>
    void Store(ref T destination);

    /// <summary>Writes only the first few lanes, and no memory beyond them.</summary>
    /// <param name="destination">Where the first lane goes.</param>
    /// <param name="count">The number of lanes, from 1 to <see cref="Count"/> - 1.</param>
    void StoreFirst(ref T destination, int count);

    /// <summary>The sum of all lanes. The upper half is added to the lower half, lane by lane, until one lane is left.</summary>
    T SumAcross();

    /// <summary>The greatest of all lanes. Lanes that are NaN may be ignored, and the sign of a zero is not specified.</summary>
    T MaxAcross();

    /// <summary>a + b.</summary>
    /// <param name="a">A summand.</param>
    /// <param name="b">A summand.</param>
    static abstract TSelf operator +(TSelf a, TSelf b);

    /// <summary>a - b.</summary>
    /// <param name="a">The minuend.</param>
    /// <param name="b">The subtrahend.</param>
    static abstract TSelf operator -(TSelf a, TSelf b);

    /// <summary>a b.</summary>
    /// <param name="a">A factor.</param>
    /// <param name="b">A factor.</param>
    static abstract TSelf operator *(TSelf a, TSelf b);

    /// <summary>a / b.</summary>
    /// <param name="a">The dividend.</param>
    /// <param name="b">The divisor.</param>
    static abstract TSelf operator /(TSelf a, TSelf b);

    /// <summary>The bits that are set in both.</summary>
    /// <param name="a">Some bits.</param>
    /// <param name="b">Some bits.</param>
    static abstract TSelf operator &(TSelf a, TSelf b);

    /// <summary>The bits that are set in either.</summary>
    /// <param name="a">Some bits.</param>
    /// <param name="b">Some bits.</param>
    static abstract TSelf operator |(TSelf a, TSelf b);

    /// <summary>The bits that are set in exactly one of the two.</summary>
    /// <param name="a">Some bits.</param>
    /// <param name="b">Some bits.</param>
    static abstract TSelf operator ^(TSelf a, TSelf b);

    /// <summary>The mask of a &lt; b; false where either is NaN.</summary>
    /// <param name="a">The left side.</param>
    /// <param name="b">The right side.</param>
    static abstract TSelf operator <(TSelf a, TSelf b);

    /// <summary>The mask of a &gt; b; false where either is NaN.</summary>
    /// <param name="a">The left side.</param>
    /// <param name="b">The right side.</param>
    static abstract TSelf operator >(TSelf a, TSelf b);

    /// <summary>The mask of a = b; false where either is NaN, true for zeros of either sign.</summary>
    /// <param name="a">The left side.</param>
    /// <param name="b">The right side.</param>
    static abstract TSelf Equal(TSelf a, TSelf b);

    /// <summary>
    /// <paramref name="whenTrue"/> where the mask is true, <paramref name="whenFalse"/> elsewhere. Bits are copied unchanged.
    /// </summary>
    /// <param name="mask">The mask.</param>
    /// <param name="whenTrue">Taken where it is true.</param>
    /// <param name="whenFalse">Taken where it is false.</param>
    static abstract TSelf Select(TSelf mask, TSelf whenTrue, TSelf whenFalse);

    /// <summary>
    /// <paramref name="whenTrue"/> where a &lt; b; <paramref name="whenFalse"/> elsewhere, including where either is NaN.
    /// </summary>
    /// <param name="a">The left side.</param>
    /// <param name="b">The right side.</param>
    /// <param name="whenTrue">Taken where a &lt; b.</param>
    /// <param name="whenFalse">Taken elsewhere.</param>
    static abstract TSelf SelectLess(TSelf a, TSelf b, TSelf whenTrue, TSelf whenFalse);

    /// <summary>
    /// The floor where x &lt; floor, else x unchanged. So a NaN stays NaN, and a zero keeps its sign even if the floor is a zero of the
    /// other sign.
    /// </summary>
    /// <param name="x">The numbers.</param>
    /// <param name="floor">The least result; not NaN.</param>
    static abstract TSelf AtLeast(TSelf x, TSelf floor);

    /// <summary>
    /// The ceiling where x &gt; ceiling, else x unchanged. So a NaN stays NaN, and a zero keeps its sign even if the ceiling is a zero of
    /// the other sign.
    /// </summary>
    /// <param name="x">The numbers.</param>
    /// <param name="ceiling">The greatest result; not NaN.</param>
    static abstract TSelf AtMost(TSelf x, TSelf ceiling);

    /// <summary>a b + c, rounded once, even on hardware without such an instruction.</summary>
    /// <param name="a">A factor.</param>
    /// <param name="b">A factor.</param>
    /// <param name="c">The summand.</param>
    static abstract TSelf FusedMultiplyAdd(TSelf a, TSelf b, TSelf c);

    /// <summary>The square root.</summary>
    /// <param name="x">The numbers.</param>
    static abstract TSelf SquareRoot(TSelf x);

    /// <summary>The sum of the bits, taken as integers of T's size; it wraps around on overflow.</summary>
    /// <param name="a">Some bits.</param>
    /// <param name="b">Some bits.</param>
    static abstract TSelf AddBits(TSelf a, TSelf b);

    /// <summary>The difference of the bits, taken as integers of T's size; it wraps around on overflow.</summary>
    /// <param name="a">Some bits.</param>
    /// <param name="b">Some bits.</param>
    static abstract TSelf SubtractBits(TSelf a, TSelf b);

    /// <summary>The bits of each lane, shifted toward the most significant bit; zeros are shifted in.</summary>
    /// <param name="x">Some bits.</param>
    /// <param name="count">The number of bits to shift by, less than T has.</param>
    static abstract TSelf ShiftLeft(TSelf x, int count);

    /// <summary>The bits of each lane, shifted toward the least significant bit; zeros are shifted in.</summary>
    /// <param name="x">Some bits.</param>
    /// <param name="count">The number of bits to shift by, less than T has.</param>
    static abstract TSelf ShiftRight(TSelf x, int count);
}
