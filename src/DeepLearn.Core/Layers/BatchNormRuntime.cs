using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Normalization;
using DeepLearn.Parameters;
using DeepLearn.Tensors;

namespace DeepLearn.Layers;

/// <summary>
/// The runtime of <see cref="BatchNorm"/>. Blocks of examples are worked on in parallel; what they sum up is put together in double, in
/// their order (Chan, Golub and LeVeque, "Updating Formulae and a Pairwise Algorithm for Computing Sample Variances", 1979).
/// </summary>
internal sealed class BatchNormRuntime<T> : LayerRuntime<T>, IFusesRelu<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _channels;
    private readonly int _positions;
    private readonly double _momentum;
    private readonly double _epsilon;
    private readonly Parameter<T> _scale;
    private readonly Parameter<T> _shift;
    private readonly Matrix<T> _mean;
    private readonly Matrix<T> _variance;

    public BatchNormRuntime(BatchNorm layer, LayerBuild build)
        : base(build.Input, build.Input)
    {
        _channels = build.Input[build.Input.Rank - 1];
        _positions = build.Input.Count / _channels;
        _momentum = layer.Momentum;
        _epsilon = layer.Epsilon;
        _scale = new(build.NameOf("scale"), ParameterRole.NormalizationScale, 1, _channels);
        _shift = new(build.NameOf("shift"), ParameterRole.NormalizationShift, 1, _channels);
        _scale.Value.AsSpan().Fill(T.One);
        _mean = new(1, _channels);
        _variance = new(1, _channels);
        _variance.AsSpan().Fill(T.One);
        Parameters = [_scale, _shift];
        Buffers = [new(build.NameOf("mean"), _mean), new(build.NameOf("variance"), _variance)];
    }

    private enum Work
    {
        Moments,
        Normalize,
        GradientSums,
        InputGradient,
    }

    public override IReadOnlyList<Parameter<T>> Parameters { get; }

    public override IReadOnlyList<StateBuffer<T>> Buffers { get; }

    public override LayerTraits Traits { get; } =
        new() { WorksInPlace = true, BackwardNeeds = BackwardNeeds.Input, KeepsOutputGradient = true };

    public override LayerWorkspace<T> CreateWorkspace(int capacity, RunMode mode, WorkerPool workers) =>
        new BatchNormWorkspace<T>(InputShape, _channels, capacity, mode, workers);

    public override void Forward(LayerInput<T> input, MatrixView<T> output, LayerWorkspace<T> workspace) =>
        Forward(input.Numbers, output, workspace, relu: false);

    public void ForwardRelu(LayerInput<T> input, MatrixView<T> output, LayerWorkspace<T> workspace) =>
        Forward(input.Numbers, output, workspace, relu: true);

    private unsafe void Forward(ReadOnlyMatrixView<T> input, MatrixView<T> output, LayerWorkspace<T> workspace, bool relu)
    {
        var space = (BatchNormWorkspace<T>)workspace;
        fixed (T* from = input.Row(0), to = output.Row(0))
        {
            var x = new ImageRows<T>(from, input.Stride);
            if (space.Mode == RunMode.Training)
            {
                Run(space, input.Rows, Work.Moments, x, default, default);
                Combine(space, input.Rows);
            }
            else
            {
                _mean.AsSpan().CopyTo(space.Mean.AsSpan());
                for (int c = 0; c < _channels; c++)
                    space.StandardDeviation[0, c] = T.CreateChecked(Math.Sqrt(double.CreateChecked(_variance[0, c]) + _epsilon));
            }
            for (int c = 0; c < _channels; c++)
                space.Factor[0, c] = _scale.Value[0, c] / space.StandardDeviation[0, c];
            Run(space, input.Rows, Work.Normalize, x, default, new ImageRows<T>(to, output.Stride), relu);
        }
    }

    public override unsafe void Backward(
        LayerInput<T> input,
        ReadOnlyMatrixView<T> output,
        MatrixView<T> outputGradient,
        MatrixView<T> inputGradient,
        GradientTargets<T> gradients,
        LayerWorkspace<T> workspace)
    {
        var space = (BatchNormWorkspace<T>)workspace;
        ReadOnlyMatrixView<T> values = input.Numbers;
        fixed (T* from = values.Row(0), derivatives = outputGradient.Row(0), to = inputGradient.IsEmpty ? default : inputGradient.Row(0))
        {
            var x = new ImageRows<T>(from, values.Stride);
            var gradient = new ImageRows<T>(derivatives, outputGradient.Stride);
            Run(space, input.Rows, Work.GradientSums, x, gradient, default);
            SumUp(space, new ExampleBlocks(input.Rows, InputShape.Count).Count);
            if (!inputGradient.IsEmpty)
            {
                SpreadGradient(space, input.Rows);
                Run(space, input.Rows, Work.InputGradient, x, gradient, new ImageRows<T>(to, inputGradient.Stride));
            }
        }
        for (int c = 0; c < _channels; c++)
        {
            T scaleGradient = T.CreateChecked(space.SecondTotal[c] / double.CreateChecked(space.StandardDeviation[0, c]));
            gradients[0].Write(c, scaleGradient);
            gradients[1].Write(c, T.CreateChecked(space.FirstTotal[c]));
        }
    }

    /// <summary>Puts the blocks' means and squares together, and takes a step of the moving averages.</summary>
    private void Combine(BatchNormWorkspace<T> space, int batch)
    {
        var blocks = new ExampleBlocks(batch, InputShape.Count);
        double[] means = space.FirstTotal, squares = space.SecondTotal;
        Array.Clear(means);
        Array.Clear(squares);
        double count = 0;
        for (int block = 0; block < blocks.Count; block++)
        {
            double added = (double)blocks.Size(block) * _positions;
            double fraction = added / (count + added), spread = count * fraction;
            ReadOnlySpan<T> blockMeans = space.Firsts.Row(block), blockSquares = space.Seconds.Row(block);
            for (int c = 0; c < _channels; c++)
            {
                double difference = double.CreateChecked(blockMeans[c]) - means[c];
                means[c] += difference * fraction;
                squares[c] += double.CreateChecked(blockSquares[c]) + (difference * difference * spread);
            }
            count += added;
        }
        for (int c = 0; c < _channels; c++)
        {
            double variance = squares[c] / count;
            space.Mean[0, c] = T.CreateChecked(means[c]);
            space.StandardDeviation[0, c] = T.CreateChecked(Math.Sqrt(variance + _epsilon));
            _mean[0, c] = T.CreateChecked((_momentum * double.CreateChecked(_mean[0, c])) + ((1 - _momentum) * means[c]));
            _variance[0, c] = T.CreateChecked((_momentum * double.CreateChecked(_variance[0, c])) + ((1 - _momentum) * variance));
        }
    }

    private void SumUp(BatchNormWorkspace<T> space, int blocks)
    {
        Array.Clear(space.FirstTotal);
        Array.Clear(space.SecondTotal);
        for (int block = 0; block < blocks; block++)
        {
            ReadOnlySpan<T> sums = space.Firsts.Row(block), products = space.Seconds.Row(block);
            for (int c = 0; c < _channels; c++)
            {
                space.FirstTotal[c] += double.CreateChecked(sums[c]);
                space.SecondTotal[c] += double.CreateChecked(products[c]);
            }
        }
    }

    /// <summary>
    /// The gradient of the input: scale / s * (g - mean(g) - (x - mean) / s^2 * mean(g (x - mean))), s the standard deviation, as factors
    /// for each channel.
    /// </summary>
    private void SpreadGradient(BatchNormWorkspace<T> space, int batch)
    {
        double count = (double)batch * _positions;
        for (int c = 0; c < _channels; c++)
        {
            double deviation = double.CreateChecked(space.StandardDeviation[0, c]);
            double factor = double.CreateChecked(_scale.Value[0, c]) / deviation;
            space.Factor[0, c] = T.CreateChecked(factor);
            space.Derivative[0, c] = T.CreateChecked(-factor * (space.SecondTotal[c] / count) / (deviation * deviation));
            space.Constant[0, c] = T.CreateChecked(-factor * (space.FirstTotal[c] / count));
        }
    }

    private unsafe void Run(
        BatchNormWorkspace<T> space,
        int batch,
        Work work,
        ImageRows<T> x,
        ImageRows<T> gradient,
        ImageRows<T> result,
        bool relu = false)
    {
        var blocks = new ExampleBlocks(batch, InputShape.Count);
        fixed (T* mean = space.Mean.AsSpan(), factor = space.Factor.AsSpan())
        fixed (T* derivative = space.Derivative.AsSpan(), constant = space.Constant.AsSpan())
        fixed (T* shift = _shift.Value.AsSpan(), firsts = space.Firsts.AsSpan(), seconds = space.Seconds.AsSpan())
        {
            var body = new Part
            {
                Work = work,
                Blocks = blocks,
                Positions = _positions,
                Channels = _channels,
                Relu = relu,
                X = x,
                Gradient = gradient,
                Result = result,
                Mean = mean,
                Factor = factor,
                Derivative = derivative,
                Constant = constant,
                Shift = shift,
                Firsts = firsts,
                Seconds = seconds,
            };
            space.Workers.Run(ref body, blocks.Count);
        }
    }

    private unsafe struct Part : IParallelBody
    {
        public required Work Work;
        public required ExampleBlocks Blocks;
        public required int Positions;
        public required int Channels;
        public required bool Relu;
        public required ImageRows<T> X;
        public required ImageRows<T> Gradient;
        public required ImageRows<T> Result;
        public required T* Mean;
        public required T* Factor;
        public required T* Derivative;
        public required T* Constant;
        public required T* Shift;
        public required T* Firsts;
        public required T* Seconds;

        public readonly void Run(int part)
        {
            int first = Blocks.First(part), size = Blocks.Size(part);
            T* firsts = Firsts + ((nint)part * Channels), seconds = Seconds + ((nint)part * Channels);
            switch (Work)
            {
                case Work.Moments:
                    ChannelKernel<T>.Moments(X, first, size, Positions, Channels, firsts, seconds);
                    break;
                case Work.Normalize:
                    ChannelKernel<T>.Normalize(X, Result, first, size, Positions, Channels, Mean, Factor, Shift, Relu);
                    break;
                case Work.GradientSums:
                    ChannelKernel<T>.GradientSums(X, Gradient, first, size, Positions, Channels, Mean, firsts, seconds);
                    break;
                default:
                    ChannelKernel<T>.InputGradient(
                        X, Gradient, Result, first, size, Positions, Channels, Mean, Factor, Derivative, Constant);
                    break;
            }
        }
    }
}
