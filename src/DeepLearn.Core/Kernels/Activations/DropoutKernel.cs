using System.Numerics;
using DeepLearn.Foundation;

namespace DeepLearn.Kernels.Activations;

/// <summary>Drops elements at random, in a way that depends on each element's place alone.</summary>
internal static class DropoutKernel
{
    /// <summary>Writes each element times the factor, or 0 where it is dropped.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="key">The name of the random numbers.</param>
    /// <param name="position">The place of the first element: two neighbours, from an even place on, share 64 random bits.</param>
    /// <param name="threshold">An element is dropped where its 32 random bits are below this.</param>
    /// <param name="factor">The factor on those kept.</param>
    /// <param name="source">The elements.</param>
    /// <param name="destination">Where they go, as many; it may be the same memory.</param>
    public static void Apply<T>(RandomKey key, long position, ulong threshold, T factor, ReadOnlySpan<T> source, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int i = 0;
        if ((position & 1) != 0 && i < source.Length)
        {
            destination[i] = key.BitsAt(position >> 1) >> 32 < threshold ? T.Zero : factor * source[i];
            i++;
        }
        for (; i < source.Length - 1; i += 2)
        {
            ulong bits = key.BitsAt((position + i) >> 1);
            destination[i] = (uint)bits < threshold ? T.Zero : factor * source[i];
            destination[i + 1] = bits >> 32 < threshold ? T.Zero : factor * source[i + 1];
        }
        if (i < source.Length)
            destination[i] = (uint)key.BitsAt((position + i) >> 1) < threshold ? T.Zero : factor * source[i];
    }
}
