namespace DeepLearn.Foundation;

/// <summary>The name of a stream of random numbers: a value made of a seed and of what the numbers are for.</summary>
/// <remarks>
/// Every random number of the library comes from a stream with a name such as (seed, "shuffle", epoch). No number depends on what was drawn
/// before it, on threads or on time. So results are deterministic, and a resumed run needs no replay. Deriving a key is pure and allocates
/// nothing. The mixing function is the finalizer of SplitMix64 (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators",
/// 2014); names are hashed with 64-bit FNV-1a over their UTF-16 code units.
/// </remarks>
/// <example><code>
/// RandomKey key = RandomKey.FromSeed(1).Derive("my noise");    // another purpose, other numbers
/// RandomStream random = key.Open();
/// double first = random.NextUniform();
/// Console.WriteLine(first == key.Open().NextUniform());    // prints True
/// </code></example>
public readonly record struct RandomKey
{
    internal const ulong Golden = 0x9E3779B97F4A7C15;

    private readonly ulong _state;

    private RandomKey(ulong state) => _state = state;

    /// <summary>The root of all the streams of one seed.</summary>
    /// <param name="seed">Any number; equal seeds give equal streams.</param>
    public static RandomKey FromSeed(ulong seed) => new(Mix(seed + Golden));

    /// <summary>The key of a named purpose below this one.</summary>
    /// <param name="purpose">What the numbers are for, for instance <c>"shuffle"</c>.</param>
    public RandomKey Derive(string purpose)
    {
        ArgumentNullException.ThrowIfNull(purpose);
        ulong hash = 0xCBF29CE484222325;
        foreach (char c in purpose)
            hash = (hash ^ c) * 0x100000001B3;
        return new(Mix(_state ^ Mix(hash + Golden)));
    }

    /// <summary>The key of a numbered occasion below this one: an epoch, a step, an example, a layer.</summary>
    /// <param name="index">The number.</param>
    public RandomKey Derive(long index) => new(Mix(Mix(_state + Golden) + (Golden * ((ulong)index + 1))));

    /// <summary>
    /// The 64 random bits at a position of this key's sequence, in any order and from any thread: for masks over many elements.
    /// </summary>
    /// <param name="position">The position, from 0.</param>
    public ulong BitsAt(long position) => Mix(_state + (Golden * ((ulong)position + 1)));

    /// <summary>What <see cref="BitsAt"/> counts from, for kernels that compute many positions at once.</summary>
    internal ulong State => _state;

    /// <summary>A generator at the start of this key's stream.</summary>
    public RandomStream Open() => new(_state);

    /// <summary>The key as 16 hexadecimal digits.</summary>
    public override string ToString() => _state.ToString("x16", System.Globalization.CultureInfo.InvariantCulture);

    internal static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
