using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Gemm.MicroKernel;

/// <summary>
/// A shared vector of 512 bits: eight rows of two columns of <see cref="float"/> or one column of <see cref="double"/>, row by row.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
[StructLayout(LayoutKind.Sequential, Size = sizeof(long))]
internal readonly unsafe struct SharedEdge512<T> : ISharedEdge<T, Lanes512<T>>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public static int Columns => sizeof(long) / sizeof(T);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Rows(T* from, int rows)
    {
        if (typeof(T) == typeof(double))
            return rows == Vector512<T>.Count ? Lanes512<T>.Load(in *from) : LoadFirst<Lanes512<T>, Vector512<T>>(from, rows);
        Vector256<T> once = rows == Vector256<T>.Count ? Vector256.Load(from) : LoadFirst<Lanes256<T>, Vector256<T>>(from, rows).Value;
        return new(Vector512.Shuffle(
            once.ToVector512Unsafe().AsSingle(), Vector512.Create(0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7)).As<float, T>());
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> RepeatColumns(T* from) => new(Vector512.Create(*(long*)from).As<long, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes LoadFirst<TLanes, TMask>(T* from, int rows)
        where TLanes : struct, IEdgeLanes<TLanes, T, TMask>
        where TMask : unmanaged
    {
        TLanes lanes = default;
        TLanes.ReadFirst(ref lanes, from, TLanes.MaskFirst(rows), rows);
        return lanes;
    }
}
