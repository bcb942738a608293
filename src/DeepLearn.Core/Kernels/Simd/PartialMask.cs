using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DeepLearn.Kernels.Simd;

/// <summary>Masks whose first few lanes are true.</summary>
internal static class PartialMask
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> First512(uint count) => Vector512.LessThan(Vector512<uint>.Indices, Vector512.Create(count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> First512(ulong count) => Vector512.LessThan(Vector512<ulong>.Indices, Vector512.Create(count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> First256(uint count) =>
        Vector256.LessThan(Vector256<int>.Indices, Vector256.Create((int)count)).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> First256(ulong count) =>
        Vector256.LessThan(Vector256<long>.Indices, Vector256.Create((long)count)).AsUInt64();
}
