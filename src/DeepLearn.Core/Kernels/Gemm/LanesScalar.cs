using System.Numerics;
using System.Runtime.CompilerServices;

namespace DeepLearn.Kernels.Gemm;

/// <summary>One element at a time, for hardware without vectors.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal readonly unsafe struct LanesScalar<T> : ILanes<T, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static int Width => 1;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Load(T* from) => *from;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Broadcast(T* from) => *from;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T BroadcastBits(T* from) => *from;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T LowerOf<TWide>(TWide wide)
        where TWide : struct => (T)(object)wide;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(T vector, T* to) => *to = vector;

    /// <inheritdoc/>
    public static T Mask(int count) => T.One;

    /// <inheritdoc/>
    public static T LoadPart(T* from, T mask, int count) => *from;

    /// <inheritdoc/>
    public static void StorePart(T vector, T* to, T mask, int count) => *to = vector;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T FusedMultiplyAdd(T left, T right, T sum) => T.FusedMultiplyAdd(left, right, sum);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Multiply(T left, T right) => left * right;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Relu(T vector) => vector < T.Zero ? T.Zero : vector;
}
