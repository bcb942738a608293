using System.Numerics;
using DeepLearn.Benchmarks.Measuring;
using DeepLearn.Benchmarks.Ratios;
using DeepLearn.Foundation;

namespace DeepLearn.Benchmarks.Convolutions;

/// <summary>Measures convolutions, and networks of them, beside the peers; the fastest peer counts.</summary>
internal sealed class ConvolutionRatios(RatioSettings settings, IReadOnlyList<IConvolutionPeer> peers, int largestTile)
{
    private const string Ours = "ours";

    /// <summary>The most operations of a layer that takes part in warming up: about a millisecond.</summary>
    private const double ShortFlops = 2e8;

    /// <summary>The images of a network that takes part in warming up.</summary>
    private const int SmallBatch = 2;

    private static readonly string[] PassesOfLayer =
        [ConvolutionRatio.Forward, ConvolutionRatio.WeightGradient, ConvolutionRatio.InputGradient];

    private static readonly string[] PassesOfNetwork = [ConvolutionRatio.Step, ConvolutionRatio.Prediction];

    /// <summary>Whether the settings select any row.</summary>
    public bool HasAny => ConvolutionCase.All.Any(layer => Wanted(layer, PassesOfLayer).Length > 0)
        || NetworkCase.All.Any(network => Wanted(network, PassesOfNetwork).Length > 0);

    /// <summary>Measures every selected row, and yields each as soon as it is measured.</summary>
    public IEnumerable<ConvolutionRatio> Run() => settings.Types.SelectMany(type => type == "float" ? Run<float>() : Run<double>());

