using System.Numerics;
using DeepLearn.Benchmarks.Measuring;
using DeepLearn.Benchmarks.Products;
using DeepLearn.Benchmarks.Steps;
using DeepLearn.Foundation;
using DeepLearn.Losses;
using DeepLearn.Optimizers;
using DeepLearn.Regularizers;
using DeepLearn.Tensors;

namespace DeepLearn.Benchmarks.Ratios;

/// <summary>Takes a training step apart, on one thread: the whole and its parts in turns.</summary>
internal sealed class StepCosts(RatioSettings settings)
{
    private const string Whole = "step";
    private const string Momentum = "momentum";
    private const string Adaptive = "adam";
    private const string Loss = "loss";

    /// <summary>The cases: those of the steps, and two-layer networks of further widths, to see how the cost grows.</summary>
    public static IReadOnlyList<StepCase> Cases { get; } =
    [
        .. StepCase.All,
        .. new[] { 10, 20, 100, 200, 1000 }.Select(hidden => new StepCase($"3072-{hidden}-10", 100)),
    ];

    /// <summary>Measures every wanted case and hands it on as soon as it is there.</summary>
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

    private static void WarmUp<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var operands = new StepOperands<T>(new StepCase("3072-50-10", 8));
        Action[] steps =
        [
            .. new Optimizer[] { new Sgd(), new Sgd { Momentum = 0.9 }, new Adam() }
                .Select(optimizer => (Action)new OwnStep<T>(operands, optimizer, Regularizer.None, WorkerPool.Single).Step),
        ];
        JitWarmUp.Settle(() => Array.ForEach(steps, step => step()));
    }

    private StepCost Measure<T>(StepCase stepCase)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var operands = new StepOperands<T>(stepCase);
        Action StepWith(Optimizer optimizer) => new OwnStep<T>(operands, optimizer, Regularizer.None, WorkerPool.Single).Step;
        ProductShape[] products = [.. ProductShapes.Network(stepCase.Widths, stepCase.Batch)];
        List<Candidate> candidates =
        [
            new(Whole, StepWith(new Sgd())),
            new(Momentum, StepWith(new Sgd { Momentum = 0.9 })),
            new(Adaptive, StepWith(new Adam())),
            new(Loss, LossOf(operands)),
        ];
        foreach (ProductShape shape in products)
            candidates.Add(new(NameOf(shape), new OwnProduct<T>(new(shape), WorkerPool.Single).Multiply));

        var measurement = InterleavedMeasurement.Run(candidates, FmaPeak.Of<T>(), InterleavingSettings.For(settings.Rounds, threads: 1));
        double Microseconds(string candidate) => Statistics.Median(measurement.Seconds(candidate).ToArray()) * 1e6;
        double step = Microseconds(Whole), loss = Microseconds(Loss), product = products.Sum(shape => Microseconds(NameOf(shape)));
        return new(
            stepCase.Network,
            stepCase.Batch,
            typeof(T) == typeof(float) ? "float" : "double",
            step,
            stepCase.Flops / Statistics.Median(measurement.PeakGflops) / 1e3,
            product,
            loss,
            step - product - loss,
            Microseconds(Momentum) - step,
            Microseconds(Adaptive) - step,
            stepCase.Parameters);
    }

    // Two layers of one network may have products of the same shape.
    private static string NameOf(ProductShape shape) => $"{shape} {shape.Role}";

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
