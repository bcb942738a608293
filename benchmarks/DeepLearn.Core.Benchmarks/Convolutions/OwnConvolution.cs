using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Convolution;
using DeepLearn.Tensors;

namespace DeepLearn.Benchmarks.Convolutions;

/// <summary>Our passes, as the layer calls them.</summary>
internal sealed class OwnConvolution<T> : IConvolutionRun
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ConvolutionOperands<T> _operands;
    private readonly WorkerPool _workers;
    private readonly ImageConvolution<T> _convolution;
    private readonly ConvolutionScratch<T> _scratch;
    private readonly Matrix<T> _output;
    private readonly Matrix<T> _weightGradient;
    private readonly Matrix<T> _inputGradient;

    /// <summary>Prepares the passes.</summary>
    /// <param name="operands">The operands.</param>
    /// <param name="workers">The threads.</param>
    /// <param name="largestTile">The largest allowed tile; by default that of the layer's default.</param>
    public OwnConvolution(ConvolutionOperands<T> operands, WorkerPool workers, int largestTile = 4)
    {
        (_operands, _workers) = (operands, workers);
        _convolution = new(operands.Case.Geometry, largestTile);
        _scratch = _convolution.CreateScratch(operands.Case.Batch, trains: true, workers.Threads);
        _output = new(operands.Case.Batch, _convolution.Geometry.OutputCount);
        _weightGradient = new(operands.Weights.Rows, operands.Weights.Columns);
        _inputGradient = new(operands.Case.Batch, _convolution.Geometry.InputCount);
    }

    /// <summary>The algorithm of the outputs.</summary>
    public string Algorithm => _convolution.Tile == 0 ? "direct" : $"F({_convolution.Tile}x{_convolution.Tile})";

    public void Before()
    {
    }

    public void Forward() =>
        _convolution.Forward(new(_operands.Input, _operands.Weights, _output), _scratch, _workers);

    public void WeightGradient() => _convolution.WeightGradient(
        _operands.Input, _operands.OutputGradient, T.One, T.Zero, _weightGradient, default, _scratch, _workers);

    public void InputGradient() =>
        _convolution.InputGradient(_operands.OutputGradient, _operands.Weights, _inputGradient, _scratch, _workers);

    public double[] Result(string pass)
    {
        Matrix<T> result = pass == ConvolutionRatio.Forward ? _output
            : pass == ConvolutionRatio.WeightGradient ? _weightGradient : _inputGradient;
        return [.. result.AsSpan().ToArray().Select(double.CreateChecked)];
    }

    public void Dispose()
    {
    }
}
