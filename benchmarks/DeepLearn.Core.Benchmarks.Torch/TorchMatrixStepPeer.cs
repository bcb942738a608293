using System.Numerics;
using DeepLearn.Benchmarks.Steps;
using TorchSharp;

namespace DeepLearn.Benchmarks.Torch;

/// <summary>
/// The step written out in matrix operations without autograd, as fast as libtorch allows: the bias is added by the product, ReLU works in
/// place, and the product that computes a gradient adds it to the weights.
/// </summary>
internal sealed class TorchMatrixStepPeer : IStepPeer
{
    public string Name => "torch-matrices";

    public string Description => $"{TorchLibrary.Version}; addmm, relu_, log_softmax and addmm_ into the weights, no autograd";

    public string? Unavailable => TorchLibrary.Unavailable;

    public IStepRun Prepare<T>(StepOperands<T> operands, int threads)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new Run<T>(operands, threads);

    private sealed class Run<T> : IStepRun
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly int _threads;
        private readonly double _batch;
        private readonly torch.Tensor _examples;
        private readonly torch.Tensor _targets;
        private readonly torch.Tensor[] _weights;
        private readonly torch.Tensor[] _biases;
        private readonly torch.Tensor[] _activations;

        public Run(StepOperands<T> operands, int threads)
        {
            _threads = threads;
            _batch = operands.Case.Batch;
            _examples = TorchLibrary.TensorOf(operands.Examples);
            _weights = [.. operands.Weights.Select(TorchLibrary.TensorOf)];
            _biases = [.. operands.Weights.Select(weights => torch.zeros(weights.Columns, dtype: _examples.dtype))];
            _activations = new torch.Tensor[_weights.Length];
            using torch.Tensor labels = torch.tensor([.. operands.Labels.Select(label => (long)label)], torch.ScalarType.Int64);
            using torch.Tensor oneHot = torch.nn.functional.one_hot(labels, operands.Case.Widths[^1]);
            _targets = oneHot.to(_examples.dtype);
        }

        public double Loss { get; private set; }

        public void Before() => torch.set_num_threads(_threads);

        public void Step()
        {
            const float Rate = (float)StepOperands<T>.LearningRate;
            using IDisposable mode = torch.no_grad();
            using DisposeScope scope = torch.NewDisposeScope();
            torch.Tensor input = _examples;
            for (int layer = 0; layer < _weights.Length; layer++)
            {
                _activations[layer] = input;
                input = torch.addmm(_biases[layer], input, _weights[layer], 1, 1);
                if (layer + 1 < _weights.Length)
                    input.relu_();
            }
            torch.Tensor logarithms = input.log_softmax(1);
            Loss = -(logarithms * _targets).sum().ToDouble() / _batch;
            torch.Tensor gradient = logarithms.exp_().sub_(_targets).div_(_batch);
            for (int layer = _weights.Length - 1; layer >= 0; layer--)
            {
                torch.Tensor? inputGradient = layer == 0 ? null : gradient.mm(_weights[layer].t()).mul_(_activations[layer].gt(0));
                _weights[layer].addmm_(_activations[layer].t(), gradient, 1, -Rate);
                _biases[layer].sub_(gradient.sum(0, false).mul_(Rate));
                gradient = inputGradient!;
            }
        }

        public void Dispose()
        {
            foreach (torch.Tensor tensor in (torch.Tensor[])[_examples, _targets, .. _weights, .. _biases])
                tensor.Dispose();
        }
    }
}
