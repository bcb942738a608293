using System.Numerics;

namespace DeepLearn.Foundation;

/// <summary>
/// A generator of pseudo-random numbers: xoshiro256** (Blackman and Vigna, "Scrambled Linear Pseudorandom Number Generators", 2018),
/// started from a <see cref="RandomKey"/>. The same key gives the same numbers on every machine.
/// </summary>
/// <remarks>A mutable struct: pass it by <c>ref</c>. A copy gives the same numbers again.</remarks>
public struct RandomStream
{
    private ulong _s0, _s1, _s2, _s3;

    internal RandomStream(ulong state)
    {
        _s0 = RandomKey.Mix(state += 0x9E3779B97F4A7C15);
        _s1 = RandomKey.Mix(state += 0x9E3779B97F4A7C15);
        _s2 = RandomKey.Mix(state += 0x9E3779B97F4A7C15);
        _s3 = RandomKey.Mix(state + 0x9E3779B97F4A7C15);
    }

    /// <summary>64 random bits.</summary>
    public ulong NextBits()
    {
        ulong result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        ulong t = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= t;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>A number in [0, 1): a multiple of 2^-53, all equally likely.</summary>
    public double NextUniform() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>
    /// A whole number in [0, <paramref name="bound"/>), all equally likely (Lemire, "Fast Random Integer Generation in an Interval", 2019).
    /// </summary>
    /// <param name="bound">One more than the largest result; at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bound"/> is below 1.</exception>
    public int NextIndex(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        if ((_s0 | _s1 | _s2 | _s3) == 0)
            throw new InvalidOperationException($"A stream of random numbers is made by a {nameof(RandomKey)}; this one was not.");
        ulong range = (ulong)bound;
        UInt128 product = (UInt128)NextBits() * range;
        if ((ulong)product < range)
        {
            ulong threshold = unchecked(0UL - range) % range;
            while ((ulong)product < threshold)
                product = (UInt128)NextBits() * range;
        }
        return (int)(ulong)(product >> 64);
    }

    /// <summary>Puts the elements into a random order, all equally likely (Fisher and Yates, 1938; Durstenfeld, 1964).</summary>
    /// <typeparam name="TItem">The type of an element.</typeparam>
    /// <param name="items">The elements, reordered in place.</param>
    public void Shuffle<TItem>(Span<TItem> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = NextIndex(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }
}
