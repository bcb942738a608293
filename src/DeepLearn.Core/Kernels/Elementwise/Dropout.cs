using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Simd;

namespace DeepLearn.Kernels.Elementwise;

/// <summary>
/// Dropout: sets elements to zero at random and scales the others so that the mean stays the same (Srivastava et al., "Dropout: A Simple
/// Way to Prevent Neural Networks from Overfitting", 2014, as inverted dropout).
/// </summary>
/// <remarks>
/// No mask is stored. The key and the position p alone decide whether an element is dropped: 32 of the 64 bits of
/// <see cref="RandomKey.BitsAt"/> at p/2 (the lower ones if p is even) belong to p, and their upper 23 bits are compared with the
/// probability. So the same call serves the activation and its gradient, float and double networks drop the same elements, and a span may
/// be cut anywhere.
/// </remarks>
public static class Dropout
{
    private const int Chunk = 256;

    /// <summary>destination[i] = 0 with the given probability, else source[i] / (1 - probability).</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="key">The key of the random bits: one for each layer and step.</param>
    /// <param name="first">The position of the first element in the key's sequence, at least 0.</param>
    /// <param name="probability">The probability of a zero, at least 0 and below 1; it is rounded to a multiple of 2^-23.</param>
    /// <param name="source">The activations, or the gradients with respect to the outputs.</param>
    /// <param name="destination">The results, of the same length; it may be the source.</param>
    /// <exception cref="ArgumentException">The lengths differ, or the spans overlap in part. Nothing has been written then.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The position is negative, or the probability outside [0, 1).</exception>
    public static void Apply<T>(RandomKey key, long first, double probability, ReadOnlySpan<T> source, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Precision.Require<T>();
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        if (!(probability >= 0 && probability < 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(probability), $"A dropout probability is at least 0 and below 1; found {probability}.");
        }
        SpanGuard.Check<T>(source, destination);

        // 23 bits make a number in [1, 2) that is exact in both precisions.
        double threshold = 1 + (Math.Round(probability * (1 << 23)) / (1 << 23));
        var f = new DropoutOperator<T>(T.CreateChecked(threshold), T.CreateChecked(1 / (1 - probability)));
        Span<ulong> bits = stackalloc ulong[(Chunk / 2) + 1];
        Span<ulong> wide = stackalloc ulong[Chunk];
        for (int done = 0; done < source.Length;)
        {
            int count = Math.Min(Chunk, source.Length - done);
            long position = first + done;
            Fill(key.State, position >> 1, bits[..((count + 3) / 2)]);
            Span<uint> halves = MemoryMarshal.Cast<ulong, uint>(bits).Slice((int)(position & 1), count);
            Span<T> random = typeof(T) == typeof(float) ? MemoryMarshal.Cast<uint, T>(halves) : Widen<T>(halves, wide);
            Map.Apply(f, source.Slice(done, count), random, destination.Slice(done, count));
            done += count;
        }
    }

    private static Span<T> Widen<T>(ReadOnlySpan<uint> halves, Span<ulong> wide)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < halves.Length; i++)
            wide[i] = halves[i];
        return MemoryMarshal.Cast<ulong, T>(wide)[..halves.Length];
    }

    /// <summary>
    /// The random bits at consecutive positions of a key's sequence. They are computed with integers, so every width gives the same.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Fill(ulong state, long position, Span<ulong> bits)
    {
        ulong start = state + (RandomKey.Golden * ((ulong)position + 1));
        ref ulong to = ref MemoryMarshal.GetReference(bits);
        int i = 0;
        if (LaneWidth.Current == 512)
        {
            Vector512<ulong> counter = Vector512.Create(start) + (Vector512<ulong>.Indices * RandomKey.Golden);
            for (; i <= bits.Length - 8; i += 8)
            {
                Vector512<ulong> z = counter;
                z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9;
                z = (z ^ (z >>> 27)) * 0x94D049BB133111EB;
                (z ^ (z >>> 31)).StoreUnsafe(ref to, (nuint)i);
                counter += Vector512.Create(unchecked(8 * RandomKey.Golden));
            }
        }
        else if (LaneWidth.Current == 256)
        {
            Vector256<ulong> counter = Vector256.Create(start) + (Vector256<ulong>.Indices * RandomKey.Golden);
            for (; i <= bits.Length - 4; i += 4)
            {
                Vector256<ulong> z = counter;
                z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9;
                z = (z ^ (z >>> 27)) * 0x94D049BB133111EB;
                (z ^ (z >>> 31)).StoreUnsafe(ref to, (nuint)i);
                counter += Vector256.Create(unchecked(4 * RandomKey.Golden));
            }
        }
        for (; i < bits.Length; i++)
            Unsafe.Add(ref to, i) = RandomKey.Mix(start + (RandomKey.Golden * (ulong)i));
    }

    private readonly struct DropoutOperator<T>(T threshold, T factor) : IBinaryOperator<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T _threshold = threshold;
        private readonly T _factor = factor;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TLanes Invoke<TLanes>(TLanes x, TLanes y)
            where TLanes : struct, ILanes<TLanes, T>
        {
            TLanes fraction = TLanes.ShiftRight(y, 9);
            if (typeof(T) == typeof(double))
                fraction = TLanes.ShiftLeft(fraction, 52 - 23);
            TLanes uniform = fraction | LaneMath.Constant<TLanes, T>(1);
            return TLanes.SelectLess(uniform, TLanes.Create(_threshold), default, x * TLanes.Create(_factor));
        }
    }
}
