namespace DeepLearn.Benchmarks.Measuring;

/// <summary>
/// Times candidates in turns, in one process. A machine has slow phases. Candidates that are measured within the same few milliseconds
/// share them, so their ratio within a round is meaningful even when a single time is not.
/// </summary>
internal sealed class InterleavedMeasurement
{
    private const double WarmUpSeconds = 0.03;
    private const int WarmUpCalls = 40;
    private const double LongCallSeconds = 0.05;

    private readonly Dictionary<string, double[]> _seconds = [];

    private InterleavedMeasurement(double[] peaks) => PeakGflops = peaks;

    /// <summary>The FMA peak of one core in each round, in GFLOP/s.</summary>
    public IReadOnlyList<double> PeakGflops { get; }

    /// <summary>Runs the rounds.</summary>
    /// <param name="candidates">The candidates; their order is reversed in every other round.</param>
    /// <param name="peak">The peak loop, which runs once in each round.</param>
    /// <param name="settings">The durations and the number of rounds.</param>
    public static InterleavedMeasurement Run(IReadOnlyList<Candidate> candidates, FmaPeak peak, InterleavingSettings settings)
    {
        var measurement = new InterleavedMeasurement(new double[settings.Rounds]);
        Pace[] paces = [.. candidates.Select(candidate => WarmUp(candidate, settings))];
        foreach (Candidate candidate in candidates)
            measurement._seconds[candidate.Name] = new double[Math.Min(settings.Rounds, candidate.MaxRounds)];

        for (int round = 0; round < settings.Rounds; round++)
        {
            Pause(settings);
            ((double[])measurement.PeakGflops)[round] = peak.Measure();
            for (int turn = 0; turn < candidates.Count; turn++)
            {
                int index = round % 2 == 0 ? turn : candidates.Count - 1 - turn;
                Candidate candidate = candidates[index];
                if (round >= candidate.MaxRounds)
                    continue;
                Pause(settings);
                measurement._seconds[candidate.Name][round] = Sample(candidate, paces[index], settings);
            }
        }
        return measurement;
    }

    /// <summary>The seconds of one call in each round that the candidate took part in.</summary>
    public ReadOnlySpan<double> Seconds(string candidate) => _seconds[candidate];

    /// <summary>How many times faster one candidate was than another, round by round.</summary>
    public double[] Ratios(string candidate, string than)
    {
        ReadOnlySpan<double> own = Seconds(candidate);
        ReadOnlySpan<double> others = Seconds(than);
        double[] ratios = new double[Math.Min(own.Length, others.Length)];
        for (int round = 0; round < ratios.Length; round++)
            ratios[round] = others[round] / own[round];
        return ratios;
    }

    /// <summary>The share of the peak in the same round that a candidate reached, round by round.</summary>
    public double[] SharesOfPeak(string candidate, double flops, int threads)
    {
        ReadOnlySpan<double> own = Seconds(candidate);
        double[] shares = new double[own.Length];
        for (int round = 0; round < shares.Length; round++)
            shares[round] = flops / own[round] / (PeakGflops[round] * 1e9 * threads);
        return shares;
    }

    private static Pace WarmUp(Candidate candidate, InterleavingSettings settings)
    {
        candidate.Before();
        double start = Clock.Seconds;
        int calls = 0;
        double elapsed;
        do
        {
            candidate.Run();
            calls++;
            elapsed = Clock.Seconds - start;
        }
        while (elapsed < WarmUpSeconds && (calls < WarmUpCalls || elapsed < WarmUpSeconds / 3));

        int repetitions = 1;
        double seconds = Time(candidate, repetitions);
        while (seconds < settings.MinimumSampleSeconds && repetitions < 1 << 24)
        {
            repetitions *= 2;
            seconds = Time(candidate, repetitions);
        }
        return new(repetitions, IsLong: seconds / repetitions > LongCallSeconds);
    }

    private static double Sample(Candidate candidate, Pace pace, InterleavingSettings settings)
    {
        candidate.Before();
        // Uncounted calls warm up caches, branch predictors and sleeping threads, for every candidate alike. A long call hardly needs them.
        if (!pace.IsLong)
        {
            double start = Clock.Seconds;
            do
                candidate.Run();
            while (Clock.Seconds - start < settings.SettlingSeconds);
        }
        return Time(candidate, pace.Repetitions) / pace.Repetitions;
    }

    private static double Time(Candidate candidate, int repetitions)
    {
        Action run = candidate.Run;
        double start = Clock.Seconds;
        for (int i = 0; i < repetitions; i++)
            run();
        return Clock.Seconds - start;
    }

    private static void Pause(InterleavingSettings settings)
    {
        if (settings.Pause > TimeSpan.Zero)
            Thread.Sleep(settings.Pause);
    }

    /// <summary>How often a candidate repeats its call in a sample, and whether a call is so long that it needs no warm-up.</summary>
    private readonly record struct Pace(int Repetitions, bool IsLong);
}

/// <summary>The settings of an interleaved measurement.</summary>
/// <param name="Rounds">The number of turns of each candidate.</param>
/// <param name="MinimumSampleSeconds">The shortest duration of a turn, which repeats its call until then.</param>
/// <param name="Pause">The pause before each turn, in which the spinning threads of the previous turn go to sleep.</param>
/// <param name="SettlingSeconds">The time at the start of a turn in which calls are not counted; at least one call is not.</param>
internal sealed record InterleavingSettings(int Rounds, double MinimumSampleSeconds, TimeSpan Pause, double SettlingSeconds)
{
    /// <summary>
    /// The settings for a number of threads. With one thread, no candidate leaves threads spinning, and no pause is needed. With several, a
    /// sleeping thread may be woken on the core that its waker runs on, and waits there for some milliseconds until the scheduler moves it.
    /// So a turn counts only the calls after that, as most of a training run would.
    /// </summary>
    public static InterleavingSettings For(int rounds, int threads) => threads > 1
        ? new(rounds, 1.5e-3, TimeSpan.FromMilliseconds(5), 0.010)
        : new(rounds, 1.5e-3, TimeSpan.Zero, 0);
}
