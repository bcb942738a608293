using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DeepLearn.Kernels.Simd;

/// <summary>A vector of 256 bits.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <param name="value">The vector.</param>
internal readonly partial struct Lanes256<T>(Vector256<T> value) : ILanes<Lanes256<T>, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>The vector.</summary>
    public readonly Vector256<T> Value = value;

    /// <inheritdoc/>
    public static int Count
    {
        [MethodImpl(Inline)]
        get => Vector256<T>.Count;
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes256<T> Create(T value) => new(Vector256.Create(value));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes256<T> Load(ref readonly T source) => new(Vector256.LoadUnsafe(in source));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public void Store(ref T destination) => Value.StoreUnsafe(ref destination);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static unsafe Lanes256<T> LoadFirst(ref readonly T source, int count)
    {
        if (Avx2.IsSupported)
        {
            fixed (T* from = &source)
            {
                return typeof(T) == typeof(float)
                    ? new(Avx.MaskLoad((float*)from, PartialMask.First256((uint)count).AsSingle()).As<float, T>())
                    : new(Avx.MaskLoad((double*)from, PartialMask.First256((ulong)count).AsDouble()).As<double, T>());
            }
        }
        return LoadFirstByCopy(in source, count);
    }

    private static Lanes256<T> LoadFirstByCopy(ref readonly T source, int count)
    {
        Lanes256<T> lanes = default;
        ref T first = ref Unsafe.As<Lanes256<T>, T>(ref lanes);
        MemoryMarshal.CreateReadOnlySpan(in source, count).CopyTo(MemoryMarshal.CreateSpan(ref first, count));
        return lanes;
    }

    /// <inheritdoc/>
    public void StoreFirst(ref T destination, int count)
    {
        // Not a masked store, which takes tens of cycles on AMD processors before Zen 4.
        Lanes256<T> lanes = this;
        ref T first = ref Unsafe.As<Lanes256<T>, T>(ref lanes);
        MemoryMarshal.CreateReadOnlySpan(in first, count).CopyTo(MemoryMarshal.CreateSpan(ref destination, count));
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes256<T> LoadBytes(ref readonly byte source)
    {
        if (typeof(T) == typeof(float))
        {
            Vector128<byte> bytes = Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<ulong>(in source)).AsByte();
            if (Avx2.IsSupported)
                return new(Vector256.ConvertToSingle(Avx2.ConvertToVector256Int32(bytes)).As<float, T>());
            Vector128<ushort> shorts = Vector128.WidenLower(bytes);
            Vector256<int> integers = Vector256.Create(Vector128.WidenLower(shorts), Vector128.WidenUpper(shorts)).AsInt32();
            return new(Vector256.ConvertToSingle(integers).As<float, T>());
        }
        if (Avx2.IsSupported)
        {
            Vector128<byte> bytes = Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<uint>(in source)).AsByte();
            return new(Avx.ConvertToVector256Double(Sse41.ConvertToVector128Int32(bytes)).As<double, T>());
        }
        ref byte upper = ref Unsafe.Add(ref Unsafe.AsRef(in source), 2);
        return new(Vector256.Create(Lanes128<T>.LoadBytes(in source).Value, Lanes128<T>.LoadBytes(in upper).Value));
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public T SumAcross() => new Lanes128<T>(Value.GetLower() + Value.GetUpper()).SumAcross();

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public T MaxAcross() => Lanes128<T>.AtLeast(new(Value.GetLower()), new(Value.GetUpper())).MaxAcross();

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes256<T> operator +(Lanes256<T> a, Lanes256<T> b) => new(a.Value + b.Value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes256<T> operator -(Lanes256<T> a, Lanes256<T> b) => new(a.Value - b.Value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes256<T> operator *(Lanes256<T> a, Lanes256<T> b) => new(a.Value * b.Value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes256<T> operator /(Lanes256<T> a, Lanes256<T> b) => new(a.Value / b.Value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes256<T> operator &(Lanes256<T> a, Lanes256<T> b) => new(a.Value & b.Value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes256<T> operator |(Lanes256<T> a, Lanes256<T> b) => new(a.Value | b.Value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes256<T> operator ^(Lanes256<T> a, Lanes256<T> b) => new(a.Value ^ b.Value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes256<T> operator <(Lanes256<T> a, Lanes256<T> b) => new(Vector256.LessThan(a.Value, b.Value));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes256<T> operator >(Lanes256<T> a, Lanes256<T> b) => new(Vector256.GreaterThan(a.Value, b.Value));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes256<T> Equal(Lanes256<T> a, Lanes256<T> b) => new(Vector256.Equals(a.Value, b.Value));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes256<T> Select(Lanes256<T> mask, Lanes256<T> whenTrue, Lanes256<T> whenFalse) =>
        new(Vector256.ConditionalSelect(mask.Value, whenTrue.Value, whenFalse.Value));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes256<T> SelectLess(Lanes256<T> a, Lanes256<T> b, Lanes256<T> whenTrue, Lanes256<T> whenFalse) =>
        new(Vector256.ConditionalSelect(Vector256.LessThan(a.Value, b.Value), whenTrue.Value, whenFalse.Value));

    // The maximum and minimum instructions of x86 return their second operand for a NaN and for two zeros, as AtLeast and AtMost require.

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes256<T> AtLeast(Lanes256<T> x, Lanes256<T> floor)
    {
        if (Avx.IsSupported)
        {
            return typeof(T) == typeof(float)
                ? new(Avx.Max(floor.Value.AsSingle(), x.Value.AsSingle()).As<float, T>())
                : new(Avx.Max(floor.Value.AsDouble(), x.Value.AsDouble()).As<double, T>());
        }
        return SelectLess(x, floor, floor, x);
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes256<T> AtMost(Lanes256<T> x, Lanes256<T> ceiling)
    {
        if (Avx.IsSupported)
        {
            return typeof(T) == typeof(float)
                ? new(Avx.Min(ceiling.Value.AsSingle(), x.Value.AsSingle()).As<float, T>())
                : new(Avx.Min(ceiling.Value.AsDouble(), x.Value.AsDouble()).As<double, T>());
        }
        return SelectLess(ceiling, x, ceiling, x);
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes256<T> FusedMultiplyAdd(Lanes256<T> a, Lanes256<T> b, Lanes256<T> c) =>
        typeof(T) == typeof(float)
            ? new((Vector256<T>)(object)Vector256.FusedMultiplyAdd(
                (Vector256<float>)(object)a.Value, (Vector256<float>)(object)b.Value, (Vector256<float>)(object)c.Value))
            : new((Vector256<T>)(object)Vector256.FusedMultiplyAdd(
                (Vector256<double>)(object)a.Value, (Vector256<double>)(object)b.Value, (Vector256<double>)(object)c.Value));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes256<T> SquareRoot(Lanes256<T> x) => new(Vector256.Sqrt(x.Value));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes256<T> AddBits(Lanes256<T> a, Lanes256<T> b) => typeof(T) == typeof(float)
        ? new((a.Value.AsUInt32() + b.Value.AsUInt32()).As<uint, T>())
        : new((a.Value.AsUInt64() + b.Value.AsUInt64()).As<ulong, T>());

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes256<T> SubtractBits(Lanes256<T> a, Lanes256<T> b) => typeof(T) == typeof(float)
        ? new((a.Value.AsUInt32() - b.Value.AsUInt32()).As<uint, T>())
        : new((a.Value.AsUInt64() - b.Value.AsUInt64()).As<ulong, T>());

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes256<T> ShiftLeft(Lanes256<T> x, int count) => typeof(T) == typeof(float)
        ? new((x.Value.AsUInt32() << count).As<uint, T>())
        : new((x.Value.AsUInt64() << count).As<ulong, T>());

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes256<T> ShiftRight(Lanes256<T> x, int count) => typeof(T) == typeof(float)
        ? new((x.Value.AsUInt32() >>> count).As<uint, T>())
        : new((x.Value.AsUInt64() >>> count).As<ulong, T>());
}
