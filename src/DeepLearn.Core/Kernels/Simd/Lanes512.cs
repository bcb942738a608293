using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DeepLearn.Kernels.Simd;

/// <summary>A vector of 512 bits.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <param name="value">The vector.</param>
internal readonly partial struct Lanes512<T>(Vector512<T> value) : ILanes<Lanes512<T>, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>The vector.</summary>
    public readonly Vector512<T> Value = value;

    /// <inheritdoc/>
    public static int Count
    {
        [MethodImpl(Inline)]
        get => Vector512<T>.Count;
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes512<T> Create(T value) => new(Vector512.Create(value));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes512<T> Load(ref readonly T source) => new(Vector512.LoadUnsafe(in source));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public void Store(ref T destination) => Value.StoreUnsafe(ref destination);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static unsafe Lanes512<T> LoadFirst(ref readonly T source, int count)
    {
        if (Avx512F.IsSupported)
        {
            fixed (T* from = &source)
            {
                if (typeof(T) == typeof(float))
                {
                    Vector512<float> mask = PartialMask.First512((uint)count).AsSingle();
                    return new(Avx512F.MaskLoad((float*)from, mask, Vector512<float>.Zero).As<float, T>());
                }
                Vector512<double> wideMask = PartialMask.First512((ulong)count).AsDouble();
                return new(Avx512F.MaskLoad((double*)from, wideMask, Vector512<double>.Zero).As<double, T>());
            }
        }
        return LoadFirstByCopy(in source, count);
    }

    private static Lanes512<T> LoadFirstByCopy(ref readonly T source, int count)
    {
        Lanes512<T> lanes = default;
        ref T first = ref Unsafe.As<Lanes512<T>, T>(ref lanes);
        MemoryMarshal.CreateReadOnlySpan(in source, count).CopyTo(MemoryMarshal.CreateSpan(ref first, count));
        return lanes;
    }

    /// <inheritdoc/>
    public unsafe void StoreFirst(ref T destination, int count)
    {
        if (Avx512F.IsSupported)
        {
            fixed (T* to = &destination)
            {
                if (typeof(T) == typeof(float))
                    Avx512F.MaskStore((float*)to, PartialMask.First512((uint)count).AsSingle(), Value.AsSingle());
                else
                    Avx512F.MaskStore((double*)to, PartialMask.First512((ulong)count).AsDouble(), Value.AsDouble());
            }
            return;
        }
        Lanes512<T> lanes = this;
        ref T first = ref Unsafe.As<Lanes512<T>, T>(ref lanes);
        MemoryMarshal.CreateReadOnlySpan(in first, count).CopyTo(MemoryMarshal.CreateSpan(ref destination, count));
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes512<T> LoadBytes(ref readonly byte source)
    {
        if (typeof(T) == typeof(float))
        {
            Vector128<byte> bytes = Vector128.LoadUnsafe(in source);
            if (Avx512F.IsSupported)
                return new(Avx512F.ConvertToVector512Single(Avx512F.ConvertToVector512Int32(bytes)).As<float, T>());
            Vector256<ushort> shorts = Vector256.Create(Vector128.WidenLower(bytes), Vector128.WidenUpper(bytes));
            Vector512<int> integers = Vector512.Create(Vector256.WidenLower(shorts), Vector256.WidenUpper(shorts)).AsInt32();
            return new(Vector512.ConvertToSingle(integers).As<float, T>());
        }
        if (Avx512F.IsSupported)
        {
            Vector128<byte> bytes = Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<ulong>(in source)).AsByte();
            return new(Avx512F.ConvertToVector512Double(Avx2.ConvertToVector256Int32(bytes)).As<double, T>());
        }
        ref byte upper = ref Unsafe.Add(ref Unsafe.AsRef(in source), 4);
        return new(Vector512.Create(Lanes256<T>.LoadBytes(in source).Value, Lanes256<T>.LoadBytes(in upper).Value));
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public T SumAcross() => new Lanes256<T>(Value.GetLower() + Value.GetUpper()).SumAcross();

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public T MaxAcross() => Lanes256<T>.AtLeast(new(Value.GetLower()), new(Value.GetUpper())).MaxAcross();

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes512<T> operator +(Lanes512<T> a, Lanes512<T> b) => new(a.Value + b.Value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes512<T> operator -(Lanes512<T> a, Lanes512<T> b) => new(a.Value - b.Value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes512<T> operator *(Lanes512<T> a, Lanes512<T> b) => new(a.Value * b.Value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes512<T> operator /(Lanes512<T> a, Lanes512<T> b) => new(a.Value / b.Value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes512<T> operator &(Lanes512<T> a, Lanes512<T> b) => new(a.Value & b.Value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes512<T> operator |(Lanes512<T> a, Lanes512<T> b) => new(a.Value | b.Value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes512<T> operator ^(Lanes512<T> a, Lanes512<T> b) => new(a.Value ^ b.Value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes512<T> operator <(Lanes512<T> a, Lanes512<T> b) => new(Vector512.LessThan(a.Value, b.Value));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes512<T> operator >(Lanes512<T> a, Lanes512<T> b) => new(Vector512.GreaterThan(a.Value, b.Value));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes512<T> Equal(Lanes512<T> a, Lanes512<T> b) => new(Vector512.Equals(a.Value, b.Value));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes512<T> Select(Lanes512<T> mask, Lanes512<T> whenTrue, Lanes512<T> whenFalse) =>
        new(Vector512.ConditionalSelect(mask.Value, whenTrue.Value, whenFalse.Value));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes512<T> SelectLess(Lanes512<T> a, Lanes512<T> b, Lanes512<T> whenTrue, Lanes512<T> whenFalse) =>
        new(Vector512.ConditionalSelect(Vector512.LessThan(a.Value, b.Value), whenTrue.Value, whenFalse.Value));

    // The maximum and minimum instructions of x86 return their second operand for a NaN and for two zeros, as AtLeast and AtMost require.

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes512<T> AtLeast(Lanes512<T> x, Lanes512<T> floor)
    {
        if (Avx512F.IsSupported)
        {
            return typeof(T) == typeof(float)
                ? new(Avx512F.Max(floor.Value.AsSingle(), x.Value.AsSingle()).As<float, T>())
                : new(Avx512F.Max(floor.Value.AsDouble(), x.Value.AsDouble()).As<double, T>());
        }
        return SelectLess(x, floor, floor, x);
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes512<T> AtMost(Lanes512<T> x, Lanes512<T> ceiling)
    {
        if (Avx512F.IsSupported)
        {
            return typeof(T) == typeof(float)
                ? new(Avx512F.Min(ceiling.Value.AsSingle(), x.Value.AsSingle()).As<float, T>())
                : new(Avx512F.Min(ceiling.Value.AsDouble(), x.Value.AsDouble()).As<double, T>());
        }
        return SelectLess(ceiling, x, ceiling, x);
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes512<T> FusedMultiplyAdd(Lanes512<T> a, Lanes512<T> b, Lanes512<T> c) =>
        typeof(T) == typeof(float)
            ? new((Vector512<T>)(object)Vector512.FusedMultiplyAdd(
                (Vector512<float>)(object)a.Value, (Vector512<float>)(object)b.Value, (Vector512<float>)(object)c.Value))
            : new((Vector512<T>)(object)Vector512.FusedMultiplyAdd(
                (Vector512<double>)(object)a.Value, (Vector512<double>)(object)b.Value, (Vector512<double>)(object)c.Value));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes512<T> SquareRoot(Lanes512<T> x) => new(Vector512.Sqrt(x.Value));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes512<T> AddBits(Lanes512<T> a, Lanes512<T> b) => typeof(T) == typeof(float)
        ? new((a.Value.AsUInt32() + b.Value.AsUInt32()).As<uint, T>())
        : new((a.Value.AsUInt64() + b.Value.AsUInt64()).As<ulong, T>());

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes512<T> SubtractBits(Lanes512<T> a, Lanes512<T> b) => typeof(T) == typeof(float)
        ? new((a.Value.AsUInt32() - b.Value.AsUInt32()).As<uint, T>())
        : new((a.Value.AsUInt64() - b.Value.AsUInt64()).As<ulong, T>());

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes512<T> ShiftLeft(Lanes512<T> x, int count) => typeof(T) == typeof(float)
        ? new((x.Value.AsUInt32() << count).As<uint, T>())
        : new((x.Value.AsUInt64() << count).As<ulong, T>());

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Lanes512<T> ShiftRight(Lanes512<T> x, int count) => typeof(T) == typeof(float)
        ? new((x.Value.AsUInt32() >>> count).As<uint, T>())
        : new((x.Value.AsUInt64() >>> count).As<ulong, T>());
}
