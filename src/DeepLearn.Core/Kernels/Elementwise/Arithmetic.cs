using System.Numerics;

namespace DeepLearn.Kernels.Elementwise;

/// <summary>Elementary operations over spans, each exactly rounded.</summary>
/// <example><code>
/// float[] x = [1, 2, 3], y = [10, 20, 30], sum = new float[3];
/// Arithmetic.Add&lt;float&gt;(x, y, sum);
/// Console.WriteLine(string.Join(" ", sum));    // prints 11 22 33
/// </code></example>
public static partial class Arithmetic
{
    /// <summary>destination = x + y.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">The first numbers.</param>
    /// <param name="y">The second numbers.</param>
    /// <param name="destination">The results, of the same length; it may be one of the other spans.</param>
    /// <exception cref="ArgumentException">The lengths differ, or spans overlap in part. Nothing has been written then.</exception>
    public static void Add<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Map.Apply(default(AddOperator<T>), x, y, destination);

    /// <summary>destination = x - y.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">The first numbers.</param>
    /// <param name="y">The second numbers.</param>
    /// <param name="destination">The results, of the same length; it may be one of the other spans.</param>
    /// <exception cref="ArgumentException">The lengths differ, or spans overlap in part. Nothing has been written then.</exception>
    public static void Subtract<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Map.Apply(default(SubtractOperator<T>), x, y, destination);

    /// <summary>destination = x y, element by element.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">The first numbers.</param>
    /// <param name="y">The second numbers.</param>
    /// <param name="destination">The results, of the same length; it may be one of the other spans.</param>
    /// <exception cref="ArgumentException">The lengths differ, or spans overlap in part. Nothing has been written then.</exception>
    public static void Multiply<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Map.Apply(default(MultiplyOperator<T>), x, y, destination);

    /// <summary>destination = x / y, element by element.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">The first numbers.</param>
    /// <param name="y">The second numbers.</param>
    /// <param name="destination">The results, of the same length; it may be one of the other spans.</param>
    /// <exception cref="ArgumentException">The lengths differ, or spans overlap in part. Nothing has been written then.</exception>
    public static void Divide<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Map.Apply(default(DivideOperator<T>), x, y, destination);

    /// <summary>destination = x y + z, rounded once.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">The first numbers.</param>
    /// <param name="y">The second numbers.</param>
    /// <param name="z">The summands.</param>
    /// <param name="destination">The results, of the same length; it may be one of the other spans.</param>
    /// <exception cref="ArgumentException">The lengths differ, or spans overlap in part. Nothing has been written then.</exception>
    public static void MultiplyAdd<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> z, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Map.Apply(default(MultiplyAddOperator<T>), x, y, z, destination);

    /// <summary>destination = factor x.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">The numbers.</param>
    /// <param name="factor">The factor.</param>
    /// <param name="destination">The results, of the same length; it may be one of the other spans.</param>
    /// <exception cref="ArgumentException">The lengths differ, or spans overlap in part. Nothing has been written then.</exception>
    public static void Scale<T>(ReadOnlySpan<T> x, T factor, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Map.Apply(new ScaleOperator<T>(factor), x, destination);

    /// <summary>destination = destination + factor x, rounded once.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">The numbers.</param>
    /// <param name="factor">The factor.</param>
    /// <param name="destination">The numbers that are added to, in place.</param>
    /// <exception cref="ArgumentException">The lengths differ, or spans overlap in part. Nothing has been written then.</exception>
    public static void AddScaled<T>(ReadOnlySpan<T> x, T factor, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Map.Apply(new AddScaledOperator<T>(factor), x, destination, destination);

    /// <summary>destination = a x + b y: b y is rounded, then a x is added with one fused multiply-add.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">The first numbers.</param>
    /// <param name="a">The factor of x.</param>
    /// <param name="y">The second numbers.</param>
    /// <param name="b">The factor of y.</param>
    /// <param name="destination">The results, of the same length; it may be one of the other spans.</param>
    /// <exception cref="ArgumentException">The lengths differ, or spans overlap in part. Nothing has been written then.</exception>
    public static void Blend<T>(ReadOnlySpan<T> x, T a, ReadOnlySpan<T> y, T b, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Map.Apply(new BlendOperator<T>(a, b), x, y, destination);

    /// <summary>destination = x, limited to two bounds. NaN stays NaN; a zero that equals a bound keeps its sign.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">The numbers.</param>
    /// <param name="low">The least result; not NaN.</param>
    /// <param name="high">The greatest result, at least <paramref name="low"/>; not NaN.</param>
    /// <param name="destination">The results, of the same length; it may be one of the other spans.</param>
    /// <exception cref="ArgumentException">The lengths differ, or spans overlap in part. Nothing has been written then.</exception>
    public static void Clamp<T>(ReadOnlySpan<T> x, T low, T high, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Map.Apply(new ClampOperator<T>(low, high), x, destination);

    /// <summary>destination = |x|: the sign bit is cleared.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">The numbers.</param>
    /// <param name="destination">The results, of the same length; it may be one of the other spans.</param>
    /// <exception cref="ArgumentException">The lengths differ, or spans overlap in part. Nothing has been written then.</exception>
    public static void Abs<T>(ReadOnlySpan<T> x, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Map.Apply(default(AbsOperator<T>), x, destination);

    /// <summary>destination = -x: the sign bit is flipped.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">The numbers.</param>
    /// <param name="destination">The results, of the same length; it may be one of the other spans.</param>
    /// <exception cref="ArgumentException">The lengths differ, or spans overlap in part. Nothing has been written then.</exception>
    public static void Negate<T>(ReadOnlySpan<T> x, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Map.Apply(default(NegateOperator<T>), x, destination);

    /// <summary>destination = 1 or -1, the sign of x; or x itself where x is a zero or NaN.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">The numbers.</param>
    /// <param name="destination">The results, of the same length; it may be one of the other spans.</param>
    /// <exception cref="ArgumentException">The lengths differ, or spans overlap in part. Nothing has been written then.</exception>
    public static void Sign<T>(ReadOnlySpan<T> x, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Map.Apply(default(SignOperator<T>), x, destination);

    /// <summary>destination = x^2.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">The numbers.</param>
    /// <param name="destination">The results, of the same length; it may be one of the other spans.</param>
    /// <exception cref="ArgumentException">The lengths differ, or spans overlap in part. Nothing has been written then.</exception>
    public static void Square<T>(ReadOnlySpan<T> x, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Map.Apply(default(SquareOperator<T>), x, destination);

    /// <summary>destination = the square root of x; NaN below zero.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">The numbers.</param>
    /// <param name="destination">The results, of the same length; it may be one of the other spans.</param>
    /// <exception cref="ArgumentException">The lengths differ, or spans overlap in part. Nothing has been written then.</exception>
    public static void SquareRoot<T>(ReadOnlySpan<T> x, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Map.Apply(default(SquareRootOperator<T>), x, destination);
}
