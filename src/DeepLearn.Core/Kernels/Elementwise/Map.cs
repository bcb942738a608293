using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Elementwise;

/// <summary>
/// Functions applied to every element of spans: the driver of all elementwise kernels of the library, and the door for a user's own.
/// </summary>
/// <remarks>
/// A kernel is a struct with the formula of one element. The driver loads as many elements as the processor's vectors hold, applies
/// the formula and stores the result; the last, incomplete vector is loaded and stored in part. Since every operation of
/// <see cref="ILanes{TSelf, T}"/> is exactly rounded, an element's bits depend neither on the width nor on where the element stands.
/// So spans may be cut in any way, for instance among threads. Nothing is allocated.
/// A span that is read may be the one that is written; spans that overlap in part are rejected.
/// </remarks>
public static partial class Map
{
    // The loops are optimised at their first call: what is called thirty times first would run a hundred times slower until then.
    private const MethodImplOptions Loop = MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining;

    /// <summary>destination = f(x), element by element.</summary>
    /// <typeparam name="TOperator">The function, a struct.</typeparam>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="f">The function.</param>
    /// <param name="x">The arguments.</param>
    /// <param name="destination">The results, as many as there are arguments; it may be the span of arguments.</param>
    /// <exception cref="ArgumentException">The lengths differ, or spans overlap in part. Nothing has been written then.</exception>
    public static void Apply<TOperator, T>(TOperator f, ReadOnlySpan<T> x, Span<T> destination)
        where TOperator : struct, IUnaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Precision.Require<T>();
        SpanGuard.Check<T>(x, destination);
        ref T x0 = ref MemoryMarshal.GetReference(x);
        ref T to = ref MemoryMarshal.GetReference(destination);
        switch (LaneWidth.Current)
        {
            case 512: UnaryLoop<Lanes512<T>, TOperator, T>(f, ref x0, ref to, destination.Length); break;
            case 256: UnaryLoop<Lanes256<T>, TOperator, T>(f, ref x0, ref to, destination.Length); break;
            case 128: UnaryLoop<Lanes128<T>, TOperator, T>(f, ref x0, ref to, destination.Length); break;
            default: UnaryLoop<Lane<T>, TOperator, T>(f, ref x0, ref to, destination.Length); break;
        }
    }

    /// <summary>destination = f(x, y), element by element.</summary>
    /// <typeparam name="TOperator">The function, a struct.</typeparam>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="f">The function.</param>
    /// <param name="x">The first arguments.</param>
    /// <param name="y">The second arguments.</param>
    /// <param name="destination">The results, as many as there are arguments; it may be one of the spans of arguments.</param>
    /// <exception cref="ArgumentException">The lengths differ, or spans overlap in part. Nothing has been written then.</exception>
    public static void Apply<TOperator, T>(TOperator f, ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> destination)
        where TOperator : struct, IBinaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Precision.Require<T>();
        SpanGuard.Check<T>(x, destination);
        SpanGuard.Check<T>(y, destination);
        ref T x0 = ref MemoryMarshal.GetReference(x);
        ref T y0 = ref MemoryMarshal.GetReference(y);
        ref T to = ref MemoryMarshal.GetReference(destination);
        switch (LaneWidth.Current)
        {
            case 512: BinaryLoop<Lanes512<T>, TOperator, T>(f, ref x0, ref y0, ref to, destination.Length); break;
            case 256: BinaryLoop<Lanes256<T>, TOperator, T>(f, ref x0, ref y0, ref to, destination.Length); break;
            case 128: BinaryLoop<Lanes128<T>, TOperator, T>(f, ref x0, ref y0, ref to, destination.Length); break;
            default: BinaryLoop<Lane<T>, TOperator, T>(f, ref x0, ref y0, ref to, destination.Length); break;
        }
    }

    /// <summary>destination = f(x, y, z), element by element.</summary>
    /// <typeparam name="TOperator">The function, a struct.</typeparam>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="f">The function.</param>
    /// <param name="x">The first arguments.</param>
    /// <param name="y">The second arguments.</param>
    /// <param name="z">The third arguments.</param>
    /// <param name="destination">The results, as many as there are arguments; it may be one of the spans of arguments.</param>
    /// <exception cref="ArgumentException">The lengths differ, or spans overlap in part. Nothing has been written then.</exception>
    public static void Apply<TOperator, T>(TOperator f, ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> z, Span<T> destination)
        where TOperator : struct, ITernaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Precision.Require<T>();
        SpanGuard.Check<T>(x, destination);
        SpanGuard.Check<T>(y, destination);
        SpanGuard.Check<T>(z, destination);
        ref T x0 = ref MemoryMarshal.GetReference(x);
        ref T y0 = ref MemoryMarshal.GetReference(y);
        ref T z0 = ref MemoryMarshal.GetReference(z);
        ref T to = ref MemoryMarshal.GetReference(destination);
        switch (LaneWidth.Current)
        {
            case 512: TernaryLoop<Lanes512<T>, TOperator, T>(f, ref x0, ref y0, ref z0, ref to, destination.Length); break;
            case 256: TernaryLoop<Lanes256<T>, TOperator, T>(f, ref x0, ref y0, ref z0, ref to, destination.Length); break;
            case 128: TernaryLoop<Lanes128<T>, TOperator, T>(f, ref x0, ref y0, ref z0, ref to, destination.Length); break;
            default: TernaryLoop<Lane<T>, TOperator, T>(f, ref x0, ref y0, ref z0, ref to, destination.Length); break;
        }
    }

    [MethodImpl(Loop)]
    private static void UnaryLoop<TLanes, TOperator, T>(TOperator f, ref T x, ref T destination, nint length)
        where TLanes : struct, ILanes<TLanes, T>
        where TOperator : struct, IUnaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nint i = 0;
        if (!TOperator.IsLong)
        {
            for (; i <= length - (4 * TLanes.Count); i += 4 * TLanes.Count)
            {
                UnaryAt<TLanes, TOperator, T>(f, ref x, ref destination, i);
                UnaryAt<TLanes, TOperator, T>(f, ref x, ref destination, i + TLanes.Count);
                UnaryAt<TLanes, TOperator, T>(f, ref x, ref destination, i + (2 * TLanes.Count));
                UnaryAt<TLanes, TOperator, T>(f, ref x, ref destination, i + (3 * TLanes.Count));
            }
        }

        // The incomplete vector at the end goes through the same loop by way of the stack, so that the formula is compiled once.
        nint last = length - TLanes.Count;
        int left = (int)(length & (TLanes.Count - 1));
        TLanes xTail = default;
        TLanes result = default;
        ref T end = ref destination;
        bool atEnd = false;
        while (true)
        {
            for (; i <= last; i += TLanes.Count)
            {
                UnaryAt<TLanes, TOperator, T>(f, ref x, ref destination, i);
            }
            if (atEnd || left == 0)
                break;
            xTail = TLanes.LoadFirst(in Unsafe.Add(ref x, i), left);
            x = ref LaneStack.Element<TLanes, T>(ref xTail);
            end = ref Unsafe.Add(ref destination, i);
            destination = ref LaneStack.Element<TLanes, T>(ref result);
            i = 0;
            last = 0;
            atEnd = true;
        }
        if (atEnd)
            result.StoreFirst(ref end, left);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void UnaryAt<TLanes, TOperator, T>(TOperator f, ref T x, ref T destination, nint i)
        where TLanes : struct, ILanes<TLanes, T>
        where TOperator : struct, IUnaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TLanes xLanes = TLanes.Load(in Unsafe.Add(ref x, i));
        f.Invoke(xLanes).Store(ref Unsafe.Add(ref destination, i));
    }

    [MethodImpl(Loop)]
    private static void BinaryLoop<TLanes, TOperator, T>(TOperator f, ref T x, ref T y, ref T destination, nint length)
        where TLanes : struct, ILanes<TLanes, T>
        where TOperator : struct, IBinaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nint i = 0;
        if (!TOperator.IsLong)
        {
            for (; i <= length - (4 * TLanes.Count); i += 4 * TLanes.Count)
            {
                BinaryAt<TLanes, TOperator, T>(f, ref x, ref y, ref destination, i);
                BinaryAt<TLanes, TOperator, T>(f, ref x, ref y, ref destination, i + TLanes.Count);
                BinaryAt<TLanes, TOperator, T>(f, ref x, ref y, ref destination, i + (2 * TLanes.Count));
                BinaryAt<TLanes, TOperator, T>(f, ref x, ref y, ref destination, i + (3 * TLanes.Count));
            }
        }

        // The incomplete vector at the end goes through the same loop by way of the stack, so that the formula is compiled once.
        nint last = length - TLanes.Count;
        int left = (int)(length & (TLanes.Count - 1));
        TLanes xTail = default;
        TLanes yTail = default;
        TLanes result = default;
        ref T end = ref destination;
        bool atEnd = false;
        while (true)
        {
            for (; i <= last; i += TLanes.Count)
            {
                BinaryAt<TLanes, TOperator, T>(f, ref x, ref y, ref destination, i);
            }
            if (atEnd || left == 0)
                break;
            xTail = TLanes.LoadFirst(in Unsafe.Add(ref x, i), left);
            x = ref LaneStack.Element<TLanes, T>(ref xTail);
            yTail = TLanes.LoadFirst(in Unsafe.Add(ref y, i), left);
            y = ref LaneStack.Element<TLanes, T>(ref yTail);
            end = ref Unsafe.Add(ref destination, i);
            destination = ref LaneStack.Element<TLanes, T>(ref result);
            i = 0;
            last = 0;
            atEnd = true;
        }
        if (atEnd)
            result.StoreFirst(ref end, left);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void BinaryAt<TLanes, TOperator, T>(TOperator f, ref T x, ref T y, ref T destination, nint i)
        where TLanes : struct, ILanes<TLanes, T>
        where TOperator : struct, IBinaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TLanes xLanes = TLanes.Load(in Unsafe.Add(ref x, i));
        TLanes yLanes = TLanes.Load(in Unsafe.Add(ref y, i));
        f.Invoke(xLanes, yLanes).Store(ref Unsafe.Add(ref destination, i));
    }

    [MethodImpl(Loop)]
    private static void TernaryLoop<TLanes, TOperator, T>(TOperator f, ref T x, ref T y, ref T z, ref T destination, nint length)
        where TLanes : struct, ILanes<TLanes, T>
        where TOperator : struct, ITernaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nint i = 0;
        if (!TOperator.IsLong)
        {
            for (; i <= length - (4 * TLanes.Count); i += 4 * TLanes.Count)
            {
                TernaryAt<TLanes, TOperator, T>(f, ref x, ref y, ref z, ref destination, i);
                TernaryAt<TLanes, TOperator, T>(f, ref x, ref y, ref z, ref destination, i + TLanes.Count);
                TernaryAt<TLanes, TOperator, T>(f, ref x, ref y, ref z, ref destination, i + (2 * TLanes.Count));
                TernaryAt<TLanes, TOperator, T>(f, ref x, ref y, ref z, ref destination, i + (3 * TLanes.Count));
            }
        }

        // The incomplete vector at the end goes through the same loop by way of the stack, so that the formula is compiled once.
        nint last = length - TLanes.Count;
        int left = (int)(length & (TLanes.Count - 1));
        TLanes xTail = default;
        TLanes yTail = default;
        TLanes zTail = default;
        TLanes result = default;
        ref T end = ref destination;
        bool atEnd = false;
        while (true)
        {
            for (; i <= last; i += TLanes.Count)
            {
                TernaryAt<TLanes, TOperator, T>(f, ref x, ref y, ref z, ref destination, i);
            }
            if (atEnd || left == 0)
                break;
            xTail = TLanes.LoadFirst(in Unsafe.Add(ref x, i), left);
            x = ref LaneStack.Element<TLanes, T>(ref xTail);
            yTail = TLanes.LoadFirst(in Unsafe.Add(ref y, i), left);
            y = ref LaneStack.Element<TLanes, T>(ref yTail);
            zTail = TLanes.LoadFirst(in Unsafe.Add(ref z, i), left);
            z = ref LaneStack.Element<TLanes, T>(ref zTail);
            end = ref Unsafe.Add(ref destination, i);
            destination = ref LaneStack.Element<TLanes, T>(ref result);
            i = 0;
            last = 0;
            atEnd = true;
        }
        if (atEnd)
            result.StoreFirst(ref end, left);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TernaryAt<TLanes, TOperator, T>(TOperator f, ref T x, ref T y, ref T z, ref T destination, nint i)
        where TLanes : struct, ILanes<TLanes, T>
        where TOperator : struct, ITernaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TLanes xLanes = TLanes.Load(in Unsafe.Add(ref x, i));
        TLanes yLanes = TLanes.Load(in Unsafe.Add(ref y, i));
        TLanes zLanes = TLanes.Load(in Unsafe.Add(ref z, i));
        f.Invoke(xLanes, yLanes, zLanes).Store(ref Unsafe.Add(ref destination, i));
    }
}
