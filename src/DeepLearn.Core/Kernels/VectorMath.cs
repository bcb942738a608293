using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels;

/// <summary>
/// The transcendental functions of the library, for one number, for spans and for lanes: one formula each, the same bits on every machine.
/// </summary>
/// <remarks>
/// <para>
/// The C library behind <see cref="Math"/> differs between operating systems, and so do its bits; nothing of the library uses it.
/// Each function here is one sequence of exactly rounded operations, whether it runs on one number or on a vector of any width.
/// Its polynomials are evaluated with fused multiply-adds: on every x86-64 processor since 2013 and every 64-bit ARM one that is half
/// the instructions and the smaller error; without such an instruction the results are the same, and slower, as in the matrix product.
/// </para>
/// <para>NaN gives NaN everywhere. Errors are in units in the last place (ulp) of the exact result, measured over the whole range.</para>
/// </remarks>
public static partial class VectorMath
{
    /// <summary>e^x, within 1 ulp, subnormal results included.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">The exponent.</param>
    public static T Exp<T>(T x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Precision.Require<T>();
        return Exp<Lane<T>, T>(new(x)).Value;
    }

    /// <summary>e^x - 1, within 2 ulp, for small x as well; its zeros keep their sign.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">The exponent.</param>
    public static T Expm1<T>(T x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Precision.Require<T>();
        return Expm1<Lane<T>, T>(new(x)).Value;
    }

    /// <summary>The natural logarithm, within 1 ulp: minus infinity for zeros of either sign, NaN below zero.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">The number.</param>
    public static T Log<T>(T x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Precision.Require<T>();
        return Log<Lane<T>, T>(new(x)).Value;
    }

    /// <summary>
    /// The natural logarithm of 1 + x, within 1 ulp, for small x as well: minus infinity for -1, NaN below; its zeros keep their sign.
    /// </summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">The number.</param>
    public static T Log1p<T>(T x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Precision.Require<T>();
        return Log1p<Lane<T>, T>(new(x)).Value;
    }

    /// <summary>The hyperbolic tangent, within 3 ulp; its zeros keep their sign.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">The number.</param>
    public static T Tanh<T>(T x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Precision.Require<T>();
        return Tanh<Lane<T>, T>(new(x)).Value;
    }

    /// <summary>The logistic function 1 / (1 + e^-x), within 3 ulp, down to its subnormal results.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">The number.</param>
    public static T Sigmoid<T>(T x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Precision.Require<T>();
        return Sigmoid<Lane<T>, T>(new(x)).Value;
    }

    /// <summary>log(1 + e^x), within 2 ulp, where e^x overflows or vanishes as well.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">The number.</param>
    public static T Softplus<T>(T x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Precision.Require<T>();
        return Softplus<Lane<T>, T>(new(x)).Value;
    }

    /// <summary>
    /// The error function 2/sqrt(pi) times the integral of e^(-t^2) from 0 to x, within 2 ulp; its zeros keep their sign.
    /// </summary>
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
