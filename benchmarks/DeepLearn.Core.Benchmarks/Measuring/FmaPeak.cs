using System.Runtime.Intrinsics;

namespace DeepLearn.Benchmarks.Measuring;

/// <summary>
/// The most fused multiply-adds that one core does in a second: loops over registers alone, of independent chains. A matrix product is
/// held against this, since nothing it does can be faster.
/// </summary>
/// <remarks>
/// Latency times throughput asks for 8 to 10 chains. But processors that give each instruction its pipe before they know when it can
/// start reach 70 to 100 % with any one loop, as chance has it. So there are several, of every width and of 12 and 24 chains (which fit
/// only where there are 32 registers), and a measurement is the best of those that were near the fastest at the start.
/// </remarks>
internal sealed class FmaPeak
{
    private const double Near = 0.7;
    private const int MeasurementsOfLoop = 4;

    private readonly FmaLoop[] _loops;

    private FmaPeak(IEnumerable<FmaLoop> loops)
    {
        FmaLoop[] all = [.. loops];
        double[] speeds = [.. all.Select(loop => Enumerable.Range(0, 9).Max(_ => loop.Measure()))];
        double best = speeds.Max();
        _loops = [.. all.Where((_, i) => speeds[i] >= Near * best)];
    }

    /// <summary>The peak of float.</summary>
    public static FmaPeak Float { get; } = new(
    [
        .. FmaLoop.OfWidth<Vector512<float>, Float512>(Vector512.IsHardwareAccelerated, 512),
        .. FmaLoop.OfWidth<Vector256<float>, Float256>(Vector256.IsHardwareAccelerated, 256),
        .. FmaLoop.OfWidth<Vector128<float>, Float128>(true, 128),
    ]);

    /// <summary>The peak of double.</summary>
    public static FmaPeak Double { get; } = new(
    [
        .. FmaLoop.OfWidth<Vector512<double>, Double512>(Vector512.IsHardwareAccelerated, 512),
        .. FmaLoop.OfWidth<Vector256<double>, Double256>(Vector256.IsHardwareAccelerated, 256),
        .. FmaLoop.OfWidth<Vector128<double>, Double128>(true, 128),
    ]);

    /// <summary>The widths of the vectors that reach it, in bits.</summary>
    public string Widths => string.Join(" and ", _loops.Select(loop => loop.Bits).Distinct());

    /// <summary>The peak of a type.</summary>
    public static FmaPeak Of<T>() => typeof(T) == typeof(float) ? Float : Double;

    /// <summary>
    /// One measurement, the best of a few of each loop, in GFLOP/s. The first may find the vector units half asleep: 60 to 95 % of what
    /// the next ones give.
    /// </summary>
    public double Measure()
    {
        double best = 0;
        foreach (FmaLoop loop in _loops)
        {
            for (int i = 0; i < MeasurementsOfLoop; i++)
                best = Math.Max(best, loop.Measure());
        }
        return best;
    }

    /// <summary>The best of many measurements, in GFLOP/s: the machine in its fast phase.</summary>
    public double MeasureBest(int measurements = 5)
    {
        double best = 0;
        for (int i = 0; i < measurements; i++)
            best = Math.Max(best, Measure());
        return best;
    }
}