    private IEnumerable<ConvolutionRatio> Run<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        WarmUp<T>();
        foreach (int threads in settings.Threads)
        {
            using var workers = new WorkerPool(threads);
            foreach (ConvolutionCase layer in ConvolutionCase.All)
            {
                foreach (ConvolutionRatio row in Measure<T>(layer, Wanted(layer, PassesOfLayer), workers))
                    yield return row;
            }
            foreach (NetworkCase network in NetworkCase.All)
            {
                foreach (ConvolutionRatio row in Measure<T>(network, Wanted(network, PassesOfNetwork), workers))
                    yield return row;
            }
        }
    }

    private string[] Wanted(object what, string[] passes) =>
        [.. passes.Where(pass => settings.Wants(filter => filter.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .All(word => $"{what} {pass}".Contains(word, StringComparison.OrdinalIgnoreCase))))];

    /// <summary>
    /// Computes small layers of all kinds, all short rows and small batches of the networks until the JIT has compiled them. A row is
    /// measured without a long pause, and the JIT compiles for good only after one: code that a row is the first to need would be measured
    /// as it is compiled at first.
    /// </summary>
    private void WarmUp<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ConvolutionCase[] small =
            [new(8, 32, 32, 3, 1, 1, 4), new(8, 16, 16, 3, 1, 1, 4), new(8, 16, 16, 1, 1, 1, 4), new(8, 16, 16, 3, 1, 16, 4)];
        OwnConvolution<T>[] layers =
        [
            .. small.Concat(ConvolutionCase.All.Where(layer => layer.Flops < ShortFlops && Wanted(layer, PassesOfLayer).Length > 0))
                .Select(layer => new OwnConvolution<T>(new(layer), WorkerPool.Single, largestTile)),
        ];
        OwnNetwork<T>[] networks =
        [
            .. NetworkCase.All.Where(network => Wanted(network, PassesOfNetwork).Length > 0)
                .Select(network => new OwnNetwork<T>(new(network with { Batch = SmallBatch }), WorkerPool.Single)),
        ];
        JitWarmUp.Settle(() =>
        {
            foreach (OwnConvolution<T> layer in layers)
            {
                layer.Forward();
                layer.WeightGradient();
                layer.InputGradient();
            }
            foreach (OwnNetwork<T> network in networks)
            {
                network.Step();
                network.Predict();
            }
        });
        Array.ForEach(layers, layer => layer.Dispose());
        Array.ForEach(networks, network => network.Dispose());
    }

    private IEnumerable<ConvolutionRatio> Measure<T>(ConvolutionCase layer, string[] passes, WorkerPool workers)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (passes.Length == 0)
            yield break;
        var operands = new ConvolutionOperands<T>(layer);
        using var own = new OwnConvolution<T>(operands, workers, largestTile);
        List<IConvolutionRun> runs = [];
        try
        {
            foreach (IConvolutionPeer peer in peers)
                runs.Add(peer.Prepare(operands, workers.Threads));
            foreach (string pass in passes)
            {
                RequireSameResult(own, runs, pass, layer);
                Candidate[] candidates =
                [
                    new(Ours, Call(own, pass)),
                    .. peers.Zip(runs, (peer, run) => new Candidate(peer.Name, Call(run, pass)) { Before = run.Before }),
                ];
                bool isWide = layer is { Kernel: 3, Stride: 1, Groups: 1, Channels: >= 32, Filters: >= 32 };
                yield return Row<T>(layer.ToString(), pass, layer.Flops, candidates, workers.Threads) with
                {
                    Algorithm = own.Algorithm,
                    IsWide3x3 = isWide,
                };
            }
        }
        finally
        {
            foreach (IConvolutionRun run in runs)
                run.Dispose();
        }
    }

    private IEnumerable<ConvolutionRatio> Measure<T>(NetworkCase network, string[] passes, WorkerPool workers)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (passes.Length == 0)
            yield break;
        var operands = new NetworkOperands<T>(network);
        using var own = new OwnNetwork<T>(operands, workers);
        List<INetworkRun> runs = [];
        try
        {
            foreach (IConvolutionPeer peer in peers)
                runs.Add(peer.Prepare(operands, workers.Threads));
            RequireSameTraining(own, runs, network);
            foreach (string pass in passes)
            {
                Candidate[] candidates =
                [
                    new(Ours, Call(own, pass)),
                    .. peers.Zip(runs, (peer, run) => new Candidate(peer.Name, Call(run, pass)) { Before = run.Before }),
                ];
                double flops = pass == ConvolutionRatio.Step ? network.StepFlops : network.PredictionFlops;
                yield return Row<T>(network.ToString(), pass, flops, candidates, workers.Threads);
            }
        }
        finally
        {
            foreach (INetworkRun run in runs)
                run.Dispose();
        }
    }

    private ConvolutionRatio Row<T>(string name, string pass, double flops, Candidate[] candidates, int threads)
    {
        var measurement = InterleavedMeasurement.Run(candidates, FmaPeak.Of<T>(), InterleavingSettings.For(settings.Rounds, threads));
        string peer = candidates.Skip(1).Select(candidate => candidate.Name).MinBy(other => SecondsOf(measurement, other)) ?? "";
        double[] ratios = peer.Length == 0 ? [] : measurement.Ratios(Ours, peer);
        Quartiles ratio = Statistics.QuartilesOf(ratios);
        return new(
            name,
            pass,
            typeof(T) == typeof(float) ? "float" : "double",
            threads,
            peer,
            flops / SecondsOf(measurement, Ours) / 1e9,
            peer.Length == 0 ? double.NaN : flops / SecondsOf(measurement, peer) / 1e9,
            ratio.Median,
            Statistics.Median(measurement.SharesOfPeak(Ours, flops, threads)))
        {
            RatioLower = ratio.Lower,
            RatioUpper = ratio.Upper,
            Rounds = measurement.Seconds(Ours).Length,
            AllocatedBytes = Allocation.PerCall(candidates[0].Run),
        };
    }

    private static double SecondsOf(InterleavedMeasurement measurement, string candidate) =>
        Statistics.Median(measurement.Seconds(candidate).ToArray());

    private static Action Call(IConvolutionRun run, string pass) => pass == ConvolutionRatio.Forward ? run.Forward
        : pass == ConvolutionRatio.WeightGradient ? run.WeightGradient : run.InputGradient;

    private static Action Call(INetworkRun run, string pass) => pass == ConvolutionRatio.Step ? run.Step : run.Predict;

    /// <summary>Throws if a peer has another result, since its measurement would be worthless.</summary>
    private void RequireSameResult(IConvolutionRun own, List<IConvolutionRun> runs, string pass, ConvolutionCase layer)
    {
        if (runs.Count == 0)
            return;
        Call(own, pass)();
        double[] expected = own.Result(pass);
        double norm = Math.Sqrt(expected.Sum(value => value * value));
        for (int i = 0; i < runs.Count; i++)
        {
            runs[i].Before();
            Call(runs[i], pass)();
            double[] found = runs[i].Result(pass);
            double error = found.Length != expected.Length ? double.NaN
                : Math.Sqrt(expected.Zip(found, (a, b) => (a - b) * (a - b)).Sum()) / norm;
            if (!(error <= 1e-4))
                throw new InvalidOperationException($"{layer}, {pass}: the result of {peers[i].Name} differs from ours by {error}.");
        }
    }

    /// <summary>Throws if the loss of a peer develops differently, since it then does not do the same work.</summary>
    private void RequireSameTraining(INetworkRun own, List<INetworkRun> runs, NetworkCase network)
    {
        for (int step = 0; step < 2; step++)
        {
            own.Step();
            for (int i = 0; i < runs.Count; i++)
            {
                runs[i].Before();
                runs[i].Step();
                if (!(Math.Abs(runs[i].Loss - own.Loss) <= 1e-3 * Math.Abs(own.Loss)))
                {
                    throw new InvalidOperationException(
                        $"{network}: at step {step} the loss of {peers[i].Name} is {runs[i].Loss}; ours is {own.Loss}.");
                }
            }
        }
    }
}
