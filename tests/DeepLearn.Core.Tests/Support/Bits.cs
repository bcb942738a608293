using System.Numerics;
using System.Runtime.CompilerServices;
using Xunit;

namespace DeepLearn.Tests.Support;

/// <summary>Numbers compared by their bits; all NaN are one.</summary>
public static class Bits
{
    public static ulong Of<T>(T value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (T.IsNaN(value))
            return ulong.MaxValue;
        return typeof(T) == typeof(float) ? Unsafe.BitCast<T, uint>(value) : Unsafe.BitCast<T, ulong>(value);
    }

    public static void AssertSame<T>(ReadOnlySpan<T> expected, ReadOnlySpan<T> actual, string what)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            if (Of(expected[i]) != Of(actual[i]))
                Assert.Fail($"{what}, element {i} of {expected.Length}: expected {expected[i]:R}, found {actual[i]:R}");
        }
    }
}
