using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DeepLearn.Kernels.Gemm;

/// <summary>Vectors of 512 bits: AVX-512, or the runtime's fall-back where a test asks for them without it.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal readonly unsafe struct Lanes512<T> : ILanes<T, Vector512<T>>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static int Width => Vector512<T>.Count;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Load(T* from) => Vector512.Load(from);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Broadcast(T* from) => Vector512.Create(*from);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> BroadcastBits(T* from) =>
        typeof(T) == typeof(float) ? Vector512.Create(*(int*)from).As<int, T>() : Vector512.Create(*(long*)from).As<long, T>();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> LowerOf<TWide>(TWide wide)
        where TWide : struct =>
        (Vector512<T>)(object)wide;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<T> vector, T* to) => vector.Store(to);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Mask(int count) =>
        Vector512.LessThan(Vector512<T>.Indices, Vector512.Create(T.CreateTruncating(count)));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> LoadPart(T* from, Vector512<T> mask, int count)
    {
        if (Avx512F.IsSupported)
        {
            return typeof(T) == typeof(float)
                ? (Vector512<T>)(object)Avx512F.MaskLoad((float*)from, (Vector512<float>)(object)mask, Vector512<float>.Zero)
                : (Vector512<T>)(object)Avx512F.MaskLoad((double*)from, (Vector512<double>)(object)mask, Vector512<double>.Zero);
        }
        Vector512<T> vector = Vector512<T>.Zero;
        for (int i = 0; i < count; i++)
            vector = vector.WithElement(i, from[i]);
        return vector;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePart(Vector512<T> vector, T* to, Vector512<T> mask, int count)
    {
        if (Avx512F.IsSupported)
        {
            if (typeof(T) == typeof(float))
                Avx512F.MaskStore((float*)to, (Vector512<float>)(object)mask, (Vector512<float>)(object)vector);
            else
                Avx512F.MaskStore((double*)to, (Vector512<double>)(object)mask, (Vector512<double>)(object)vector);
            return;
        }
        for (int i = 0; i < count; i++)
            to[i] = vector.GetElement(i);
    }
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> FusedMultiplyAdd(Vector512<T> left, Vector512<T> right, Vector512<T> sum) =>
        typeof(T) == typeof(float)
            ? (Vector512<T>)(object)Vector512.FusedMultiplyAdd(
                (Vector512<float>)(object)left, (Vector512<float>)(object)right, (Vector512<float>)(object)sum)
            : (Vector512<T>)(object)Vector512.FusedMultiplyAdd(
                (Vector512<double>)(object)left, (Vector512<double>)(object)right, (Vector512<double>)(object)sum);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Multiply(Vector512<T> left, Vector512<T> right) => left * right;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Relu(Vector512<T> vector) =>
        Vector512.ConditionalSelect(Vector512.LessThan(vector, Vector512<T>.Zero), Vector512<T>.Zero, vector);
}
