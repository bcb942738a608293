using System.Diagnostics;
using DeepLearn.Benchmarks.Measuring;
using DeepLearn.Benchmarks.Predictions;
using DeepLearn.Foundation;

namespace DeepLearn.Benchmarks.Ratios;

/// <summary>Measures our predictions beside the peers: latency call by call, and throughput of calls one after the other.</summary>
internal sealed class PredictionRatios(RatioSettings settings, IReadOnlyList<IPredictionPeer> peers)
{
    private const string Ours = "ours";

    /// <summary>The calls that are timed one by one, in turns of some calls of each candidate.</summary>
    private const int LatencyTurns = 20, LatencyCalls = 100;

    /// <summary>The longest time that the calls of one candidate in one turn take; of slow predictions there are fewer.</summary>
    private const double LatencyTurnSeconds = 0.01;

    /// <summary>Measures every selected row, and yields each as soon as it is measured, with a ratio to each peer.</summary>
    public IEnumerable<IReadOnlyList<PredictionRatio>> Run()
    {
        foreach (int threads in settings.Threads)
        {
            using var workers = new WorkerPool(threads);
            foreach (PredictionCase @case in PredictionCase.All.Where(each => settings.Wants(each.Matches)))
                yield return Measure(@case, workers);
        }
    }

    private List<PredictionRatio> Measure(PredictionCase @case, WorkerPool workers)
    {
        var operands = new PredictionOperands(@case);
        List<IPredictionRun> runs = [new OwnPrediction(operands, workers)];
        try
        {
            runs[0].Predict();
            foreach (IPredictionPeer peer in peers)
            {
                runs.Add(peer.Prepare(operands, workers.Threads));
                runs[^1].Before();
                runs[^1].Predict();
                RequireEqual(@case, peer.Name, runs[0].Outputs, runs[^1].Outputs);
            }
            JitWarmUp.Settle(runs[0].Predict);
            string[] names = [Ours, .. peers.Select(peer => peer.Name)];
            List<Candidate> candidates = [.. runs.Select((run, i) => new Candidate(names[i], run.Predict) { Before = run.Before })];
            var interleaving = InterleavingSettings.For(settings.Rounds, workers.Threads);
            if (workers.Threads > 1)
                interleaving = interleaving with { Pause = peers.Select(peer => peer.Spins).Append(interleaving.Pause).Max() };
            var throughput = InterleavedMeasurement.Run(candidates, FmaPeak.Of<float>(), interleaving);
            double[][] latencies = Latencies(candidates, interleaving);
            double allocated = Allocation.PerCall(runs[0].Predict);
            List<PredictionRatio> rows = [];
            for (int i = runs.Count == 1 ? 0 : 1; i < runs.Count; i++)
            {
                bool alone = i == 0;
                Quartiles ratio = alone
                    ? new(double.NaN, double.NaN, double.NaN)
                    : Statistics.QuartilesOf(throughput.Ratios(Ours, names[i]));
                rows.Add(new(
                    @case.Name,
                    @case.Batch,
                    workers.Threads,
                    alone ? "" : names[i],
                    Statistics.Median(latencies[0]),
                    Statistics.Quantile(latencies[0], 0.99),
                    alone ? double.NaN : Statistics.Median(latencies[i]),
                    alone ? double.NaN : Statistics.Quantile(latencies[i], 0.99),
                    ratio.Median)
                {
                    RatioLower = ratio.Lower,
                    RatioUpper = ratio.Upper,
                    ExamplesPerSecond = @case.Batch / Statistics.Median(throughput.Seconds(Ours).ToArray()),
                    AllocatedBytes = allocated,
                });
            }
            return rows;
        }
        finally
        {
            runs.ForEach(run => run.Dispose());
        }
    }

    /// <summary>The microseconds of single calls of each candidate, in turns; those in which it settles are not counted.</summary>
    private static double[][] Latencies(List<Candidate> candidates, InterleavingSettings settings)
    {
        List<double>[] times = [.. candidates.Select(_ => new List<double>(LatencyTurns * LatencyCalls))];
        for (int turn = 0; turn < LatencyTurns; turn++)
        {
            for (int i = 0; i < candidates.Count; i++)
            {
                if (settings.Pause > TimeSpan.Zero)
                    Thread.Sleep(settings.Pause);
                candidates[i].Before();
                long begin = Stopwatch.GetTimestamp();
                do
                    candidates[i].Run();
                while (Stopwatch.GetElapsedTime(begin).TotalSeconds < settings.SettlingSeconds);
                begin = Stopwatch.GetTimestamp();
                for (int call = 0; call < LatencyCalls && Stopwatch.GetElapsedTime(begin).TotalSeconds < LatencyTurnSeconds; call++)
                {
                    long start = Stopwatch.GetTimestamp();
                    candidates[i].Run();
                    times[i].Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
                }
            }
        }
        return [.. times.Select(each => each.ToArray())];
    }

    /// <summary>Throws if a peer's outputs are not ours within rounding, since it then does not do the same work.</summary>
    private static void RequireEqual(PredictionCase @case, string peer, ReadOnlySpan<float> ours, ReadOnlySpan<float> theirs)
    {
        if (ours.Length != theirs.Length)
            throw new InvalidOperationException($"{@case} by {peer} has {theirs.Length} outputs; ours has {ours.Length}.");
        double largest = 1e-30;
        foreach (float output in ours)
            largest = Math.Max(largest, Math.Abs(output));
        for (int i = 0; i < ours.Length; i++)
        {
            if (!(Math.Abs(ours[i] - theirs[i]) <= 1e-4 * largest))
                throw new InvalidOperationException($"{@case} by {peer}: output {i} is {theirs[i]}; ours is {ours[i]}.");
        }
    }
}
