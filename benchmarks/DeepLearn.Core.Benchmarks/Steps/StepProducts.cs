using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Gemm;
using DeepLearn.Layers;
using DeepLearn.Tensors;

namespace DeepLearn.Benchmarks.Steps;

/// <summary>
/// The matrix products of a step and nothing else, in the order of the step, each on the results of the one before. So a product finds the
/// same data in the caches as in a step.
/// </summary>
internal sealed class StepProducts<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // So small that a million updates hardly change the weights.
    private static readonly T Rate = T.CreateChecked(1e-12);

    private readonly WorkerPool _workers;
    private readonly Matrix<T>[] _weights, _weightGradients, _outputs, _gradients;

    public StepProducts(StepOperands<T> operands, WorkerPool workers)
    {
        int batch = operands.Case.Batch;
        _workers = workers;
        _weights = [.. operands.Weights.Select(weights => Matrix<T>.CopyOf(weights))];
        _weightGradients = [.. _weights.Select(weights => new Matrix<T>(weights.Rows, weights.Columns))];
        _outputs = [operands.Examples, .. _weights.Select(weights => new Matrix<T>(batch, weights.Columns))];
        _gradients = [.. _outputs.Select(outputs => new Matrix<T>(batch, outputs.Columns))];
        _gradients[^1].AsSpan().Fill(T.CreateChecked(1e-2));
    }

    /// <summary>Computes the products alone; gradients of weights are written to matrices of their own.</summary>
    public void Multiply()
    {
        Forward();
        for (int layer = _weights.Length - 1; layer >= 0; layer--)
        {
            BackwardToInput(layer);
            var options = new ProductOptions<T> { TransposeA = true };
            MatrixProduct.Multiply(_outputs[layer], _gradients[layer + 1], options, _workers, _weightGradients[layer]);
        }
    }

    /// <summary>Computes the products and adds the gradients directly to the weights: plain gradient descent.</summary>
    public void MultiplyAndUpdate()
    {
        Forward();
        for (int layer = _weights.Length - 1; layer >= 0; layer--)
        {
            BackwardToInput(layer);
            var options = new ProductOptions<T> { TransposeA = true, Alpha = -Rate, Beta = T.One };
            MatrixProduct.Multiply(_outputs[layer], _gradients[layer + 1], options, _workers, _weights[layer]);
        }
    }

    private void Forward()
    {
        for (int layer = 0; layer < _weights.Length; layer++)
        {
            if (!ChainedProduct.TryMultiply<T>(_outputs[layer], _weights[layer], default, false, _workers, _outputs[layer + 1]))
                MatrixProduct.Multiply(_outputs[layer], _weights[layer], new ProductOptions<T>(), _workers, _outputs[layer + 1]);
        }
    }

    private void BackwardToInput(int layer)
    {
        if (layer > 0)
        {
            MatrixProduct.Multiply(
                _gradients[layer + 1], _weights[layer], new ProductOptions<T> { TransposeB = true }, _workers, _gradients[layer]);
        }
    }
}
