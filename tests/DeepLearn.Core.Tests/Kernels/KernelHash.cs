using System.Globalization;
using System.Numerics;
using DeepLearn.Tests.Support;

namespace DeepLearn.Tests.Kernels;

/// <summary>One number for the bits of all that the elementwise kernels, the functions and the reductions give.</summary>
public static class KernelHash
{
    public static string Compute()
    {
        ulong hash = 0xCBF29CE484222325;
        foreach (int length in (int[])[1, 2, 3, 5, 10, 15, 16, 17, 31, 33, 63, 64, 65, 100, 129, 300, 5000])
        {
            KernelRuns.All<float>(length, (_, values) => hash = Add<float>(hash, values));
            KernelRuns.All<double>(length, (_, values) => hash = Add<double>(hash, values));
        }
        return hash.ToString("x16", CultureInfo.InvariantCulture);
    }

    private static ulong Add<T>(ulong hash, T[] values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (T value in values)
            hash = (hash ^ Bits.Of(value)) * 0x100000001B3;
        return hash;
    }
}
