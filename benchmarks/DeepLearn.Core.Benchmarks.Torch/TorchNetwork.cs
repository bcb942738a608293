using System.Numerics;
using DeepLearn.Benchmarks.Convolutions;
using DeepLearn.Tensors;
using TorchSharp;
using SGD = TorchSharp.Modules.SGD;

namespace DeepLearn.Benchmarks.Torch;

/// <summary>One of our networks, translated layer by layer to functions of libtorch, with autograd and <c>optim.SGD</c>.</summary>
internal sealed class TorchNetwork<T> : INetworkRun
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _threads;
    private readonly DisposeScope _scope = torch.NewDisposeScope();
    private readonly torch.Tensor _images;
    private readonly torch.Tensor _labels;
    private readonly TorchTranslation<T> _translation;
    private readonly Func<torch.Tensor, torch.Tensor> _network;
    private readonly SGD _optimizer;

    public TorchNetwork(NetworkOperands<T> operands, bool channelsLast, int threads)
    {
        _threads = threads;
        torch.set_num_threads(threads);
        Shape image = NetworkCase.Image;
        _images = TorchLayout.Images(operands.Images, image[0], image[1], image[2], channelsLast);
        _labels = torch.tensor([.. operands.Labels.Select(label => (long)label)], torch.ScalarType.Int64);
        _translation = new(operands.Build().Parameters, channelsLast);
        _network = _translation.Translate(operands.Case.Network, image);
        _optimizer = torch.optim.SGD(_translation.Parameters, NetworkOperands<T>.LearningRate);
    }

    public double Loss { get; private set; }

    public void Before() => torch.set_num_threads(_threads);

    public void Step()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        _translation.Trains = true;
        _optimizer.zero_grad();
        torch.Tensor loss = torch.nn.functional.cross_entropy(_network(_images), _labels);
        loss.backward();
        _optimizer.step();
        Loss = loss.ToDouble();
    }

    public void Predict()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable mode = torch.no_grad();
        _translation.Trains = false;
        _network(_images);
    }

    public void Dispose()
    {
        _optimizer.Dispose();
        _scope.Dispose();
    }
}
