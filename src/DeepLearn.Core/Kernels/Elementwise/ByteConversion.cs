using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Elementwise;

/// <summary>Converts bytes, as data sets store them, to numbers, as networks read them.</summary>
public static partial class ByteConversion
{
    private const MethodImplOptions Loop = MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining;

    /// <summary>destination[j] = source[j] scale[j] + offset[j], rounded once: converts and normalizes each feature in one pass.</summary>
    /// <remarks>
    /// With a scale of 1/(255 s) and an offset of -m/s the result is (source/255 - m) / s, apart from the rounding of scale and offset.
    /// </remarks>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="source">The bytes of one example.</param>
    /// <param name="scale">The factors, one for each byte.</param>
    /// <param name="offset">The summands, one for each byte.</param>
    /// <param name="destination">The numbers, one for each byte; it shares no memory with the other spans.</param>
    /// <exception cref="ArgumentException">
    /// The lengths differ, or the destination overlaps another span. Nothing has been written then.
    /// </exception>
    public static void Convert<T>(ReadOnlySpan<byte> source, ReadOnlySpan<T> scale, ReadOnlySpan<T> offset, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Precision.Require<T>();
        CheckSource(source, destination);
        SpanGuard.CheckApart<T>(scale, destination);
        SpanGuard.CheckApart<T>(offset, destination);
        ref byte from = ref MemoryMarshal.GetReference(source);
        ref T scale0 = ref MemoryMarshal.GetReference(scale);
        ref T offset0 = ref MemoryMarshal.GetReference(offset);
        ref T to = ref MemoryMarshal.GetReference(destination);
        switch (LaneWidth.CurrentForShort)
        {
            case 512 when LaneWidth.Has512: ConvertLoop<Lanes512<T>, T>(ref from, ref scale0, ref offset0, ref to, source.Length); break;
            case 256: ConvertLoop<Lanes256<T>, T>(ref from, ref scale0, ref offset0, ref to, source.Length); break;
            case 128: ConvertLoop<Lanes128<T>, T>(ref from, ref scale0, ref offset0, ref to, source.Length); break;
            default: ConvertLoop<Lane<T>, T>(ref from, ref scale0, ref offset0, ref to, source.Length); break;
        }
    }

    /// <summary>destination[j] = source[j] scale + offset, rounded once.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="source">The bytes.</param>
    /// <param name="scale">The factor, the same for all bytes.</param>
    /// <param name="offset">The summand, the same for all bytes.</param>
    /// <param name="destination">The numbers, one for each byte; it shares no memory with the source.</param>
    /// <exception cref="ArgumentException">The lengths differ, or the spans overlap. Nothing has been written then.</exception>
    public static void Convert<T>(ReadOnlySpan<byte> source, T scale, T offset, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Precision.Require<T>();
        CheckSource(source, destination);
        ref byte from = ref MemoryMarshal.GetReference(source);
        ref T to = ref MemoryMarshal.GetReference(destination);
        switch (LaneWidth.CurrentForShort)
        {
            case 512 when LaneWidth.Has512: ConvertLoop<Lanes512<T>, T>(ref from, scale, offset, ref to, source.Length); break;
            case 256: ConvertLoop<Lanes256<T>, T>(ref from, scale, offset, ref to, source.Length); break;
            case 128: ConvertLoop<Lanes128<T>, T>(ref from, scale, offset, ref to, source.Length); break;
            default: ConvertLoop<Lane<T>, T>(ref from, scale, offset, ref to, source.Length); break;
        }
    }

    [MethodImpl(Loop)]
    private static void ConvertLoop<TLanes, T>(ref byte source, ref T scale, ref T offset, ref T destination, nint length)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nint i = 0;
        for (; i <= length - TLanes.Count; i += TLanes.Count)
        {
            TLanes bytes = TLanes.LoadBytes(in Unsafe.Add(ref source, i));
            TLanes factor = TLanes.Load(in Unsafe.Add(ref scale, i));
            TLanes.FusedMultiplyAdd(bytes, factor, TLanes.Load(in Unsafe.Add(ref offset, i))).Store(ref Unsafe.Add(ref destination, i));
        }
        if (i < length)
        {
            int left = (int)(length - i);
            TLanes factor = TLanes.LoadFirst(in Unsafe.Add(ref scale, i), left);
            TLanes summand = TLanes.LoadFirst(in Unsafe.Add(ref offset, i), left);
            TLanes bytes = FirstBytes<TLanes, T>(ref Unsafe.Add(ref source, i), left);
            TLanes.FusedMultiplyAdd(bytes, factor, summand).StoreFirst(ref Unsafe.Add(ref destination, i), left);
        }
    }

    [MethodImpl(Loop)]
    private static void ConvertLoop<TLanes, T>(ref byte source, T scale, T offset, ref T destination, nint length)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TLanes factor = TLanes.Create(scale);
        TLanes summand = TLanes.Create(offset);
        nint i = length * Unsafe.SizeOf<T>() < StreamingStore.Threshold ? 0 : Stream(ref source, factor, summand, ref destination, length);
        for (; i <= length - TLanes.Count; i += TLanes.Count)
        {
            TLanes bytes = TLanes.LoadBytes(in Unsafe.Add(ref source, i));
            TLanes.FusedMultiplyAdd(bytes, factor, summand).Store(ref Unsafe.Add(ref destination, i));
        }
        if (i < length)
        {
            int left = (int)(length - i);
            TLanes bytes = FirstBytes<TLanes, T>(ref Unsafe.Add(ref source, i), left);
            TLanes.FusedMultiplyAdd(bytes, factor, summand).StoreFirst(ref Unsafe.Add(ref destination, i), left);
        }
    }

    /// <summary>Converts the part of a large span that fills whole vectors, with stores that bypass the caches.</summary>
    /// <returns>The number of bytes converted; 0 if the destination does not allow such stores.</returns>
    [MethodImpl(Loop)]
    private static unsafe nint Stream<TLanes, T>(ref byte source, TLanes factor, TLanes summand, ref T destination, nint length)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // Pinned, since such stores must stay aligned.
        fixed (T* to = &destination)
        {
            if (!StreamingStore.Fits<TLanes, T>(to))
                return 0;
            TLanes.FusedMultiplyAdd(TLanes.LoadBytes(in source), factor, summand).Store(ref *to);
            nint i = TLanes.Count - ((nint)((nuint)to / (nuint)sizeof(T)) & (TLanes.Count - 1));
            for (; i <= length - TLanes.Count; i += TLanes.Count)
                StreamingStore.Write(TLanes.FusedMultiplyAdd(TLanes.LoadBytes(in Unsafe.Add(ref source, i)), factor, summand), to + i);
            StreamingStore.Fence();
            return i;
        }
    }

    private static TLanes FirstBytes<TLanes, T>(ref byte source, int count)
        where TLanes : struct, ILanes<TLanes, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        UInt128 padded = 0;
        ref byte first = ref Unsafe.As<UInt128, byte>(ref padded);
        MemoryMarshal.CreateReadOnlySpan(in source, count).CopyTo(MemoryMarshal.CreateSpan(ref first, 16));
        return TLanes.LoadBytes(in first);
    }

    private static void CheckSource<T>(ReadOnlySpan<byte> source, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (source.Length != destination.Length)
            throw new ArgumentException($"All spans must have one length; found {source.Length} bytes and {destination.Length} numbers.");
        if (source.Overlaps(MemoryMarshal.AsBytes(destination)))
            throw new ArgumentException("source and destination share memory: the bytes and the numbers that are made of them.");
    }
}
