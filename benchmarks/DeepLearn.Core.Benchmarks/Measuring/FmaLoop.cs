using System.Runtime.CompilerServices;

namespace DeepLearn.Benchmarks.Measuring;

/// <summary>A loop of fused multiply-adds that uses registers only.</summary>
internal sealed class FmaLoop
{
    private readonly Func<long, double> _loop;
    private readonly double _flopsPerIteration;
    private readonly long _iterations = 1000;

    private FmaLoop(Func<long, double> loop, int bits, int chains, int lanes)
    {
        _loop = loop;
        Bits = bits;
        _flopsPerIteration = 2.0 * chains * lanes;
        while (Time() < 0.5e-3)
            _iterations *= 2;
    }

    /// <summary>The width of the vectors.</summary>
    public int Bits { get; }

    /// <summary>The loops of a vector width: one with 12 chains and one with 24; none if the machine does not have the width.</summary>
    public static IEnumerable<FmaLoop> OfWidth<TVector, TOperations>(bool supported, int bits)
        where TVector : struct
        where TOperations : IFmaVector<TVector>
    {
        if (!supported)
            yield break;
        yield return new(Loop12<TVector, TOperations>, bits, 12, TOperations.Lanes);
        yield return new(Loop24<TVector, TOperations>, bits, 24, TOperations.Lanes);
    }

    /// <summary>The speed in GFLOP/s.</summary>
    public double Measure() => _flopsPerIteration * _iterations / Time() / 1e9;

    /// <summary>A piece of work: as many iterations as take a time, if nothing else is in the way.</summary>
    /// <param name="seconds">The time.</param>
    public Action Work(double seconds)
    {
        long iterations = (long)(seconds / Enumerable.Range(0, 9).Min(_ => Time()) * _iterations);
        return () => Time(iterations);
    }

    private double Time() => Time(_iterations);

    private double Time(long iterations)
    {
        double start = Clock.Seconds;
        double result = _loop(iterations);
        double seconds = Clock.Seconds - start;
        // The result is used, so that the JIT cannot remove the loop.
        return double.IsNaN(result) ? throw new InvalidOperationException("The peak loop gave NaN.") : seconds;
    }

    // x <- x * 0.5 + 0.5 stays at 1, so no subnormal or infinite number slows the processor down. The chains are separate local variables,
    // which the JIT keeps in registers; it would not do so with an array.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static double Loop12<TVector, TOperations>(long iterations)
        where TVector : struct
        where TOperations : IFmaVector<TVector>
    {
        TVector half = TOperations.Fill(0.5);
        TVector c0 = TOperations.Fill(1), c1 = c0, c2 = c0, c3 = c0, c4 = c0, c5 = c0, c6 = c0, c7 = c0, c8 = c0, c9 = c0, c10 = c0, c11 =
            c0;
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static double Loop24<TVector, TOperations>(long iterations)
        where TVector : struct
        where TOperations : IFmaVector<TVector>
    {
        TVector half = TOperations.Fill(0.5);
        TVector c0 = TOperations.Fill(1), c1 = c0, c2 = c0, c3 = c0, c4 = c0, c5 = c0, c6 = c0, c7 = c0, c8 = c0, c9 = c0, c10 = c0, c11 =
            c0, c12 = c0, c13 = c0, c14 = c0, c15 = c0, c16 = c0, c17 = c0, c18 = c0, c19 = c0, c20 = c0, c21 = c0, c22 = c0, c23 = c0;
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
            c12 = TOperations.MultiplyAdd(c12, half, half);
            c13 = TOperations.MultiplyAdd(c13, half, half);
            c14 = TOperations.MultiplyAdd(c14, half, half);
            c15 = TOperations.MultiplyAdd(c15, half, half);
            c16 = TOperations.MultiplyAdd(c16, half, half);
            c17 = TOperations.MultiplyAdd(c17, half, half);
            c18 = TOperations.MultiplyAdd(c18, half, half);
            c19 = TOperations.MultiplyAdd(c19, half, half);
            c20 = TOperations.MultiplyAdd(c20, half, half);
            c21 = TOperations.MultiplyAdd(c21, half, half);
            c22 = TOperations.MultiplyAdd(c22, half, half);
            c23 = TOperations.MultiplyAdd(c23, half, half);
        }
        return TOperations.First(c0) + TOperations.First(c1) + TOperations.First(c2) + TOperations.First(c3)
            + TOperations.First(c4) + TOperations.First(c5) + TOperations.First(c6) + TOperations.First(c7)
            + TOperations.First(c8) + TOperations.First(c9) + TOperations.First(c10) + TOperations.First(c11)
            + TOperations.First(c12) + TOperations.First(c13) + TOperations.First(c14) + TOperations.First(c15)
            + TOperations.First(c16) + TOperations.First(c17) + TOperations.First(c18) + TOperations.First(c19)
            + TOperations.First(c20) + TOperations.First(c21) + TOperations.First(c22) + TOperations.First(c23);
    }
}
