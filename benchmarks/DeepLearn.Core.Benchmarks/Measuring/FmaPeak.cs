using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DeepLearn.Benchmarks.Measuring;

/// <summary>
/// The most fused multiply-adds that one core does in a second: a loop over registers alone, with more independent chains than latency
/// times throughput asks for. A matrix product is held against this, since nothing it does can be faster.
/// </summary>
internal sealed class FmaPeak
{
    private const int Chains = 12;

    private readonly Func<long, double> _loop;
    private readonly long _iterations;

    private FmaPeak(Func<long, double> loop, int lanes)
    {
        _loop = loop;
        FlopsPerIteration = 2.0 * Chains * lanes;
        _iterations = 1000;
        while (Time(_iterations) < 0.5e-3)
            _iterations *= 2;
    }

    /// <summary>The peak of float, by the fastest width this machine has.</summary>
    public static FmaPeak Float { get; } = Fastest(
        (Vector512.IsHardwareAccelerated, () => new(Loop<Vector512<float>, Float512>, 16) { Bits = 512 }),
        (Vector256.IsHardwareAccelerated, () => new(Loop<Vector256<float>, Float256>, 8) { Bits = 256 }),
        (true, () => new(Loop<Vector128<float>, Float128>, 4) { Bits = 128 }));

    /// <summary>The peak of double, by the fastest width this machine has.</summary>
    public static FmaPeak Double { get; } = Fastest(
        (Vector512.IsHardwareAccelerated, () => new(Loop<Vector512<double>, Double512>, 8) { Bits = 512 }),
        (Vector256.IsHardwareAccelerated, () => new(Loop<Vector256<double>, Double256>, 4) { Bits = 256 }),
        (true, () => new(Loop<Vector128<double>, Double128>, 2) { Bits = 128 }));

    /// <summary>The width of the vectors that were fastest.</summary>
    public int Bits { get; private init; }

    private double FlopsPerIteration { get; }

    /// <summary>The peak of a type.</summary>
    public static FmaPeak Of<T>() => typeof(T) == typeof(float) ? Float : Double;

    /// <summary>One measurement of about half a millisecond, in GFLOP/s.</summary>
    public double Measure() => FlopsPerIteration * _iterations / Time(_iterations) / 1e9;

    /// <summary>The best of many measurements, in GFLOP/s: the machine in its fast phase.</summary>
    public double MeasureBest(int measurements = 41)
    {
        double best = 0;
        for (int i = 0; i < measurements; i++)
            best = Math.Max(best, Measure());
        return best;
    }

    private static FmaPeak Fastest(params (bool Supported, Func<FmaPeak> Make)[] widths) =>
        widths.Where(width => width.Supported).Select(width => width.Make()).MaxBy(peak => peak.MeasureBest(9))!;

    private double Time(long iterations)
    {
        long start = Stopwatch.GetTimestamp();
        double result = _loop(iterations);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        // The result is looked at, so that the loop cannot be left out.
        return double.IsNaN(result) ? throw new InvalidOperationException("The peak loop gave NaN.") : seconds;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static double Loop<TVector, TOperations>(long iterations)
        where TVector : struct
        where TOperations : IFmaVector<TVector>
    {
        // x <- x * 0.5 + 0.5 stays at 1: no denormal and no infinity slows a machine down. Named locals, which the JIT keeps in registers.
        TVector half = TOperations.Fill(0.5);
        TVector c0 = TOperations.Fill(1), c1 = c0, c2 = c0, c3 = c0, c4 = c0, c5 = c0, c6 = c0, c7 = c0, c8 = c0, c9 = c0, c10 = c0, c11 = c0;
        for (long i = 0; i < iterations; i++)
        {
            c0 = TOperations.MultiplyAdd(c0, half, half);
            c1 = TOperations.MultiplyAdd(c1, half, half);
            c2 = TOperations.MultiplyAdd(c2, half, half);
            c3 = TOperations.MultiplyAdd(c3, half, half);
            c4 = TOperations.MultiplyAdd(c4, half, half);
            c5 = TOperations.MultiplyAdd(c5, half, half);
            c6 = TOperations.MultiplyAdd(c6, half, half);
            c7 = TOperations.MultiplyAdd(c7, half, half);
            c8 = TOperations.MultiplyAdd(c8, half, half);
            c9 = TOperations.MultiplyAdd(c9, half, half);
            c10 = TOperations.MultiplyAdd(c10, half, half);
            c11 = TOperations.MultiplyAdd(c11, half, half);
        }
        return TOperations.First(c0) + TOperations.First(c1) + TOperations.First(c2) + TOperations.First(c3)
            + TOperations.First(c4) + TOperations.First(c5) + TOperations.First(c6) + TOperations.First(c7)
            + TOperations.First(c8) + TOperations.First(c9) + TOperations.First(c10) + TOperations.First(c11);
    }
}
