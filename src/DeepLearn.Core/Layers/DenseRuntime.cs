using System.Numerics;
using DeepLearn.Kernels.Gemm;
using DeepLearn.Kernels.Reductions;
using DeepLearn.Parameters;
using DeepLearn.Tensors;

namespace DeepLearn.Layers;

/// <summary>
/// The runtime of <see cref="Dense"/>. Bias and a ReLU that follows are the end of the one matrix product; the gradient of the weights is
/// one product too, which gradient descent may have accumulate straight into them.
/// </summary>
internal sealed class DenseRuntime<T> : LayerRuntime<T>, IFusesRelu<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Parameter<T> _weights;
    private readonly Parameter<T>? _biases;

    public DenseRuntime(Dense layer, LayerBuild build)
        : base(build.Input, layer.OutputShape(build.Input))
    {
        int inputs = build.Input.Count;
        _weights = new(build.NameOf("weights"), ParameterRole.Weights, inputs, layer.Units);
        layer.Weights.Fill(inputs, layer.Units, build.Key.Derive("weights"), _weights.Value.View);
        Parameters = [_weights];
        if (layer.HasBiases)
        {
            _biases = new(build.NameOf("biases"), ParameterRole.Biases, 1, layer.Units);
            layer.Biases.Fill(inputs, layer.Units, build.Key.Derive("biases"), _biases.Value.View);
            Parameters = [_weights, _biases];
        }
    }

    public override IReadOnlyList<Parameter<T>> Parameters { get; }

    public override LayerTraits Traits { get; } =
        new() { BackwardNeeds = BackwardNeeds.Input, KeepsOutputGradient = true, ReadsBytes = true };

    public override void Forward(LayerInput<T> input, MatrixView<T> output, LayerWorkspace<T> workspace) =>
        Forward(input, output, workspace, relu: false);

    public void ForwardRelu(LayerInput<T> input, MatrixView<T> output, LayerWorkspace<T> workspace) =>
        Forward(input, output, workspace, relu: true);

    public override void Backward(
        LayerInput<T> input,
        ReadOnlyMatrixView<T> output,
        MatrixView<T> outputGradient,
        MatrixView<T> inputGradient,
        GradientTargets<T> gradients,
        LayerWorkspace<T> workspace)
    {
        // The input's gradient comes first: it needs the weights as they were, and the weights' own may be accumulated into them.
        if (!inputGradient.IsEmpty)
        {
            var transposed = new ProductOptions<T> { TransposeB = true };
            MatrixProduct.Multiply(outputGradient, _weights.Value, transposed, workspace.Workers, inputGradient);
        }
        ref readonly GradientTarget<T> weights = ref gradients[0];
        if (weights.IsWanted)
        {
            var options = new ProductOptions<T> { TransposeA = true, Alpha = weights.Scale, Beta = weights.Keep };
            MatrixProduct.Multiply(input, outputGradient, options, workspace.Workers, weights.Destination.View);
        }
        if (_biases is not null && gradients[1].IsWanted)
        {
            ref readonly GradientTarget<T> biases = ref gradients[1];
            ColumnReductions.Sum(outputGradient, biases.Scale, biases.Keep, biases.Destination.AsSpan());
        }
    }

    private void Forward(LayerInput<T> input, MatrixView<T> output, LayerWorkspace<T> workspace, bool relu)
    {
        ReadOnlySpan<T> bias = _biases is null ? default : _biases.Value.AsSpan();
        if (workspace.Mode == RunMode.Training && ChainedProduct.TryMultiply(input, _weights.Value, bias, relu, workspace.Workers, output))
            return;
        MatrixProduct.Multiply(input, _weights.Value, new ProductOptions<T> { Bias = bias, Relu = relu }, workspace.Workers, output);
    }
}
