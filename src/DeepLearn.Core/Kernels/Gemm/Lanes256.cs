using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DeepLearn.Kernels.Gemm;

/// <summary>Vectors of 256 bits: AVX2 with FMA, and the narrow last vector of a 512-bit tile.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal readonly unsafe struct Lanes256<T> : ILanes<T, Vector256<T>>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static int Width => Vector256<T>.Count;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Load(T* from) => Vector256.Load(from);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Broadcast(T* from) => Vector256.Create(*from);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> BroadcastBits(T* from) =>
        typeof(T) == typeof(float) ? Vector256.Create(*(int*)from).As<int, T>() : Vector256.Create(*(long*)from).As<long, T>();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> LowerOf<TWide>(TWide wide)
        where TWide : struct =>
        typeof(TWide) == typeof(Vector512<T>) ? ((Vector512<T>)(object)wide).GetLower() : (Vector256<T>)(object)wide;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<T> vector, T* to) => vector.Store(to);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Mask(int count) =>
        Vector256.LessThan(Vector256<T>.Indices, Vector256.Create(T.CreateTruncating(count)));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> LoadPart(T* from, Vector256<T> mask, int count)
    {
        if (Avx512F.VL.IsSupported)
        {
            return typeof(T) == typeof(float)
                ? (Vector256<T>)(object)Avx512F.VL.MaskLoad((float*)from, (Vector256<float>)(object)mask, Vector256<float>.Zero)
                : (Vector256<T>)(object)Avx512F.VL.MaskLoad((double*)from, (Vector256<double>)(object)mask, Vector256<double>.Zero);
        }
        if (Avx.IsSupported)
        {
            return typeof(T) == typeof(float)
                ? (Vector256<T>)(object)Avx.MaskLoad((float*)from, (Vector256<float>)(object)mask)
                : (Vector256<T>)(object)Avx.MaskLoad((double*)from, (Vector256<double>)(object)mask);
        }
        int half = Lanes128<T>.Width;
        if (count == Width)
            return Vector256.Load(from);
        if (count < half)
            return Vector256.Create(Lanes128<T>.LoadPart(from, default, count), Vector128<T>.Zero);
        return Vector256.Create(
            Vector128.Load(from), count == half ? Vector128<T>.Zero : Lanes128<T>.LoadPart(from + half, default, count - half));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePart(Vector256<T> vector, T* to, Vector256<T> mask, int count)
    {
        if (Avx512F.VL.IsSupported)
        {
            if (typeof(T) == typeof(float))
                Avx512F.VL.MaskStore((float*)to, (Vector256<float>)(object)mask, (Vector256<float>)(object)vector);
            else
                Avx512F.VL.MaskStore((double*)to, (Vector256<double>)(object)mask, (Vector256<double>)(object)vector);
            return;
        }

        // AVX's masked store takes tens of cycles on some cores. A call here instead would cost more yet: all accumulators would
        // have to be spilled.
        int half = Lanes128<T>.Width;
        if (count == Width)
        {
            vector.Store(to);
            return;
        }
        Vector128<T> part = vector.GetLower();
        if (count >= half)
        {
            part.Store(to);
            part = vector.GetUpper();
            to += half;
            count -= half;
        }
        Lanes128<T>.StorePart(part, to, default, count);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> FusedMultiplyAdd(Vector256<T> left, Vector256<T> right, Vector256<T> sum) =>
        typeof(T) == typeof(float)
            ? (Vector256<T>)(object)Vector256.FusedMultiplyAdd(
                (Vector256<float>)(object)left, (Vector256<float>)(object)right, (Vector256<float>)(object)sum)
            : (Vector256<T>)(object)Vector256.FusedMultiplyAdd(
                (Vector256<double>)(object)left, (Vector256<double>)(object)right, (Vector256<double>)(object)sum);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Multiply(Vector256<T> left, Vector256<T> right) => left * right;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<T> Relu(Vector256<T> vector) =>
        Vector256.ConditionalSelect(Vector256.LessThan(vector, Vector256<T>.Zero), Vector256<T>.Zero, vector);
}
