using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DeepLearn.Benchmarks.Measuring;

/// <summary>Measures <see cref="MachineSpeeds"/>.</summary>
internal static class SpeedMeasurement
{
    private const int LastCacheBytes = 6 << 20, MemoryBytes = 256 << 20;

    /// <summary>Measures; a third of a second.</summary>
    public static MachineSpeeds Run() =>
        new(LeastOf(20, 1_000_000, () => Chain(1_000_000)), Reading(LastCacheBytes, 200), Reading(MemoryBytes, 3));

    private static double Reading(int bytes, int measurements)
    {
        byte[] source = new byte[bytes];
        Array.Fill(source, (byte)1);
        return 1 / LeastOf(measurements, bytes, () => MemoryTraffic.Read<byte>(source));
    }

    // The fewest nanoseconds that a part of some work took.
    private static double LeastOf(int measurements, double parts, Action work)
    {
        double least = double.PositiveInfinity;
        for (int i = 0; i < measurements; i++)
        {
            double start = Clock.Seconds;
            work();
            least = Math.Min(least, Clock.Seconds - start);
        }
        return least * 1e9 / parts;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Chain(int links)
    {
        Vector128<float> half = Vector128.Create(0.5f), x = Vector128.Create(1f);
        for (int i = 0; i < links; i += 4)
        {
            x = Vector128.FusedMultiplyAdd(x, half, half);
            x = Vector128.FusedMultiplyAdd(x, half, half);
            x = Vector128.FusedMultiplyAdd(x, half, half);
            x = Vector128.FusedMultiplyAdd(x, half, half);
        }
        return x.ToScalar();
    }
}
