using System.Numerics;
using DeepLearn.Benchmarks.Convolutions;
using DeepLearn.Layers;
using DeepLearn.Parameters;
using DeepLearn.Tensors;
using TorchSharp;
using Parameter = TorchSharp.Modules.Parameter;
using SGD = TorchSharp.Modules.SGD;

namespace DeepLearn.Benchmarks.Torch;

/// <summary>One of our networks, translated layer by layer to functions of libtorch, with autograd and <c>optim.SGD</c>.</summary>
internal sealed class TorchNetwork<T> : INetworkRun
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _threads;
    private readonly bool _channelsLast;
    private readonly DisposeScope _scope = torch.NewDisposeScope();
    private readonly torch.Tensor _images;
    private readonly torch.Tensor _labels;
    private readonly List<Parameter> _parameters = [];
    private readonly Queue<Parameter<T>> _ours;
    private readonly Func<torch.Tensor, torch.Tensor> _network;
    private readonly SGD _optimizer;
    private bool _trains;

    public TorchNetwork(NetworkOperands<T> operands, bool channelsLast, int threads)
    {
        (_threads, _channelsLast) = (threads, channelsLast);
        torch.set_num_threads(threads);
        Shape image = NetworkCase.Image;
        _images = TorchLayout.Images(operands.Images, image[0], image[1], image[2], channelsLast);
        _labels = torch.tensor([.. operands.Labels.Select(label => (long)label)], torch.ScalarType.Int64);
        _ours = new(operands.Build().Parameters);
        _network = Translate(operands.Case.Network, image);
        _optimizer = torch.optim.SGD(_parameters, NetworkOperands<T>.LearningRate);
    }

    public double Loss { get; private set; }

    public void Before() => torch.set_num_threads(_threads);

    public void Step()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        _trains = true;
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
        _trains = false;
        _network(_images);
    }

    public void Dispose()
    {
        _optimizer.Dispose();
        _scope.Dispose();
    }

    private Func<torch.Tensor, torch.Tensor> Translate(Layer layer, Shape input)
    {
        switch (layer)
        {
            case Sequential sequence:
                List<Func<torch.Tensor, torch.Tensor>> inner = [];
                foreach (Layer each in sequence.Layers)
                {
                    inner.Add(Translate(each, input));
                    input = each.OutputShape(input);
                }
                return x => inner.Aggregate(x, (value, function) => function(value));
            case Residual residual:
                Func<torch.Tensor, torch.Tensor> branch = Translate(residual.Branch, input);
                return x => branch(x).add(x);
            case Convolution2D convolution:
                return Convolution(convolution, input[2]);
            case BatchNorm norm:
                Parameter? scale = norm.HasScale ? Vector() : null;
                Parameter shift = Vector();
                torch.Tensor mean = torch.zeros_like(shift), variance = torch.ones_like(shift);
                return x => torch.nn.functional.batch_norm(x, mean, variance, scale, shift, _trains, 1 - norm.Momentum, norm.Epsilon);
            case Dense dense:
                Matrix<T> weights = _ours.Dequeue().Value;
                Parameter matrix = Add(TorchLibrary.TensorOf(weights).t().contiguous());
                Parameter? biases = dense.HasBiases ? Vector() : null;
                return x => torch.nn.functional.linear(x, matrix, biases);
            case Relu:
                return x => x.relu_();
            case Gelu:
                return torch.nn.functional.gelu;
            case MaxPool pool:
                return x => torch.nn.functional.max_pool2d(x, [pool.Window.Height, pool.Window.Width]);
            case Flatten when input[0] == 1 && input[1] == 1:
                return x => x.flatten(1);
            case GlobalAveragePool:
                return x => x.mean([2, 3]);
            default:
                throw new NotSupportedException($"There is no {layer.Kind} here.");
        }
    }

    private Func<torch.Tensor, torch.Tensor> Convolution(Convolution2D layer, int channels)
    {
        Matrix<T> ours = _ours.Dequeue().Value;
        Parameter weights = Add(
            TorchLayout.Kernels(ours, layer.Kernel.Height, layer.Kernel.Width, channels / layer.Groups, _channelsLast));
        Parameter? biases = layer.HasBiases ? Vector() : null;
        return x => torch.nn.functional.conv2d(
            x,
            weights,
            biases,
            [layer.Stride.Height, layer.Stride.Width],
            [layer.Padding.Height, layer.Padding.Width],
            [layer.Dilation.Height, layer.Dilation.Width],
            layer.Groups);
    }

    /// <summary>Our next parameter, which is a vector.</summary>
    private Parameter Vector() => Add(TorchLibrary.TensorOf(_ours.Dequeue().Value).reshape(-1));

    private Parameter Add(torch.Tensor value)
    {
        var parameter = new Parameter(value);
        _parameters.Add(parameter);
        return parameter;
    }
}
