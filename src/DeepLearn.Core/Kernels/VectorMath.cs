using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels;

/// <summary>
/// The transcendental functions of the library, for single numbers and for vectors. Each has one formula, so results are reproducible bit
/// for bit on every machine. (<see cref="Elementwise.Transcendentals"/> has the same functions for spans.)
/// </summary>
/// <remarks>
/// <para> <see cref="Math"/> calls the C library, whose results differ between operating systems, so <c>DeepLearn.Core</c> does not use its
/// transcendental functions. Each function here is one sequence of exactly rounded operations, whether it runs on one number or on a vector
/// of any width. The polynomials are evaluated with fused multiply-adds, which most x86-64 processors since 2013 and all 64-bit ARM
/// processors have as an instruction. It halves the number of operations and makes the error smaller. Without the instruction the results
/// are the same, but slower, as in the matrix product. </para>
/// <para>NaN gives NaN in all functions. Errors are in units in the last place (ulp) of the exact result, measured over the whole
/// range.</para>
/// </remarks>
/// <example><code>Console.WriteLine(VectorMath.Tanh(0.5));    // prints 0.46211715726000974</code></example>
public static partial class VectorMath
{
    /// <summary>e^x, within 1 ulp, including subnormal results.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">The exponent.</param>
    public static T Exp<T>(T x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Precision.Require<T>();
        return Exp<Lane<T>, T>(new(x)).Value;
    }

    /// <summary>e^x - 1, within 2 ulp, even for small x. A zero keeps its sign.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">The exponent.</param>
    public static T Expm1<T>(T x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Precision.Require<T>();
        return Expm1<Lane<T>, T>(new(x)).Value;
    }

    /// <summary>The natural logarithm, within 1 ulp. It is minus infinity for zeros of either sign, and NaN below zero.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">The number.</param>
    public static T Log<T>(T x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Precision.Require<T>();
        return Log<Lane<T>, T>(new(x)).Value;
    }

    /// <summary>
    /// The natural logarithm of 1 + x, within 1 ulp, even for small x. It is minus infinity for -1 and NaN below; a zero keeps its sign.
    /// </summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">The number.</param>
    public static T Log1p<T>(T x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Precision.Require<T>();
        return Log1p<Lane<T>, T>(new(x)).Value;
    }

    /// <summary>The hyperbolic tangent, within 3 ulp. A zero keeps its sign.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">The number.</param>
    public static T Tanh<T>(T x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Precision.Require<T>();
        return Tanh<Lane<T>, T>(new(x)).Value;
    }

    /// <summary>The logistic function 1 / (1 + e^-x), within 3 ulp, including subnormal results.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">The number.</param>
    public static T Sigmoid<T>(T x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Precision.Require<T>();
        return Sigmoid<Lane<T>, T>(new(x)).Value;
    }

    /// <summary>log(1 + e^x), within 2 ulp, even where e^x overflows or vanishes.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">The number.</param>
    public static T Softplus<T>(T x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Precision.Require<T>();
        return Softplus<Lane<T>, T>(new(x)).Value;
    }

    /// <summary>The error function 2/sqrt(pi) times the integral of e^(-t^2) from 0 to x, within 2 ulp. A zero keeps its sign.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">The number.</param>
    public static T Erf<T>(T x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Precision.Require<T>();
        return Erf<Lane<T>, T>(new(x)).Value;
    }

    /// <summary>The sine, within 1 ulp, of an angle of at most 2^30 in magnitude; NaN beyond.</summary>
    /// <param name="x">The angle in radians.</param>
    public static double Sin(double x) => Sin<Lane<double>>(new(x)).Value;

    /// <summary>The cosine, within 1 ulp, of an angle of at most 2^30 in magnitude; NaN beyond.</summary>
    /// <param name="x">The angle in radians.</param>
    public static double Cos(double x) => Cos<Lane<double>>(new(x)).Value;
}
