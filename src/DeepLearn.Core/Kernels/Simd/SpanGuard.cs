using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DeepLearn.Kernels.Simd;

/// <summary>Checks spans before a kernel writes anything.</summary>
internal static class SpanGuard
{
    /// <summary>Throws unless the lengths are equal and the spans are either the same or do not overlap.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Check<T>(
        ReadOnlySpan<T> source,
        ReadOnlySpan<T> destination,
        [CallerArgumentExpression(nameof(source))] string sourceName = "",
        [CallerArgumentExpression(nameof(destination))] string destinationName = "")
        where T : unmanaged
    {
        if (source.Length != destination.Length)
            ThrowLength(source.Length, destination.Length);
        CheckOverlap(source, destination, sourceName, destinationName);
    }

    /// <summary>Throws unless the lengths are equal and the spans do not overlap.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void CheckApart<T>(
        ReadOnlySpan<T> first,
        ReadOnlySpan<T> second,
        [CallerArgumentExpression(nameof(first))] string firstName = "",
        [CallerArgumentExpression(nameof(second))] string secondName = "")
        where T : unmanaged
    {
        if (first.Length != second.Length)
            ThrowLength(first.Length, second.Length);
        if (first.Overlaps(second))
            ThrowShared(firstName, secondName);
    }

    /// <summary>Throws if two spans of the same length overlap but are not the same.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CheckOverlap<T>(ReadOnlySpan<T> source, ReadOnlySpan<T> destination, string sourceName, string destinationName)
        where T : unmanaged
    {
        nint offset = Unsafe.ByteOffset(ref MemoryMarshal.GetReference(source), ref MemoryMarshal.GetReference(destination));
        nint bytes = (nint)source.Length * Unsafe.SizeOf<T>();
        if (offset != 0 && offset < bytes && offset > -bytes)
            ThrowOverlap(sourceName, destinationName);
    }

    /// <summary>Throws an exception for two lengths that differ.</summary>
    [DoesNotReturn]
    public static void ThrowLength(int first, int second) =>
        throw new ArgumentException($"All spans must have one length; found {first} and {second}.");

    [DoesNotReturn]
    private static void ThrowOverlap(string first, string second) =>
        throw new ArgumentException($"{first} and {second} share memory; they may only be the same span, or lie apart.");

    [DoesNotReturn]
    private static void ThrowShared(string first, string second) => throw new ArgumentException($"{first} and {second} share memory.");
}
