using DeepLearn.Benchmarks.Predictions;
using TorchSharp;

namespace DeepLearn.Benchmarks.Torch;

/// <summary>libtorch without gradients, images channels last. Each call makes a tensor for its result, as its users do.</summary>
internal sealed class TorchPredictionPeer : IPredictionPeer
{
    public string Name => "torch";

    public string Library => "libtorch";

    public string Description => $"{TorchLibrary.Version}; functions, images channels last, in inference mode";

    public string? Unavailable => TorchLibrary.Unavailable;

    // OpenMP's threads are told to stop soon: the usual pause will do.
    public TimeSpan Spins => TimeSpan.Zero;

    public IPredictionRun Prepare(PredictionOperands operands, int threads) => new Run(operands, threads);

    private sealed class Run : IPredictionRun
    {
        private readonly int _threads;
        private readonly DisposeScope _scope = torch.NewDisposeScope();
        private readonly torch.Tensor _examples;
        private readonly Func<torch.Tensor, torch.Tensor> _network;
        private torch.Tensor? _result;

        public Run(PredictionOperands operands, int threads)
        {
            _threads = threads;
            torch.set_num_threads(threads);
            Tensors.Shape input = operands.Case.Input;
            _examples = input.Rank == 3
                ? TorchLayout.Images(operands.Examples, input[0], input[1], input[2], channelsLast: true)
                : TorchLibrary.TensorOf(operands.Examples);
            _network = new TorchTranslation<float>(operands.Model.Parameters, channelsLast: true).Translate(operands.Case.Network, input);
        }

        public ReadOnlySpan<float> Outputs => _result!.contiguous().data<float>().ToArray();

        public void Before() => torch.set_num_threads(_threads);

        public void Predict()
        {
            _result?.Dispose();
            using DisposeScope scope = torch.NewDisposeScope();
            using IDisposable mode = torch.inference_mode();
            _result = _network(_examples).MoveToOuterDisposeScope();
        }

        public void Dispose() => _scope.Dispose();
    }
}
