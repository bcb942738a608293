using System.Numerics;
using System.Runtime.CompilerServices;

namespace DeepLearn.Kernels.Simd;

/// <summary>One number as a vector: the scalar path of every kernel, with which tests compare the vector paths.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <param name="value">The number.</param>
internal readonly partial struct Lane<T>(T value) : ILanes<Lane<T>, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>The number.</summary>
    public readonly T Value = value;

    /// <inheritdoc/>
    public static int Count
    {
        [MethodImpl(Inline)]
        get => 1;
    }

    private ulong Bits
    {
        [MethodImpl(Inline)]
        get => typeof(T) == typeof(float) ? Unsafe.BitCast<T, uint>(Value) : Unsafe.BitCast<T, ulong>(Value);
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lane<T> Create(T value) => new(value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lane<T> Load(ref readonly T source) => new(source);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lane<T> LoadFirst(ref readonly T source, int count) => new(source);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lane<T> LoadBytes(ref readonly byte source) =>
        new(typeof(T) == typeof(float) ? Unsafe.BitCast<float, T>(source) : Unsafe.BitCast<double, T>(source));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public void Store(ref T destination) => destination = Value;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public void StoreFirst(ref T destination, int count) => destination = Value;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public T SumAcross() => Value;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public T MaxAcross() => Value;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lane<T> operator +(Lane<T> a, Lane<T> b) => new(a.Value + b.Value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lane<T> operator -(Lane<T> a, Lane<T> b) => new(a.Value - b.Value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lane<T> operator *(Lane<T> a, Lane<T> b) => new(a.Value * b.Value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lane<T> operator /(Lane<T> a, Lane<T> b) => new(a.Value / b.Value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lane<T> operator &(Lane<T> a, Lane<T> b) => FromBits(a.Bits & b.Bits);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lane<T> operator |(Lane<T> a, Lane<T> b) => FromBits(a.Bits | b.Bits);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lane<T> operator ^(Lane<T> a, Lane<T> b) => FromBits(a.Bits ^ b.Bits);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lane<T> operator <(Lane<T> a, Lane<T> b) => Mask(a.Value < b.Value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lane<T> operator >(Lane<T> a, Lane<T> b) => Mask(a.Value > b.Value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lane<T> Equal(Lane<T> a, Lane<T> b) => Mask(a.Value == b.Value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lane<T> Select(Lane<T> mask, Lane<T> whenTrue, Lane<T> whenFalse) =>
        FromBits((whenTrue.Bits & mask.Bits) | (whenFalse.Bits & ~mask.Bits));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lane<T> SelectLess(Lane<T> a, Lane<T> b, Lane<T> whenTrue, Lane<T> whenFalse) => a.Value < b.Value ? whenTrue : whenFalse;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lane<T> AtLeast(Lane<T> x, Lane<T> floor) => x.Value < floor.Value ? floor : x;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lane<T> AtMost(Lane<T> x, Lane<T> ceiling) => x.Value > ceiling.Value ? ceiling : x;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lane<T> FusedMultiplyAdd(Lane<T> a, Lane<T> b, Lane<T> c) => new(T.FusedMultiplyAdd(a.Value, b.Value, c.Value));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lane<T> SquareRoot(Lane<T> x) => new(T.Sqrt(x.Value));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lane<T> AddBits(Lane<T> a, Lane<T> b) => FromBits(a.Bits + b.Bits);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lane<T> SubtractBits(Lane<T> a, Lane<T> b) => FromBits(a.Bits - b.Bits);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lane<T> ShiftLeft(Lane<T> x, int count) => FromBits(x.Bits << count);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lane<T> ShiftRight(Lane<T> x, int count) => FromBits(x.Bits >> count);

    [MethodImpl(Inline)]
    private static Lane<T> FromBits(ulong bits) =>
        new(typeof(T) == typeof(float) ? Unsafe.BitCast<uint, T>((uint)bits) : Unsafe.BitCast<ulong, T>(bits));

    [MethodImpl(Inline)]
    private static Lane<T> Mask(bool condition) => FromBits(condition ? ulong.MaxValue : 0);
}
