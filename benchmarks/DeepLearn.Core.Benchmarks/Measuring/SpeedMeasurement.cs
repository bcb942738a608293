using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DeepLearn.Benchmarks.Measuring;

/// <summary>Measures <see cref="MachineSpeeds"/>.</summary>
/// <remarks>
/// The sizes of caches are those of the processors of 2020 to 2025 with AVX2, rounded down to what all of them have; a working set between
/// two sizes may so be bounded by the faster of its two neighbors.
/// </remarks>
internal static class SpeedMeasurement
{
    private const int Kilo = 1 << 10, Mega = 1 << 20;

    // The least time counts. In a virtual machine others use the same caches, so it takes many turns to meet a quiet moment.
    private const int TurnsInCache = 60, TurnsInMemory = 3, TrafficOfTurn = 4 * Mega;

    /// <summary>Measures; half a second.</summary>
    public static MachineSpeeds Run() => new(
        LeastOf(20, 1_000_000, () => Chain(1_000_000)),
        TransposingOf<float>(),
        TransposingOf<double>(),
        [
            Level("the first cache", 32 * Kilo, 16 * Kilo),
            Level("the core's cache", Mega, 256 * Kilo),
            Level("the last cache", 16 * Mega, 6 * Mega),
            Level("memory", long.MaxValue, 256 * Mega),
        ]);

    private static MemoryLevel Level(string name, long held, int measured)
    {
        byte[] bytes = GC.AllocateUninitializedArray<byte>(measured + MemoryTraffic.Line, pinned: true);
        Array.Fill(bytes, (byte)1);
        Memory<byte> lines = MemoryTraffic.FromLine(bytes).AsMemory()[..measured];
        return new(
            name,
            held,
            Speed(measured, () => MemoryTraffic.Read<byte>(lines.Span)),
            Speed(measured, () => MemoryTraffic.Write(lines.Span)),
            Speed(measured, () => MemoryTraffic.Update(lines.Span)));
    }

    private static double TransposingOf<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var matrix = new T[Transposing.Length<T>()];
        return Speed(Transposing.Bytes<T>(), () => Transposing.Pass<T>(matrix));
    }

    private static double Speed(int bytes, Action pass)
    {
        int passes = Math.Max(1, TrafficOfTurn / bytes);
        return 1 / LeastOf(bytes > 16 * Mega ? TurnsInMemory : TurnsInCache, (double)passes * bytes, () =>
        {
            for (int i = 0; i < passes; i++)
                pass();
        });
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
