using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace DeepLearn.Kernels.Gemm;

/// <summary>Eight rows of two columns of <see cref="float"/>, or of one of <see cref="double"/>, in 512 bits: row after row.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
[StructLayout(LayoutKind.Sequential, Size = sizeof(long))]
internal readonly unsafe struct SharedEdge512<T> : ISharedEdge<T, Vector512<T>>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static int Columns => sizeof(long) / sizeof(T);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Rows(T* from, int rows)
    {
        if (typeof(T) == typeof(double))
            return rows == Vector512<T>.Count ? Vector512.Load(from) : Lanes512<T>.LoadPart(from, Lanes512<T>.Mask(rows), rows);
        Vector256<T> once = rows == Vector256<T>.Count ? Vector256.Load(from) : Lanes256<T>.LoadPart(from, Lanes256<T>.Mask(rows), rows);
        return Vector512.Shuffle(
            once.ToVector512Unsafe().AsSingle(), Vector512.Create(0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7)).As<float, T>();
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> RepeatColumns(T* from) => Vector512.Create(*(long*)from).As<long, T>();
}
