using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace DeepLearn.Benchmarks.Measuring;

/// <summary>
/// Memory speed: loops that only read and write. A kernel is compared with a loop that moves as many bytes; if the data is in memory, the
/// kernel cannot be much faster.
/// </summary>
internal static class MemoryTraffic
{
    /// <summary>The bytes of a line of every cache.</summary>
    public const int Line = 64;

    private static ulong _sink;

    /// <summary>The part of a pinned array that begins with a line of the caches.</summary>
    public static unsafe ArraySegment<byte> FromLine(byte[] pinned)
    {
        nint address = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(pinned));
        return new ArraySegment<byte>(pinned)[(int)(-address & (Line - 1))..];
    }

    /// <summary>Writes a span without reading it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Write<T>(Span<T> span)
        where T : unmanaged
    {
        Span<byte> bytes = MemoryMarshal.AsBytes(span);
        ref byte at = ref MemoryMarshal.GetReference(bytes);
        nuint i = 0, length = (nuint)bytes.Length;
        Vector512<byte> ones = Vector512.Create((byte)1);
        for (; i + 256 <= length; i += 256)
        {
            ones.StoreUnsafe(ref at, i);
            ones.StoreUnsafe(ref at, i + 64);
            ones.StoreUnsafe(ref at, i + 128);
            ones.StoreUnsafe(ref at, i + 192);
        }
        for (; i + 64 <= length; i += 64)
            ones.StoreUnsafe(ref at, i);
    }

    /// <summary>Reads a span.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Read<T>(ReadOnlySpan<T> source)
        where T : unmanaged
    {
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(source);
        ref byte from = ref MemoryMarshal.GetReference(bytes);
        nuint i = 0, length = (nuint)bytes.Length;
        Vector512<byte> a0 = default, a1 = default, a2 = default, a3 = default;
        for (; i + 256 <= length; i += 256)
        {
            a0 |= Vector512.LoadUnsafe(ref from, i);
            a1 |= Vector512.LoadUnsafe(ref from, i + 64);
            a2 |= Vector512.LoadUnsafe(ref from, i + 128);
            a3 |= Vector512.LoadUnsafe(ref from, i + 192);
        }
        for (; i + 64 <= length; i += 64)
            a0 |= Vector512.LoadUnsafe(ref from, i);
        _sink ^= (a0 | a1 | a2 | a3).AsUInt64().GetElement(0);
    }

    /// <summary>Reads one span and writes another, with .NET's own copy.</summary>
    public static void Copy<T>(ReadOnlySpan<T> source, Span<T> destination)
        where T : unmanaged => source.CopyTo(destination);

    /// <summary>Reads a span and writes it in place, unchanged.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Update<T>(Span<T> span)
        where T : unmanaged
    {
        Span<byte> bytes = MemoryMarshal.AsBytes(span);
        ref byte at = ref MemoryMarshal.GetReference(bytes);
        nuint i = 0, length = (nuint)bytes.Length;

        // It is zero, but the compiler does not know that.
        Vector512<ulong> zero = Vector512.Create(_sink >> 63 >> 1);
        for (; i + 256 <= length; i += 256)
        {
            (Vector512.LoadUnsafe(ref at, i) ^ zero.AsByte()).StoreUnsafe(ref at, i);
            (Vector512.LoadUnsafe(ref at, i + 64) ^ zero.AsByte()).StoreUnsafe(ref at, i + 64);
            (Vector512.LoadUnsafe(ref at, i + 128) ^ zero.AsByte()).StoreUnsafe(ref at, i + 128);
            (Vector512.LoadUnsafe(ref at, i + 192) ^ zero.AsByte()).StoreUnsafe(ref at, i + 192);
        }
        for (; i + 64 <= length; i += 64)
            (Vector512.LoadUnsafe(ref at, i) ^ zero.AsByte()).StoreUnsafe(ref at, i);
    }
}
