using System.Numerics;
using DeepLearn.Benchmarks.Measuring;
using DeepLearn.Benchmarks.Steps;
using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Losses;
using DeepLearn.Optimizers;
using DeepLearn.Regularizers;
using DeepLearn.Tensors;

namespace DeepLearn.Benchmarks.Ratios;

/// <summary>Measures a training step and its parts in turns, on one thread.</summary>
internal sealed class StepCosts(RatioSettings settings)
{
    /// <summary>The default number of rounds, with which both types take less than a minute and a half.</summary>
    public const int DefaultRounds = 15;

    private const string Whole = "step";
    private const string Penalized = "l2";
    private const string Momentum = "momentum";
    private const string Adaptive = "adam";
    private const string OnBytes = "bytes";
    private const string Products = "products";
    private const string Updating = "products and update";
    private const string Loss = "loss";

    private Dataset? _images;

    /// <summary>The cases: those of the steps, and two-layer networks of other widths, to show how the cost grows.</summary>
    public static IReadOnlyList<StepCase> Cases { get; } =
    [
        .. StepCase.All,
        .. new[] { 10, 20, 100, 200, 1000 }.Select(hidden => new StepCase($"3072-{hidden}-10", 100)),
        new("3072-10-10", 1),
    ];

    /// <summary>Measures every selected case, and yields each as soon as it is measured.</summary>
    public IEnumerable<StepCost> Run()
    {
        foreach (string type in settings.Types)
        {
            if (type == "float")
                WarmUp<float>();
            else
                WarmUp<double>();
            foreach (StepCase stepCase in Cases.Where(stepCase => settings.Wants(stepCase.Matches)))
                yield return type == "float" ? Measure<float>(stepCase) : Measure<double>(stepCase);
        }
    }

    private void WarmUp<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var operands = new StepOperands<T>(new StepCase("3072-50-10", 8));
        using StepOnBytes<T> onBytes = StepOnImages(operands);
        IReadOnlyList<Candidate> candidates = CandidatesOf(operands, onBytes);
        JitWarmUp.Settle(() =>
        {
            foreach (Candidate candidate in candidates)
                candidate.Run();
        });
    }

    private StepOnBytes<T> StepOnImages<T>(StepOperands<T> operands)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        IReadOnlyList<int> widths = operands.Case.Widths;
        _images ??= StepOnBytes<T>.Images(widths[0], widths[^1]);
        return new(operands, _images, WorkerPool.Single);
    }

    private static List<Candidate> CandidatesOf<T>(StepOperands<T> operands, StepOnBytes<T> onBytes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Action StepWith(Optimizer optimizer, Regularizer regularizer) =>
            new OwnStep<T>(operands, optimizer, regularizer, WorkerPool.Single).Step;
        var products = new StepProducts<T>(operands, WorkerPool.Single);
        return
        [
            new(Whole, StepWith(new Sgd(), Regularizer.None)),
            new(OnBytes, onBytes.Step),
            new(Products, products.Multiply),
            new(Updating, products.MultiplyAndUpdate),
            new(Loss, LossOf(operands)),
            new(Penalized, StepWith(new Sgd(), new L2(1e-3))),
            new(Momentum, StepWith(new Sgd { Momentum = 0.9 }, Regularizer.None)),
            new(Adaptive, StepWith(new Adam(), Regularizer.None)),
        ];
    }

    private StepCost Measure<T>(StepCase stepCase)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var operands = new StepOperands<T>(stepCase);
        using StepOnBytes<T> onBytes = StepOnImages(operands);
        List<Candidate> candidates = CandidatesOf(operands, onBytes);
        var interleaving = InterleavingSettings.For(settings.Rounds, threads: 1);
        var measurement = InterleavedMeasurement.Run(candidates, FmaPeak.Of<T>(), interleaving);

        // A slow phase affects all times of a round, and so hardly affects their differences.
        Quartiles Of(string candidate, params string[] less) => Statistics.QuartilesOf(
            Enumerable.Range(0, settings.Rounds).Select(round =>
                (measurement.Seconds(candidate)[round] - less.Sum(other => measurement.Seconds(other)[round])) * 1e6));
        double peak = Statistics.Median(measurement.PeakGflops);
        return new(
            stepCase.Network,
            stepCase.Batch,
            typeof(T) == typeof(float) ? "float" : "double",
            stepCase.Parameters,
            stepCase.Flops,
            (double)stepCase.Batch * stepCase.Widths.Sum(),
            Of(Whole))
        {
            Bound = stepCase.Flops / peak / 1e3,
            Products = Of(Products),
            Update = Of(Updating, Products),
            Loss = Of(Loss),
            Overhead = Of(Whole, Updating, Loss),
            DataPath = Of(OnBytes, Whole),
            L2 = Of(Penalized, Whole),
            Momentum = Of(Momentum, Whole),
            Adam = Of(Adaptive, Whole),
            Rounds = settings.Rounds,
            PeakGflops = peak,
        };
    }

    private static Action LossOf<T>(StepOperands<T> operands)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var loss = new SoftmaxCrossEntropy();
        int classes = operands.Case.Widths[^1];
        Matrix<T> outputs = new(operands.Case.Batch, classes), gradient = new(operands.Case.Batch, classes);
        for (int i = 0; i < outputs.Count; i++)
            outputs.AsSpan()[i] = operands.Examples.AsSpan()[i];
        return () => loss.Compute(outputs, Targets<T>.FromLabels(operands.Labels), gradient.View);
    }
}
