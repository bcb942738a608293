using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DeepLearn.Kernels.Simd;

/// <summary>Reads numbers into lanes of <see cref="double"/>; every float is a double, so the conversion is exact.</summary>
internal static unsafe class Widening
{
    /// <summary>Reads as many consecutive numbers as there are lanes.</summary>
    /// <typeparam name="TLanes">The lanes.</typeparam>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="source">The first number.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Load<TLanes, T>(T* source)
        where TLanes : unmanaged, ILanes<TLanes, double>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(double))
            return TLanes.Load(in *(double*)source);
        float* floats = (float*)source;
        if (sizeof(TLanes) == sizeof(double))
            return TLanes.Create(*floats);
        if (sizeof(TLanes) == 16)
            return Unsafe.BitCast<Vector128<double>, TLanes>(TwoOf(floats));
        if (sizeof(TLanes) == 32)
            return Unsafe.BitCast<Vector256<double>, TLanes>(FourOf(floats));
        return Unsafe.BitCast<Vector512<double>, TLanes>(
            Avx512F.IsSupported ? Avx512F.ConvertToVector512Double(Vector256.Load(floats))
                : Vector512.Create(FourOf(floats), FourOf(floats + 4)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> TwoOf(float* source) =>
        Vector128.WidenLower(Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<double>(source)).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> FourOf(float* source) =>
        Avx.IsSupported ? Avx.ConvertToVector256Double(Vector128.Load(source)) : Vector256.Create(TwoOf(source), TwoOf(source + 2));
}
