using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DeepLearn.Kernels.Gemm;

/// <summary>Vectors of 128 bits: NEON, or whatever the runtime makes of them.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal readonly unsafe struct Lanes128<T> : ILanes<T, Vector128<T>>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static int Width => Vector128<T>.Count;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Load(T* from) => Vector128.Load(from);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Broadcast(T* from) => Vector128.Create(*from);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> BroadcastBits(T* from) =>
        typeof(T) == typeof(float) ? Vector128.Create(*(int*)from).As<int, T>() : Vector128.Create(*(long*)from).As<long, T>();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> LowerOf<TWide>(TWide wide)
        where TWide : struct =>
        (Vector128<T>)(object)wide;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<T> vector, T* to) => vector.Store(to);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Mask(int count) =>
        Vector128.LessThan(Vector128<T>.Indices, Vector128.Create(T.CreateTruncating(count)));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> LoadPart(T* from, Vector128<T> mask, int count)
    {
        // One element, or two, or two and one.
        if (count == 1)
            return Vector128.CreateScalar(*from);
        var pair = Vector128.CreateScalar(*(double*)from).As<double, T>();
        return count == 2 ? pair : pair.WithElement(2, from[2]);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePart(Vector128<T> vector, T* to, Vector128<T> mask, int count)
    {
        if (count >= 2)
        {
            *(double*)to = vector.AsDouble().ToScalar();
            vector = Vector128.CreateScalar(vector.AsDouble().GetElement(1)).As<double, T>();
            to += 2;
        }
        if ((count & 1) != 0)
            *to = vector.ToScalar();
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> FusedMultiplyAdd(Vector128<T> left, Vector128<T> right, Vector128<T> sum) =>
        typeof(T) == typeof(float)
            ? (Vector128<T>)(object)Vector128.FusedMultiplyAdd(
                (Vector128<float>)(object)left, (Vector128<float>)(object)right, (Vector128<float>)(object)sum)
            : (Vector128<T>)(object)Vector128.FusedMultiplyAdd(
                (Vector128<double>)(object)left, (Vector128<double>)(object)right, (Vector128<double>)(object)sum);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Multiply(Vector128<T> left, Vector128<T> right) => left * right;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Relu(Vector128<T> vector) =>
        Vector128.ConditionalSelect(Vector128.LessThan(vector, Vector128<T>.Zero), Vector128<T>.Zero, vector);
}
