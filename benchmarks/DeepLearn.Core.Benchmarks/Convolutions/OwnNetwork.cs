using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Optimizers;
using DeepLearn.Regularizers;
using DeepLearn.Training;

namespace DeepLearn.Benchmarks.Convolutions;

/// <summary>Our step and prediction.</summary>
internal sealed class OwnNetwork<T> : INetworkRun
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly RandomKey Noise = RandomKey.FromSeed(1);

    private readonly NetworkOperands<T> _operands;
    private readonly TrainingStep<T> _step;
    private readonly Lazy<ModelWorkspace<T>> _prediction;
    private long _steps;

    public OwnNetwork(NetworkOperands<T> operands, WorkerPool workers)
    {
        _operands = operands;
        Model<T> model = operands.Build();
        _step = new(model, new SoftmaxCrossEntropy(), Regularizer.None, new Sgd(), operands.Case.Batch, workers);
        _prediction = new(() => model.CreateWorkspace(operands.Case.Batch, RunMode.Inference, workers));
    }

    public double Loss { get; private set; }

    public void Before()
    {
    }

    public void Step() => Loss = _step.Run(
        _operands.Images, Targets<T>.FromLabels(_operands.Labels), NetworkOperands<T>.LearningRate, _steps++, Noise);

    public void Predict() => _prediction.Value.Forward(_operands.Images);

    public void Dispose()
    {
    }
}
