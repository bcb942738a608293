using System.Numerics;
using DeepLearn.Kernels.Gemm;
using DeepLearn.Kernels.Reductions;
using DeepLearn.Parameters;
using DeepLearn.Tensors;

namespace DeepLearn.Layers;

/// <summary>
/// The runtime of <see cref="Dense"/>. Bias and a ReLU that follows are the end of the one matrix product; the gradient of the
/// weights is one product too, which gradient descent may have accumulate straight into them.
/// </summary>
internal sealed class DenseRuntime<T> : LayerRuntime<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Parameter<T> _weights;
    private readonly Parameter<T>? _biases;
    private bool _relu;

    public DenseRuntime(Dense layer, LayerBuild build)
        : base(build.Input, layer.OutputShape(build.Input))
    {
        int inputs = build.Input.Count;
        _weights = new(build.NameOf("weights"), ParameterRole.Weights, inputs, layer.Units) { HonorsTarget = true };
        layer.Weights.Fill(inputs, layer.Units, build.Key.Derive("weights"), _weights.Value.View);
        Parameters = [_weights];
        if (layer.HasBiases)
        {
            _biases = new(build.NameOf("biases"), ParameterRole.Biases, 1, layer.Units) { HonorsTarget = true };
            layer.Biases.Fill(inputs, layer.Units, build.Key.Derive("biases"), _biases.Value.View);
            Parameters = [_weights, _biases];
        }
    }

    public override IReadOnlyList<Parameter<T>> Parameters { get; }

    public override BackwardNeeds BackwardNeeds => BackwardNeeds.Input;

    public override bool KeepsOutputGradient => true;

    public override bool TakesBytes => true;

    public override bool TryAbsorb(LayerRuntime<T> next) => _relu = next.IsRelu;

    public override void Forward(ReadOnlyMatrixView<T> input, MatrixView<T> output, LayerWorkspace<T> workspace)
    {
        ReadOnlySpan<T> bias = _biases is null ? default : _biases.Value.AsSpan();
        if (workspace.Mode == RunMode.Training
            && ChainedProduct.TryMultiply(input, _weights.Value, bias, _relu, workspace.Workers, output))
        {
            return;
        }
        MatrixProduct.Multiply(input, _weights.Value, new ProductOptions<T> { Bias = bias, Relu = _relu }, workspace.Workers, output);
    }

    public override void Backward(
        ReadOnlyMatrixView<T> input,
        ReadOnlyMatrixView<T> output,
        MatrixView<T> outputGradient,
        MatrixView<T> inputGradient,
        LayerWorkspace<T> workspace)
    {
        // The input's gradient comes first: it needs the weights as they were, and the weights' own may be accumulated into them.
        if (!inputGradient.IsEmpty)
        {
            var transposed = new ProductOptions<T> { TransposeB = true };
            MatrixProduct.Multiply(outputGradient, _weights.Value, transposed, workspace.Workers, inputGradient);
        }
        GradientTarget<T> target = _weights.Target;
        var options = new ProductOptions<T> { TransposeA = true, Alpha = target.Scale, Beta = target.Keep };
        MatrixProduct.Multiply(input, outputGradient, options, workspace.Workers, target.Destination);
        AddUpBiases(outputGradient);
    }

    public override void Forward(in ByteRows<T> input, MatrixView<T> output, LayerWorkspace<T> workspace)
    {
        ReadOnlySpan<T> bias = _biases is null ? default : _biases.Value.AsSpan();
        if (workspace.Mode == RunMode.Training
            && ChainedProduct.TryMultiply(input, _weights.Value, bias, _relu, workspace.Workers, output))
        {
            return;
        }
        MatrixProduct.Multiply(input, _weights.Value, new ProductOptions<T> { Bias = bias, Relu = _relu }, workspace.Workers, output);
    }

    public override void Backward(
        in ByteRows<T> input, ReadOnlyMatrixView<T> output, MatrixView<T> outputGradient, LayerWorkspace<T> workspace)
    {
        GradientTarget<T> target = _weights.Target;
        var options = new ProductOptions<T> { TransposeA = true, Alpha = target.Scale, Beta = target.Keep };
        MatrixProduct.Multiply(input, outputGradient, options, workspace.Workers, target.Destination);
        AddUpBiases(outputGradient);
    }

    private void AddUpBiases(ReadOnlyMatrixView<T> outputGradient)
    {
        if (_biases is null)
            return;
        GradientTarget<T> target = _biases.Target;
        ColumnReductions.Sum(outputGradient, target.Scale, target.Keep, target.Destination.Row(0));
    }
}
