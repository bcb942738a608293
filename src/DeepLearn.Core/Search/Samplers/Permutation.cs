using System.Numerics;
using DeepLearn.Foundation;

namespace DeepLearn.Search.Samplers;

/// <summary>Random permutations: any element can be computed without the others.</summary>
/// <remarks>
/// Four rounds of a Feistel network over the next even number of bits, walked until it ends within the range (Black and Rogaway, "Ciphers
/// with Arbitrary Finite Domains", 2002).
/// </remarks>
internal static class Permutation
{
    private const int Rounds = 4;

    /// <summary>The image of an index.</summary>
    /// <param name="key">Names the permutation.</param>
    /// <param name="index">The index, from 0 to <paramref name="count"/> - 1.</param>
    /// <param name="count">The number of elements.</param>
    public static long At(RandomKey key, long index, long count)
    {
        int half = Math.Max(1, (BitOperations.Log2((ulong)Math.Max(1, count - 1)) + 2) / 2);
        ulong mask = (1UL << half) - 1, value = (ulong)index;
        do
        {
            ulong left = value >> half, right = value & mask;
            for (int round = 0; round < Rounds; round++)
                (left, right) = (right, left ^ (key.Derive(round).BitsAt((long)right) & mask));
            value = (left << half) | right;
        }
        while (value >= (ulong)count);
        return (long)value;
    }
}
