using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace DeepLearn.Kernels.Simd;

/// <summary>
/// Interleaves the elements of two 128-bit vectors, the basic step of a transposition. .NET has no single method that is one instruction on
/// both x86 and ARM.
/// </summary>
internal static class Interleave
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>Whether the processor has such an instruction.</summary>
    public static bool IsSupported
    {
        [MethodImpl(Inline)]
        get => Sse2.IsSupported || AdvSimd.Arm64.IsSupported;
    }

    /// <summary>The first halves, interleaved: a0, b0, a1, b1.</summary>
    /// <param name="a">The vector that comes first.</param>
    /// <param name="b">The other.</param>
    /// <exception cref="PlatformNotSupportedException"><see cref="IsSupported"/> is false.</exception>
    [MethodImpl(Inline)]
    public static Vector128<float> Low(Vector128<float> a, Vector128<float> b) =>
        Sse2.IsSupported ? Sse.UnpackLow(a, b) : AdvSimd.Arm64.ZipLow(a, b);

    /// <summary>The second halves, interleaved: a2, b2, a3, b3.</summary>
    /// <param name="a">The vector that comes first.</param>
    /// <param name="b">The other.</param>
    /// <exception cref="PlatformNotSupportedException"><see cref="IsSupported"/> is false.</exception>
    [MethodImpl(Inline)]
    public static Vector128<float> High(Vector128<float> a, Vector128<float> b) =>
        Sse2.IsSupported ? Sse.UnpackHigh(a, b) : AdvSimd.Arm64.ZipHigh(a, b);

    /// <summary>The first element of each.</summary>
    /// <param name="a">The vector that comes first.</param>
    /// <param name="b">The other.</param>
    /// <exception cref="PlatformNotSupportedException"><see cref="IsSupported"/> is false.</exception>
    [MethodImpl(Inline)]
    public static Vector128<double> Low(Vector128<double> a, Vector128<double> b) =>
        Sse2.IsSupported ? Sse2.UnpackLow(a, b) : AdvSimd.Arm64.ZipLow(a, b);

    /// <summary>The second element of each.</summary>
    /// <param name="a">The vector that comes first.</param>
    /// <param name="b">The other.</param>
    /// <exception cref="PlatformNotSupportedException"><see cref="IsSupported"/> is false.</exception>
    [MethodImpl(Inline)]
    public static Vector128<double> High(Vector128<double> a, Vector128<double> b) =>
        Sse2.IsSupported ? Sse2.UnpackHigh(a, b) : AdvSimd.Arm64.ZipHigh(a, b);

    /// <summary>Transposes a square of four vectors.</summary>
    /// <param name="x0">The first row, then the first column.</param>
    /// <param name="x1">The second row, then the second column.</param>
    /// <param name="x2">The third row, then the third column.</param>
    /// <param name="x3">The fourth row, then the fourth column.</param>
    /// <exception cref="PlatformNotSupportedException"><see cref="IsSupported"/> is false.</exception>
    [MethodImpl(Inline)]
    public static void Transpose(ref Vector128<float> x0, ref Vector128<float> x1, ref Vector128<float> x2, ref Vector128<float> x3)
    {
        Vector128<double> low01 = Low(x0, x1).AsDouble(), high01 = High(x0, x1).AsDouble();
        Vector128<double> low23 = Low(x2, x3).AsDouble(), high23 = High(x2, x3).AsDouble();
        x0 = Low(low01, low23).AsSingle();
        x1 = High(low01, low23).AsSingle();
        x2 = Low(high01, high23).AsSingle();
        x3 = High(high01, high23).AsSingle();
    }
}
