using System.Numerics;
using DeepLearn.Benchmarks.Measuring;
using DeepLearn.Benchmarks.Products;
using DeepLearn.Foundation;

namespace DeepLearn.Benchmarks.Ratios;

/// <summary>Measures our product beside its peers, shape by shape.</summary>
/// <param name="settings">Types, threads and rounds.</param>
/// <param name="peers">The peers.</param>
/// <param name="shapes">The products.</param>
internal sealed class ProductRatios(RatioSettings settings, IReadOnlyList<IProductPeer> peers, IReadOnlyList<ProductShape> shapes)
{
    private const string Ours = "ours";

    private MachineSpeeds? _machine;

    /// <summary>Whether each row is also compared with the least time that its product can take.</summary>
    public bool HasBounds { get; init; }

    /// <summary>The speeds behind the bounds; null without them.</summary>
    public MachineSpeeds? Machine => HasBounds ? _machine ??= SpeedMeasurement.Run() : null;

    /// <summary>Measures every row, and yields each as soon as it is measured: a list with a ratio for each peer that took part.</summary>
    public IEnumerable<IReadOnlyList<ProductRatio>> Run()
    {
        foreach (string type in settings.Types)
        {
            foreach (int threads in settings.Threads)
            {
                using var workers = new WorkerPool(threads);
                foreach (ProductShape shape in shapes)
                    yield return type == "float" ? Measure<float>(shape, workers) : Measure<double>(shape, workers);
            }
        }
    }

    /// <summary>
    /// Computes some products of every kind until the JIT has compiled our code and the calls of the peers; of random sizes, all that are
    /// not long, since each may be the only one that needs some method.
    /// </summary>
    public void WarmUp()
    {
        ProductShape[] some =
        [
            .. shapes.OrderBy(shape => shape.Flops)
                .GroupBy(shape => (shape.Transposition, shape.Group))
                .SelectMany(group => group.Key.Group == ProductShapesAtRandom.Group ? group.Where(IsTiny) : group.Take(4)),
        ];
        foreach (string type in settings.Types)
        {
            if (type == "float")
                WarmUp<float>(some);
            else
                WarmUp<double>(some);
        }
    }

    private void WarmUp<T>(ProductShape[] some)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        OwnProduct<T>[] products = [.. some.Where(IsShort).Select(shape => new OwnProduct<T>(new(shape), WorkerPool.Single))];
        List<IProductRun<T>> runs = [];
        foreach (ProductShape shape in some.Where(IsTiny).GroupBy(shape => shape.Transposition).Select(group => group.First()))
        {
            foreach (IProductPeer peer in peers.Where(peer => peer.Rounds(shape, 1) > 0))
                runs.Add(peer.Prepare<T>(new(shape), 1));
        }
        runs.ForEach(run => run.Before());
        JitWarmUp.Settle(() =>
        {
            Array.ForEach(products, product => product.Multiply());
            runs.ForEach(run => run.Multiply());
        });
        runs.ForEach(run => run.Dispose());
    }

    private static bool IsTiny(ProductShape shape) => shape.Flops < 1e6;

    private static bool IsShort(ProductShape shape) => shape.Flops < 1e8;

    private List<ProductRatio> Measure<T>(ProductShape shape, WorkerPool workers)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int threads = workers.Threads;
        var operands = new ProductOperands<T>(shape);
        using var own = new OwnProduct<T>(operands, workers);
        own.Multiply();
        List<Candidate> candidates = [new(Ours, own.Multiply)];
        List<IDisposable> runs = [];
        try
        {
            foreach (IProductPeer peer in peers)
            {
                int rounds = peer.Rounds(shape, threads);
                if (rounds == 0)
                    continue;
                IProductRun<T> run = peer.Prepare(operands, threads);
                runs.Add(run);
                run.Before();
                run.Multiply();
                RequireEqual(shape, peer.Name, own, run);
                candidates.Add(new(peer.Name, run.Multiply) { Before = run.Before, MaxRounds = rounds });
            }
            if (threads > 1)
                candidates.Add(new(ProductRatio.OneThread, new OwnProduct<T>(operands, WorkerPool.Single).Multiply));

            var measurement = InterleavedMeasurement.Run(candidates, FmaPeak.Of<T>(), InterleavingSettings.For(settings.Rounds, threads));
            double allocated = Allocation.PerCall(own.Multiply);
            return [.. candidates.Skip(1).Select(candidate => Row<T>(shape, threads, measurement, candidate.Name, allocated))];
        }
        finally
        {
            foreach (IDisposable run in runs)
                run.Dispose();
        }
    }

    private unsafe ProductRatio Row<T>(ProductShape shape, int threads, InterleavedMeasurement measurement, string peer, double allocated)
        where T : unmanaged
    {
        double seconds = Statistics.Median(measurement.Seconds(Ours).ToArray()), peak = Statistics.Median(measurement.PeakGflops);
        ProductBound? bound = Machine is { } machine
            ? ProductBound.Of(shape, sizeof(T), threads, peak, FmaPeak.Of<T>().NarrowestBits, machine)
            : null;
        double[] ratios = measurement.Ratios(Ours, peer);
        Quartiles ratio = Statistics.QuartilesOf(ratios);
        return new(
            shape.Name,
            typeof(T) == typeof(float) ? "float" : "double",
            shape.Transposition.ToString(),
            threads,
            peer,
            shape.Flops / seconds / 1e9,
            shape.Flops / Statistics.Median(measurement.Seconds(peer).ToArray()) / 1e9,
            ratio.Median,
            Statistics.Median(measurement.SharesOfPeak(Ours, shape.Flops, threads)))
        {
            RatioLower = ratio.Lower,
            RatioUpper = ratio.Upper,
            Rounds = ratios.Length,
            PeakGflops = peak,
            AllocatedBytes = allocated,
            Group = shape.Group,
            Batch = shape.Batch,
            Role = shape.Role,
            Seed = shape.Seed,
            Family = bound is null ? "" : ProductBound.Family(shape),
            BoundNanoseconds = bound?.Nanoseconds ?? 0,
            Bound = bound?.Cause ?? "",
        };
    }

    /// <summary>
    /// Throws if a peer's result differs from ours by more than the error of sums of K terms, since its measurement would be worthless.
    /// </summary>
    private static void RequireEqual<T>(ProductShape shape, string peer, IProductRun<T> own, IProductRun<T> other)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double tolerance = 8 * (typeof(T) == typeof(float) ? 6e-8 : 1.2e-16) * Math.Max(shape.K, 8);
        // The steps are prime numbers: some thousand elements of a large result are compared, and all elements of a small one.
        int rowStep = shape.M > 300 ? 97 : 1, columnStep = shape.N > 300 ? 89 : 1;
        for (int row = 0; row < shape.M; row += rowStep)
        {
            for (int column = 0; column < shape.N; column += columnStep)
            {
                double expected = double.CreateChecked(own.Result(row, column)), found = double.CreateChecked(other.Result(row, column));
                if (!(Math.Abs(expected - found) <= tolerance))
                    throw new InvalidOperationException($"{shape} by {peer}: element [{row}, {column}] is {found}; ours is {expected}.");
            }
        }
    }
}
