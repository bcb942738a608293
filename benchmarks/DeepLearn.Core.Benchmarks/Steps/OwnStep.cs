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

/// <summary>The library's own step.</summary>
internal sealed class OwnStep<T> : IStepRun
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly RandomKey Noise = RandomKey.FromSeed(1);

    private readonly StepOperands<T> _operands;
    private readonly TrainingStep<T> _step;
    private long _steps;

    public OwnStep(StepOperands<T> operands, Optimizer optimizer, Regularizer regularizer, WorkerPool workers)
    {
        _operands = operands;
        Model<T> model = operands.Case.Specification.Build<T>(operands.Case.Widths[0], seed: 1);
        Parameter<T>[] weights = [.. model.Parameters.Where(parameter => parameter.Role == ParameterRole.Weights)];
        foreach ((Parameter<T> parameter, Matrix<T> initial) in weights.Zip(operands.Weights))
            initial.AsSpan().CopyTo(parameter.Value.AsSpan());
        _step = new(model, new SoftmaxCrossEntropy(), regularizer, optimizer, operands.Case.Batch, workers);
    }

    public double Loss { get; private set; }

    /// <summary>
    /// Makes enough steps that the JIT is done with our code before anything is measured: it compiles again in the background what has
    /// been called thirty times.
    /// </summary>
    public static void WarmUp()
    {
        using var step = new OwnStep<T>(new(new StepCase("3072-50-10", 32)), new Sgd(), Regularizer.None, WorkerPool.Single);
        for (int i = 0; i < 60; i++)
            step.Step();
        Thread.Sleep(300);
    }

    public void Before()
    {
    }

    public void Step() =>
        Loss = _step.Run(
            _operands.Examples, Targets<T>.FromLabels(_operands.Labels), StepOperands<T>.LearningRate, _steps++, Noise);

    public void Dispose()
    {
    }
}
