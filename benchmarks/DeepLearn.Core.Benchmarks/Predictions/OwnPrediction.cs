using DeepLearn.Foundation;
using DeepLearn.Tensors;

namespace DeepLearn.Benchmarks.Predictions;

/// <summary>The library's own prediction, as a program calls it: <c>Model.Predict</c> into memory that is there.</summary>
internal sealed class OwnPrediction(PredictionOperands operands, WorkerPool workers) : IPredictionRun
{
    private readonly Matrix<float> _outputs = new(operands.Case.Batch, operands.Model.OutputShape.Count);

    public ReadOnlySpan<float> Outputs => _outputs.AsSpan();

    public void Before()
    {
    }

    public void Predict() => operands.Model.Predict(operands.Examples, _outputs.View, workers);

    public void Dispose()
    {
    }
}
