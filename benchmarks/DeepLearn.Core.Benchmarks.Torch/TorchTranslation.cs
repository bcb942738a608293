using System.Numerics;
using DeepLearn.Layers;
using DeepLearn.Parameters;
using DeepLearn.Tensors;
using TorchSharp;
using Parameter = TorchSharp.Modules.Parameter;

namespace DeepLearn.Benchmarks.Torch;

/// <summary>Translates one of our networks layer by layer to functions of libtorch, with copies of our weights.</summary>
/// <param name="ours">Our parameters, in the order of the layers.</param>
/// <param name="channelsLast">Whether kernels are stored channels last.</param>
internal sealed class TorchTranslation<T>(IEnumerable<Parameter<T>> ours, bool channelsLast)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly List<Parameter> _parameters = [];
    private readonly Queue<Parameter<T>> _ours = new(ours);

    /// <summary>The parameters of what has been translated.</summary>
    public IReadOnlyList<Parameter> Parameters => _parameters;

    /// <summary>Whether normalizations take the statistics of the batch, and note them.</summary>
    public bool Trains { get; set; }

    /// <summary>The function of a layer, or of a network.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="input">The shape of an example that it takes.</param>
    public Func<torch.Tensor, torch.Tensor> Translate(Layer layer, Shape input)
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
                return x => torch.nn.functional.batch_norm(x, mean, variance, scale, shift, Trains, 1 - norm.Momentum, norm.Epsilon);
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
            TorchLayout.Kernels(ours, layer.Kernel.Height, layer.Kernel.Width, channels / layer.Groups, channelsLast));
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
