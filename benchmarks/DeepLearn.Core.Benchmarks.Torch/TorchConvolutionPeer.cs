using System.Numerics;
using DeepLearn.Benchmarks.Convolutions;
using TorchSharp;

namespace DeepLearn.Benchmarks.Torch;

/// <summary>
/// <c>conv2d</c> in one of the two layouts of images, channels last or channels first. Autograd computes the gradients, each on its own, on
/// a graph that is kept.
/// </summary>
internal sealed class TorchConvolutionPeer(bool channelsLast) : IConvolutionPeer
{
    public string Name => channelsLast ? "torch-nhwc" : "torch-nchw";

    public string Description =>
        $"{TorchLibrary.Version}; conv2d, {(channelsLast ? "channels last" : "planes of channels")}; autograd; SGD";

    public string? Unavailable => TorchLibrary.Unavailable;

    public IConvolutionRun Prepare<T>(ConvolutionOperands<T> operands, int threads)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new Run<T>(operands, channelsLast, threads);

    public INetworkRun Prepare<T>(NetworkOperands<T> operands, int threads)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new TorchNetwork<T>(operands, channelsLast, threads);

    private sealed class Run<T> : IConvolutionRun
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly ConvolutionCase _case;
        private readonly int _threads;
        private readonly DisposeScope _scope = torch.NewDisposeScope();
        private readonly torch.Tensor _input;
        private readonly torch.Tensor _weights;
        private readonly torch.Tensor _gradient;
        private readonly torch.Tensor _ofInput;
        private readonly torch.Tensor _ofWeights;
        private readonly torch.Tensor _throughInput;
        private readonly torch.Tensor _throughWeights;
        private torch.Tensor? _result;

        public Run(ConvolutionOperands<T> operands, bool channelsLast, int threads)
        {
            (_case, _threads) = (operands.Case, threads);
            torch.set_num_threads(threads);
            int side = _case.Geometry.Vertical.Output, kernel = _case.Kernel, channels = _case.Channels / _case.Groups;
            _input = TorchLayout.Images(operands.Input, _case.Image, _case.Image, _case.Channels, channelsLast);
            _gradient = TorchLayout.Images(operands.OutputGradient, side, side, _case.Filters, channelsLast);
            _weights = TorchLayout.Kernels(operands.Weights, kernel, kernel, channels, channelsLast);
            _ofInput = _input.clone().requires_grad_();
            _ofWeights = _weights.clone().requires_grad_();
            _throughInput = Convolve(_ofInput, _weights);
            _throughWeights = Convolve(_input, _ofWeights);
        }

        public void Before() => torch.set_num_threads(_threads);

        public void Forward()
        {
            using IDisposable mode = torch.no_grad();
            Keep(Convolve(_input, _weights));
        }

        public void WeightGradient() => Keep(torch.autograd.grad([_throughWeights], [_ofWeights], [_gradient], retain_graph: true)[0]);

        public void InputGradient() => Keep(torch.autograd.grad([_throughInput], [_ofInput], [_gradient], retain_graph: true)[0]);

        public double[] Result(string pass)
        {
            // Converts back to images [batch, height, width, channels] and weights [row, column, channel, filter].
            using torch.Tensor ours = pass == ConvolutionRatio.WeightGradient
                ? _result!.permute(2, 3, 1, 0).contiguous() : _result!.permute(0, 2, 3, 1).contiguous();
            return [.. ours.data<T>().ToArray().Select(double.CreateChecked)];
        }

        public void Dispose()
        {
            _result?.Dispose();
            _scope.Dispose();
        }

        private torch.Tensor Convolve(torch.Tensor input, torch.Tensor weights) => torch.nn.functional.conv2d(
            input,
            weights,
            null,
            [_case.Stride, _case.Stride],
            [_case.Padding, _case.Padding],
            [1, 1],
            _case.Groups);

        private void Keep(torch.Tensor result)
        {
            _result?.Dispose();
            _result = result.DetachFromDisposeScope();
        }
    }
}
