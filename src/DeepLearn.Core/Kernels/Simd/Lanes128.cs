using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DeepLearn.Kernels.Simd;

/// <summary>A vector of 128 bits.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <param name="value">The vector.</param>
internal readonly partial struct Lanes128<T>(Vector128<T> value) : ILanes<Lanes128<T>, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>The vector.</summary>
    public readonly Vector128<T> Value = value;

    /// <inheritdoc/>
    public static int Count
    {
        [MethodImpl(Inline)]
        get => Vector128<T>.Count;
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes128<T> Create(T value) => new(Vector128.Create(value));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes128<T> Load(ref readonly T source) => new(Vector128.LoadUnsafe(in source));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public void Store(ref T destination) => Value.StoreUnsafe(ref destination);

    /// <inheritdoc/>
    public static Lanes128<T> LoadFirst(ref readonly T source, int count)
    {
        Lanes128<T> lanes = default;
        ref T first = ref Unsafe.As<Lanes128<T>, T>(ref lanes);
        MemoryMarshal.CreateReadOnlySpan(in source, count).CopyTo(MemoryMarshal.CreateSpan(ref first, count));
        return lanes;
    }

    /// <inheritdoc/>
    public void StoreFirst(ref T destination, int count)
    {
        Lanes128<T> lanes = this;
        ref T first = ref Unsafe.As<Lanes128<T>, T>(ref lanes);
        MemoryMarshal.CreateReadOnlySpan(in first, count).CopyTo(MemoryMarshal.CreateSpan(ref destination, count));
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes128<T> LoadBytes(ref readonly byte source)
    {
        if (typeof(T) == typeof(float))
        {
            Vector128<byte> bytes = Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<uint>(in source)).AsByte();
            return new(Vector128.ConvertToSingle(Vector128.WidenLower(Vector128.WidenLower(bytes)).AsInt32()).As<float, T>());
        }
        return new(Vector128.Create((double)source, Unsafe.Add(ref Unsafe.AsRef(in source), 1)).As<double, T>());
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public T SumAcross()
    {
        if (typeof(T) == typeof(double))
            return Value.GetElement(0) + Value.GetElement(1);
        Vector128<float> lanes = Value.AsSingle();
        Vector128<float> pairs = lanes + Vector128.Shuffle(lanes, Vector128.Create(2, 3, 2, 3));
        return Unsafe.BitCast<float, T>(pairs.GetElement(0) + pairs.GetElement(1));
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public T MaxAcross()
    {
        if (typeof(T) == typeof(double))
            return Lane<T>.AtLeast(new(Value.GetElement(0)), new(Value.GetElement(1))).Value;
        Vector128<float> lanes = Value.AsSingle();
        Vector128<float> pairs = Lanes128<float>.AtLeast(new(lanes), new(Vector128.Shuffle(lanes, Vector128.Create(2, 3, 2, 3)))).Value;
        return Unsafe.BitCast<float, T>(Lane<float>.AtLeast(new(pairs.GetElement(0)), new(pairs.GetElement(1))).Value);
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes128<T> operator +(Lanes128<T> a, Lanes128<T> b) => new(a.Value + b.Value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes128<T> operator -(Lanes128<T> a, Lanes128<T> b) => new(a.Value - b.Value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes128<T> operator *(Lanes128<T> a, Lanes128<T> b) => new(a.Value * b.Value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes128<T> operator /(Lanes128<T> a, Lanes128<T> b) => new(a.Value / b.Value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes128<T> operator &(Lanes128<T> a, Lanes128<T> b) => new(a.Value & b.Value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes128<T> operator |(Lanes128<T> a, Lanes128<T> b) => new(a.Value | b.Value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes128<T> operator ^(Lanes128<T> a, Lanes128<T> b) => new(a.Value ^ b.Value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes128<T> operator <(Lanes128<T> a, Lanes128<T> b) => new(Vector128.LessThan(a.Value, b.Value));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes128<T> operator >(Lanes128<T> a, Lanes128<T> b) => new(Vector128.GreaterThan(a.Value, b.Value));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes128<T> Equal(Lanes128<T> a, Lanes128<T> b) => new(Vector128.Equals(a.Value, b.Value));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes128<T> Select(Lanes128<T> mask, Lanes128<T> whenTrue, Lanes128<T> whenFalse) =>
        new(Vector128.ConditionalSelect(mask.Value, whenTrue.Value, whenFalse.Value));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes128<T> SelectLess(Lanes128<T> a, Lanes128<T> b, Lanes128<T> whenTrue, Lanes128<T> whenFalse) =>
        new(Vector128.ConditionalSelect(Vector128.LessThan(a.Value, b.Value), whenTrue.Value, whenFalse.Value));

    // The maximum and minimum instructions of x86 return their second operand for a NaN and for two zeros, as AtLeast and AtMost require.

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes128<T> AtLeast(Lanes128<T> x, Lanes128<T> floor)
    {
        if (Sse2.IsSupported)
        {
            return typeof(T) == typeof(float)
                ? new(Sse.Max(floor.Value.AsSingle(), x.Value.AsSingle()).As<float, T>())
                : new(Sse2.Max(floor.Value.AsDouble(), x.Value.AsDouble()).As<double, T>());
        }
        return SelectLess(x, floor, floor, x);
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes128<T> AtMost(Lanes128<T> x, Lanes128<T> ceiling)
    {
        if (Sse2.IsSupported)
        {
            return typeof(T) == typeof(float)
                ? new(Sse.Min(ceiling.Value.AsSingle(), x.Value.AsSingle()).As<float, T>())
                : new(Sse2.Min(ceiling.Value.AsDouble(), x.Value.AsDouble()).As<double, T>());
        }
        return SelectLess(ceiling, x, ceiling, x);
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes128<T> FusedMultiplyAdd(Lanes128<T> a, Lanes128<T> b, Lanes128<T> c) =>
        typeof(T) == typeof(float)
            ? new((Vector128<T>)(object)Vector128.FusedMultiplyAdd(
                (Vector128<float>)(object)a.Value, (Vector128<float>)(object)b.Value, (Vector128<float>)(object)c.Value))
            : new((Vector128<T>)(object)Vector128.FusedMultiplyAdd(
                (Vector128<double>)(object)a.Value, (Vector128<double>)(object)b.Value, (Vector128<double>)(object)c.Value));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes128<T> SquareRoot(Lanes128<T> x) => new(Vector128.Sqrt(x.Value));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes128<T> AddBits(Lanes128<T> a, Lanes128<T> b) => typeof(T) == typeof(float)
        ? new((a.Value.AsUInt32() + b.Value.AsUInt32()).As<uint, T>())
        : new((a.Value.AsUInt64() + b.Value.AsUInt64()).As<ulong, T>());

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes128<T> SubtractBits(Lanes128<T> a, Lanes128<T> b) => typeof(T) == typeof(float)
        ? new((a.Value.AsUInt32() - b.Value.AsUInt32()).As<uint, T>())
        : new((a.Value.AsUInt64() - b.Value.AsUInt64()).As<ulong, T>());

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes128<T> ShiftLeft(Lanes128<T> x, int count) => typeof(T) == typeof(float)
        ? new((x.Value.AsUInt32() << count).As<uint, T>())
        : new((x.Value.AsUInt64() << count).As<ulong, T>());

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes128<T> ShiftRight(Lanes128<T> x, int count) => typeof(T) == typeof(float)
        ? new((x.Value.AsUInt32() >>> count).As<uint, T>())
        : new((x.Value.AsUInt64() >>> count).As<ulong, T>());
}
