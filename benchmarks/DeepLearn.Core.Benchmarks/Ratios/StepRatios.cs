using System.Numerics;
using DeepLearn.Benchmarks.Measuring;
using DeepLearn.Benchmarks.Steps;
using DeepLearn.Foundation;
using DeepLearn.Optimizers;
using DeepLearn.Regularizers;

namespace DeepLearn.Benchmarks.Ratios;

/// <summary>Measures our training step beside its peers and the FMA bound.</summary>
internal sealed class StepRatios(RatioSettings settings, IReadOnlyList<IStepPeer> peers)
{
    private const string Ours = "ours";

    /// <summary>The most operations of a step that takes part in warming up: some tenths of a millisecond.</summary>
    private const double ShortFlops = 2e7;

    /// <summary>The steps: those of the two- and three-layer networks, then the small ones.</summary>
    public static IReadOnlyList<StepCase> Cases { get; } = [.. StepCase.All, .. StepCase.Small];

    /// <summary>
    /// Measures every selected row, and yields each as soon as it is measured: a ratio to the bound and one to each peer.
    /// </summary>
    public IEnumerable<IReadOnlyList<StepRatio>> Run()
    {
        foreach (string type in settings.Types)
        {
            if (type == "float")
                WarmUp<float>();
            else
                WarmUp<double>();
            foreach (int threads in settings.Threads)
            {
                using var workers = new WorkerPool(threads);
                foreach (StepCase stepCase in Cases.Where(stepCase => settings.Wants(stepCase.Matches)))
                    yield return type == "float" ? Measure<float>(stepCase, workers) : Measure<double>(stepCase, workers);
            }
        }
    }

    /// <summary>
    /// Makes all short steps, ours and the peers', until the JIT has compiled them. On one thread a row takes some tenths of a second
    /// without a pause, and the JIT compiles for good only after a pause: code that a row is the first to need would be measured as it is
    /// compiled at first.
    /// </summary>
    private void WarmUp<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        List<IStepRun> runs = [];
        foreach (StepCase stepCase in Cases.Where(stepCase => stepCase.Flops < ShortFlops))
        {
            var operands = new StepOperands<T>(stepCase);
            runs.Add(new OwnStep<T>(operands, stepCase.Optimizer, stepCase.Regularizer, WorkerPool.Single));
            if (settings.Wants(stepCase.Matches))
                runs.AddRange(peers.Where(peer => peer.Takes(stepCase)).Select(peer => peer.Prepare(operands, 1)));
        }
        runs.ForEach(run => run.Before());
        JitWarmUp.Settle(() => runs.ForEach(run => run.Step()));
        runs.ForEach(run => run.Dispose());
    }

    private List<StepRatio> Measure<T>(StepCase stepCase, WorkerPool workers)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var operands = new StepOperands<T>(stepCase);
        using var own = new OwnStep<T>(operands, stepCase.Optimizer, stepCase.Regularizer, workers);
        IReadOnlyList<IStepPeer> present = [.. peers.Where(peer => peer.Takes(stepCase))];
        List<IStepRun> runs = [];
        try
        {
            List<Candidate> candidates = [new(Ours, own.Step)];
            foreach (IStepPeer peer in present)
            {
                IStepRun run = peer.Prepare(operands, workers.Threads);
                runs.Add(run);
                candidates.Add(new(peer.Name, run.Step) { Before = run.Before });
            }
            RequireSameTraining<T>(own, runs, present);
            if (workers.Threads > 1)
            {
                var alone = new OwnStep<T>(operands, stepCase.Optimizer, stepCase.Regularizer, WorkerPool.Single);
                candidates.Add(new(ProductRatio.OneThread, alone.Step));
            }
            var interleaving = InterleavingSettings.For(settings.Rounds, workers.Threads);
            var measurement = InterleavedMeasurement.Run(candidates, FmaPeak.Of<T>(), interleaving);
            double allocated = Allocation.PerCall(own.Step);
            return [.. candidates.Select(candidate => Row<T>(stepCase, workers.Threads, measurement, candidate.Name, allocated))];
        }
        finally
        {
            foreach (IStepRun run in runs)
                run.Dispose();
        }
    }

    /// <summary>The row for one candidate. For our own step, it is the row for the bound.</summary>
    private static StepRatio Row<T>(StepCase stepCase, int threads, InterleavedMeasurement measurement, string peer, double allocated)
    {
        double[] shares = measurement.SharesOfPeak(Ours, stepCase.Flops, threads);
        double[] ratios = peer == Ours ? shares : measurement.Ratios(Ours, peer);
        double boundSeconds = stepCase.Flops / (Statistics.Median(measurement.PeakGflops) * 1e9 * threads);
        Quartiles ratio = Statistics.QuartilesOf(ratios);
        return new(
            stepCase.Name,
            stepCase.Batch,
            typeof(T) == typeof(float) ? "float" : "double",
            threads,
            peer == Ours ? StepRatio.Bound : peer,
            Statistics.Median(measurement.Seconds(Ours).ToArray()) * 1e6,
            (peer == Ours ? boundSeconds : Statistics.Median(measurement.Seconds(peer).ToArray())) * 1e6,
            ratio.Median,
            Statistics.Median(shares.Select(share => 1 / share)))
        {
            RatioLower = ratio.Lower,
            RatioUpper = ratio.Upper,
            Rounds = ratios.Length,
            PeakGflops = Statistics.Median(measurement.PeakGflops),
            AllocatedBytes = allocated,
        };
    }

    /// <summary>Throws if the loss of a peer develops differently, since it then does not do the same work.</summary>
    private static void RequireSameTraining<T>(IStepRun own, List<IStepRun> runs, IReadOnlyList<IStepPeer> peers)
    {
        // Even in double, the learning rate of a peer may be a float, as the factor of addmm_ is.
        double tolerance = typeof(T) == typeof(float) ? 1e-3 : 1e-7;
        for (int step = 0; step < 3; step++)
        {
            own.Step();
            for (int i = 0; i < runs.Count; i++)
            {
                runs[i].Before();
                runs[i].Step();
                if (!(Math.Abs(runs[i].Loss - own.Loss) <= tolerance * Math.Abs(own.Loss)))
                {
                    throw new InvalidOperationException(
                        $"At step {step} the loss of {peers[i].Name} is {runs[i].Loss}; ours is {own.Loss}.");
                }
            }
        }
    }
}
