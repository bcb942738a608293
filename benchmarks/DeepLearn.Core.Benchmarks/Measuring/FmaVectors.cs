using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DeepLearn.Benchmarks.Measuring;

/// <summary>The operations of a vector type that the peak loop needs.</summary>
internal interface IFmaVector<TVector>
    where TVector : struct
{
    static abstract int Lanes { get; }

    static abstract TVector Fill(double value);

    static abstract TVector MultiplyAdd(TVector a, TVector b, TVector c);

    static abstract double First(TVector vector);
}

internal readonly struct Float512 : IFmaVector<Vector512<float>>
{
    public static int Lanes => 16;

    public static Vector512<float> Fill(double value) => Vector512.Create((float)value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> MultiplyAdd(Vector512<float> a, Vector512<float> b, Vector512<float> c) =>
        Vector512.FusedMultiplyAdd(a, b, c);

    public static double First(Vector512<float> vector) => vector.ToScalar();
}

internal readonly struct Float256 : IFmaVector<Vector256<float>>
{
    public static int Lanes => 8;

    public static Vector256<float> Fill(double value) => Vector256.Create((float)value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> MultiplyAdd(Vector256<float> a, Vector256<float> b, Vector256<float> c) =>
        Vector256.FusedMultiplyAdd(a, b, c);

    public static double First(Vector256<float> vector) => vector.ToScalar();
}

internal readonly struct Float128 : IFmaVector<Vector128<float>>
{
    public static int Lanes => 4;

    public static Vector128<float> Fill(double value) => Vector128.Create((float)value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> MultiplyAdd(Vector128<float> a, Vector128<float> b, Vector128<float> c) =>
        Vector128.FusedMultiplyAdd(a, b, c);

    public static double First(Vector128<float> vector) => vector.ToScalar();
}

internal readonly struct Double512 : IFmaVector<Vector512<double>>
{
    public static int Lanes => 8;

    public static Vector512<double> Fill(double value) => Vector512.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> MultiplyAdd(Vector512<double> a, Vector512<double> b, Vector512<double> c) =>
        Vector512.FusedMultiplyAdd(a, b, c);

    public static double First(Vector512<double> vector) => vector.ToScalar();
}

internal readonly struct Double256 : IFmaVector<Vector256<double>>
{
    public static int Lanes => 4;

    public static Vector256<double> Fill(double value) => Vector256.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> MultiplyAdd(Vector256<double> a, Vector256<double> b, Vector256<double> c) =>
        Vector256.FusedMultiplyAdd(a, b, c);

    public static double First(Vector256<double> vector) => vector.ToScalar();
}

internal readonly struct Double128 : IFmaVector<Vector128<double>>
{
    public static int Lanes => 2;

    public static Vector128<double> Fill(double value) => Vector128.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<double> MultiplyAdd(Vector128<double> a, Vector128<double> b, Vector128<double> c) =>
        Vector128.FusedMultiplyAdd(a, b, c);

    public static double First(Vector128<double> vector) => vector.ToScalar();
}
