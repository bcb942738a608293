using System.Numerics;
using BenchmarkDotNet.Attributes;
using DeepLearn.Benchmarks.Columns;
using DeepLearn.Foundation;
using DeepLearn.Optimizers;
using DeepLearn.Regularizers;

namespace DeepLearn.Benchmarks.Steps;

/// <summary>
/// A whole training step on one thread: three networks, four batch sizes, three optimizers. GFLOP/s and the share of the peak count the
/// matrix products alone. The allocation column should be empty.
/// </summary>
[ThroughputColumns]
[MemoryDiagnoser(displayGenColumns: false)]
[GenericTypeArguments(typeof(float))]
[GenericTypeArguments(typeof(double))]
public class TrainingStepBenchmarks<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private OwnStep<T>? _step;

    /// <summary>The network and the batch size.</summary>
    [ParamsSource(nameof(Cases))]
    public StepCase Case { get; set; } = null!;

    /// <summary>The optimizer.</summary>
    [Params("sgd", "momentum", "adam")]
    public string Optimizer { get; set; } = "";

    /// <summary>The cases.</summary>
    public IEnumerable<StepCase> Cases => StepCase.All;

    /// <summary>Creates model and batch.</summary>
    [GlobalSetup]
    public void Setup()
    {
        Optimizer optimizer = Optimizer switch
        {
            "sgd" => new Sgd(),
            "momentum" => new Sgd { Momentum = 0.9 },
            "adam" => new Adam(),
            _ => throw new ArgumentException($"There is no optimizer named {Optimizer} here."),
        };
        _step = new(new(Case), optimizer, Regularizer.None, WorkerPool.Single);
    }

    /// <summary>One step.</summary>
    [Benchmark]
    public double Step()
    {
        _step!.Step();
        return _step.Loss;
    }
}
