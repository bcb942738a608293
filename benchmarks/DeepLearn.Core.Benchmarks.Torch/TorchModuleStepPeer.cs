using System.Numerics;
using DeepLearn.Benchmarks.Steps;
using TorchSharp;
using TorchSharp.Modules;

namespace DeepLearn.Benchmarks.Torch;

/// <summary>The step as PyTorch's own examples write it: built-in modules, autograd, <c>optim.SGD</c> or <c>optim.Adam</c>.</summary>
internal sealed class TorchModuleStepPeer : IStepPeer
{
    public string Name => "torch-modules";

    public string Description =>
        $"{TorchLibrary.Version}; Linear and ReLU modules, CrossEntropyLoss, autograd, optim.SGD, or optim.Adam with weight decay";

    public string? Unavailable => TorchLibrary.Unavailable;

    public bool Takes(StepCase stepCase) => true;

    public IStepRun Prepare<T>(StepOperands<T> operands, int threads)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new Run<T>(operands, threads);

    private sealed class Run<T> : IStepRun
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly int _threads;
        private readonly torch.Tensor _examples;
        private readonly torch.Tensor _labels;
        private readonly Sequential _model;
        private readonly CrossEntropyLoss _loss = torch.nn.CrossEntropyLoss();
        private readonly torch.optim.Optimizer _optimizer;

        public Run(StepOperands<T> operands, int threads)
        {
            _threads = threads;
            _examples = TorchLibrary.TensorOf(operands.Examples);
            _labels = torch.tensor([.. operands.Labels.Select(label => (long)label)], torch.ScalarType.Int64);
            List<torch.nn.Module<torch.Tensor, torch.Tensor>> modules = [];
            List<Parameter> weightsOf = [], biasesOf = [];
            foreach (Tensors.Matrix<T> weights in operands.Weights)
            {
                if (modules.Count > 0)
                    modules.Add(torch.nn.ReLU());
                Linear linear = torch.nn.Linear(weights.Rows, weights.Columns, dtype: _examples.dtype);
                using (torch.no_grad())
                {
                    using torch.Tensor initial = TorchLibrary.TensorOf(weights);
                    linear.weight.copy_(initial.t());
                    linear.bias!.zero_();
                }
                modules.Add(linear);
                weightsOf.Add(linear.weight);
                biasesOf.Add(linear.bias!);
            }
            _model = torch.nn.Sequential(modules);
            _model.train();
            _optimizer = operands.Case.UsesAdam
                ? torch.optim.Adam([Group(weightsOf, 2 * StepCase.Lambda), Group(biasesOf, 0)], StepOperands<T>.AdaptiveRate)
                : torch.optim.SGD(_model.parameters(), StepOperands<T>.LearningRate);

            // The penalty lambda |W|^2 has the gradient 2 lambda W, and spares the biases.
            static Adam.ParamGroup Group(List<Parameter> parameters, double decay) =>
                new(parameters, StepOperands<T>.AdaptiveRate, beta1: 0.9, beta2: 0.999, eps: 1e-8, weight_decay: decay);
        }

        public double Loss { get; private set; }

        public void Before() => torch.set_num_threads(_threads);

        public void Step()
        {
            using DisposeScope scope = torch.NewDisposeScope();
            _optimizer.zero_grad();
            torch.Tensor loss = _loss.forward(_model.forward(_examples), _labels);
            loss.backward();
            _optimizer.step();
            Loss = loss.ToDouble();
        }

        public void Dispose()
        {
            _optimizer.Dispose();
            _model.Dispose();
            _loss.Dispose();
            _examples.Dispose();
            _labels.Dispose();
        }
    }
}
