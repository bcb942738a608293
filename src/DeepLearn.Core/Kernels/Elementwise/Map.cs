using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Elementwise;

/// <summary>
/// Applies a function to every element of spans. All elementwise kernels of the library run through it, and users' own can too.
/// </summary>
/// <remarks>
/// A kernel is a struct with the formula of one element. The loop loads as many elements as a vector of the processor holds, applies the
/// formula and stores the results. Since every operation of <see cref="ILanes{TSelf, T}"/> is exactly rounded, a result depends neither on
/// the vector width nor on the position of the element. So spans may be cut anywhere, for instance to divide the work among threads.
/// Nothing is allocated. A span that is read may also be the one that is written; spans that overlap in part are rejected.
/// </remarks>
public static partial class Map
{
    // Optimized at their first call. Otherwise a loop would run up to a hundred times slower during its first thirty calls.
    private const MethodImplOptions Loop = MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining;

    /// <summary>destination = f(x), element by element.</summary>
    /// <typeparam name="TOperator">The type of the function, a struct.</typeparam>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="f">The function.</param>
    /// <param name="x">The arguments.</param>
    /// <param name="destination">The results, of the same length; it may be the span of arguments.</param>
    /// <exception cref="ArgumentException">The lengths differ, or spans overlap in part. Nothing has been written then.</exception>
    public static void Apply<TOperator, T>(TOperator f, ReadOnlySpan<T> x, Span<T> destination)
        where TOperator : struct, IUnaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        SpanGuard.Check<T>(x, destination);
        ref T x0 = ref MemoryMarshal.GetReference(x);
        ref T to = ref MemoryMarshal.GetReference(destination);
        Run(new Unary<TOperator, T>(f), ref x0, ref x0, ref x0, ref to, destination.Length);
    }

    /// <summary>destination = f(x, y), element by element.</summary>
    /// <typeparam name="TOperator">The type of the function, a struct.</typeparam>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="f">The function.</param>
    /// <param name="x">The first arguments.</param>
    /// <param name="y">The second arguments.</param>
    /// <param name="destination">The results, of the same length; it may be one of the spans of arguments.</param>
    /// <exception cref="ArgumentException">The lengths differ, or spans overlap in part. Nothing has been written then.</exception>
    public static void Apply<TOperator, T>(TOperator f, ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> destination)
        where TOperator : struct, IBinaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        SpanGuard.Check<T>(x, destination);
        SpanGuard.Check<T>(y, destination);
        ref T x0 = ref MemoryMarshal.GetReference(x);
        ref T y0 = ref MemoryMarshal.GetReference(y);
        ref T to = ref MemoryMarshal.GetReference(destination);
        Run(new Binary<TOperator, T>(f), ref x0, ref y0, ref x0, ref to, destination.Length);
    }

    /// <summary>destination = f(x, y, z), element by element.</summary>
    /// <typeparam name="TOperator">The type of the function, a struct.</typeparam>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="f">The function.</param>
    /// <param name="x">The first arguments.</param>
    /// <param name="y">The second arguments.</param>
    /// <param name="z">The third arguments.</param>
    /// <param name="destination">The results, of the same length; it may be one of the spans of arguments.</param>
    /// <exception cref="ArgumentException">The lengths differ, or spans overlap in part. Nothing has been written then.</exception>
    public static void Apply<TOperator, T>(TOperator f, ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> z, Span<T> destination)
        where TOperator : struct, ITernaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        SpanGuard.Check<T>(x, destination);
        SpanGuard.Check<T>(y, destination);
        SpanGuard.Check<T>(z, destination);
        ref T x0 = ref MemoryMarshal.GetReference(x);
        ref T y0 = ref MemoryMarshal.GetReference(y);
        ref T z0 = ref MemoryMarshal.GetReference(z);
        ref T to = ref MemoryMarshal.GetReference(destination);
        Run(new Ternary<TOperator, T>(f), ref x0, ref y0, ref z0, ref to, destination.Length);
    }
}
