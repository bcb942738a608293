using FsCheck;
using FsCheck.Fluent;

namespace DeepLearn.Tests.Support;

/// <summary>
/// Whole numbers from all of their type's range. FsCheck's own, but for bytes, stay below its size, 100: a length of up to 600 taken from a
/// <c>ushort</c> would never pass 100, nor a hundred seeds differ.
/// </summary>
public static class WholeRange
{
    private static readonly Gen<ushort> Sixteen = Gen.Choose(0, ushort.MaxValue).Select(bits => (ushort)bits);

    private static readonly Gen<ulong> SixtyFour = Sixteen.Four().Select(
        parts => ((ulong)parts.Item1 << 48) | ((ulong)parts.Item2 << 32) | ((ulong)parts.Item3 << 16) | parts.Item4);

    /// <summary>Of 16 bits.</summary>
    public static Arbitrary<ushort> Short() => From(Sixteen);

    /// <summary>Of 32 bits with a sign.</summary>
    public static Arbitrary<int> Integer() => From(SixtyFour.Select(bits => (int)bits));

    /// <summary>Of 64 bits with a sign.</summary>
    public static Arbitrary<long> Long() => From(SixtyFour.Select(bits => (long)bits));

    /// <summary>Of 64 bits.</summary>
    public static Arbitrary<ulong> UnsignedLong() => From(SixtyFour);

    private static Arbitrary<T> From<T>(Gen<T> generator) => Arb.From(generator, ArbMap.Default.ArbFor<T>().Shrinker);
}
