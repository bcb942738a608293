using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Optimizers;
using DeepLearn.Parameters;
using DeepLearn.Regularizers;
using DeepLearn.Tensors;
using DeepLearn.Training;

namespace DeepLearn.Benchmarks.Steps;

/// <summary>Our step.</summary>
internal sealed class OwnStep<T> : IStepRun
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly RandomKey Noise = RandomKey.FromSeed(1);

    private readonly StepOperands<T> _operands;
    private readonly TrainingStep<T> _step;
    private readonly double _rate;
    private long _steps;

    public OwnStep(StepOperands<T> operands, Optimizer optimizer, Regularizer regularizer, WorkerPool workers)
    {
        _operands = operands;
        _rate = optimizer is Adam ? StepOperands<T>.AdaptiveRate : StepOperands<T>.LearningRate;
        _step = Create(operands, optimizer, regularizer, workers);
    }

    public double Loss { get; private set; }

    public void Before()
    {
    }

    public void Step() =>
        Loss = _step.Run(
            _operands.Examples, Targets<T>.FromLabels(_operands.Labels), _rate, _steps++, Noise);

    /// <summary>Creates a step of the operands' network, with their weights.</summary>
    public static TrainingStep<T> Create(StepOperands<T> operands, Optimizer optimizer, Regularizer regularizer, WorkerPool workers)
    {
        Model<T> model = operands.Case.Specification.Build<T>(operands.Case.Widths[0], seed: 1);
        Parameter<T>[] weights = [.. model.Parameters.Where(parameter => parameter.Role == ParameterRole.Weights)];
        foreach ((Parameter<T> parameter, Matrix<T> initial) in weights.Zip(operands.Weights))
            initial.AsSpan().CopyTo(parameter.Value.AsSpan());
        return new(model, new SoftmaxCrossEntropy(), regularizer, optimizer, operands.Case.Batch, workers);
    }

    public void Dispose()
    {
    }
}
