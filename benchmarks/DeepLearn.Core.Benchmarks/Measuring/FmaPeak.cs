using System.Runtime.Intrinsics;

namespace DeepLearn.Benchmarks.Measuring;

/// <summary>
/// The peak rate of fused multiply-adds of one core, measured with loops of independent chains that use registers only. Matrix products are
/// compared with it, since they cannot be faster.
/// </summary>
/// <remarks>
/// Latency times throughput requires 8 to 10 chains. But processors that assign an instruction to a pipe before they know when it can start
/// reach 70 to 100 % of the peak with a single loop, by chance. So there are several loops, of every width and with 12 and 24 chains (24
/// fit only in 32 registers). A measurement is the best of the loops that were nearly the fastest at the start.
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

    /// <summary>The peak for float.</summary>
    public static FmaPeak Float { get; } = new(
    [
        .. FmaLoop.OfWidth<Vector512<float>, Float512>(Vector512.IsHardwareAccelerated, 512),
        .. FmaLoop.OfWidth<Vector256<float>, Float256>(Vector256.IsHardwareAccelerated, 256),
        .. FmaLoop.OfWidth<Vector128<float>, Float128>(true, 128),
    ]);

    /// <summary>The peak for double.</summary>
    public static FmaPeak Double { get; } = new(
    [
        .. FmaLoop.OfWidth<Vector512<double>, Double512>(Vector512.IsHardwareAccelerated, 512),
        .. FmaLoop.OfWidth<Vector256<double>, Double256>(Vector256.IsHardwareAccelerated, 256),
        .. FmaLoop.OfWidth<Vector128<double>, Double128>(true, 128),
    ]);

    /// <summary>The vector widths of the loops that reach the peak, in bits.</summary>
    public string Widths => string.Join(" and ", _loops.Select(loop => loop.Bits).Distinct());

    /// <summary>One of the loops that reach the peak.</summary>
    public FmaLoop Loop => _loops[0];

    /// <summary>The narrowest vectors that reach the peak, in bits.</summary>
    public int NarrowestBits => _loops.Min(loop => loop.Bits);

    /// <summary>The peak for a type.</summary>
    public static FmaPeak Of<T>() => typeof(T) == typeof(float) ? Float : Double;

    /// <summary>
    /// One measurement in GFLOP/s: the best of a few runs of each loop. The first run may find the vector units partly powered down, and
    /// reach only 60 to 95 % of the later ones.
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

    /// <summary>The best of several measurements, in GFLOP/s: the machine in its fast phase.</summary>
    public double MeasureBest(int measurements = 5)
    {
        double best = 0;
        for (int i = 0; i < measurements; i++)
            best = Math.Max(best, Measure());
        return best;
    }
}
