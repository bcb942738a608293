using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Simd;
using DeepLearn.Tensors;

namespace DeepLearn.Kernels.Normalization;

/// <summary>
/// Batch normalization (Ioffe and Szegedy, "Batch Normalization: Accelerating Deep Network Training by Reducing Internal Covariate Shift",
/// 2015): <c>y = (x - mean) / sqrt(variance + epsilon) * scale + shift</c>, with the mean and variance of each channel over all examples
/// and positions.
/// </summary>
/// <remarks>
/// <para>An example is a row of a matrix: positions, each with its channels side by side; an example without positions has one. The
/// variance is the population's, divided by the count. Threads work on blocks of examples; the sums of the blocks are combined in double
/// precision, in order (Chan, Golub and LeVeque, "Updating Formulae and a Pairwise Algorithm for Computing Sample Variances", 1979). The
/// blocks depend on shape and batch size alone, so results are reproducible bit for bit, at any vector width and on any number of
/// threads.</para>
/// <para>The matrices and spans of a pass belong to the caller. This object serves one caller at a time: it keeps the statistics of the
/// last forward pass and the sums of blocks. A pass allocates nothing.</para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class BatchNormalization<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _positions;
    private readonly int _channels;
    private readonly int _capacity;
    private readonly ChannelStatistics<T> _statistics;
    private readonly MomentsFollower<T> _follower;
    private int _batch;

    /// <summary>Creates the memory of one caller's passes.</summary>
    /// <param name="positions">The positions of an example, at least 1.</param>
    /// <param name="channels">The channels of a position, at least 1.</param>
    /// <param name="epsilon">What is added to the variance, finite and above 0.</param>
    /// <param name="capacity">The most examples of a pass, at least 1.</param>
    /// <param name="trains">
    /// Whether batches are normalized by their own statistics; otherwise only <see cref="Apply"/> can be called.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range, or an example is too large for an array.</exception>
    public BatchNormalization(int positions, int channels, double epsilon, int capacity, bool trains)
    {
        NormalizationOperands.CheckOptions(positions, channels, epsilon, capacity);
        (_positions, _channels, _capacity) = (positions, channels, capacity);
        int blocks = trains ? new ExampleBlocks(capacity, Features).Count : 0;
        _statistics = new(blocks, channels, epsilon);
        _follower = new(blocks, positions, channels, _statistics);
    }

    /// <summary>The mean of each channel in the last <see cref="Forward"/>, <c>[channels]</c>; before it, zeros.</summary>
    public ReadOnlySpan<double> Means => _statistics.Means;

    /// <summary>The variance of each channel in the last <see cref="Forward"/>, <c>[channels]</c>; before it, zeros.</summary>
    public ReadOnlySpan<double> Variances => _statistics.Variances;

    /// <summary>The bytes of memory held here.</summary>
    public long MemoryInBytes => _statistics.MemoryInBytes + _follower.MemoryInBytes;

    private int Features => _positions * _channels;

    /// <summary>
    /// Begins to take the statistics of a batch that a pass is about to write, while it writes them: the caller gives the follower to that
    /// pass, and the results to <see cref="Forward"/> next, which then reads them only once more. The bits are those of
    /// <see cref="Forward"/> alone. What the pass did not report <see cref="Forward"/> takes itself.
    /// </summary>
    /// <param name="batch">The number of examples that the pass will write, at least one.</param>
    /// <returns>Who is to be told of what has been written; the same object each time.</returns>
    /// <exception cref="ArgumentException">The batch is empty or exceeds the capacity.</exception>
    /// <exception cref="InvalidOperationException">The object was not made for training.</exception>
    public IOutputFollower<T> Follow(int batch)
    {
        CheckBatch(batch, nameof(batch));
        _follower.Begin(batch);
        return _follower;
    }

    /// <summary>Normalizes a batch by its own statistics, which are kept for <see cref="Backward"/>.</summary>
    /// <param name="input">The examples, <c>[batch, positions * channels]</c>, at least one.</param>
    /// <param name="scale">A factor for each channel, <c>[channels]</c>.</param>
    /// <param name="shift">A summand for each channel, <c>[channels]</c>.</param>
    /// <param name="relu">Whether results below 0 become 0.</param>
    /// <param name="output">Receives the results; it has the input's shape, and may be the input's memory.</param>
    /// <param name="workers">The threads.</param>
    /// <exception cref="ArgumentException">
    /// An operand has another shape, the batch is empty or exceeds the capacity, or memory is shared in part. Nothing has been written
    /// then.
    /// </exception>
    /// <exception cref="InvalidOperationException">The object was not made for training.</exception>
    public void Forward(
        ReadOnlyMatrixView<T> input,
        ReadOnlySpan<T> scale,
        ReadOnlySpan<T> shift,
        bool relu,
        MatrixView<T> output,
        WorkerPool workers)
    {
        ArgumentNullException.ThrowIfNull(workers);
        NormalizationOperands.CheckForward(input, Features, scale, shift, _channels, output);
        CheckBatch(input.Rows, nameof(input));
        _batch = input.Rows;
        if (!_follower.TakeAll(input.Rows))
            Run(ChannelWork.Moments, input, default, default, false, workers);
        _statistics.Combine(new(input.Rows, Features), _positions);
        if (!_statistics.AreFinite)
            _statistics.TakeInDouble(input);
        Normalize(input, scale, shift, relu, output, workers);
    }

    /// <summary>Normalizes a batch by given statistics, as a trained network does when it predicts.</summary>
    /// <param name="input">The examples, <c>[batch, positions * channels]</c>.</param>
    /// <param name="mean">The mean of each channel, <c>[channels]</c>.</param>
    /// <param name="variance">The variance of each channel, <c>[channels]</c>.</param>
    /// <param name="scale">A factor for each channel, <c>[channels]</c>.</param>
    /// <param name="shift">A summand for each channel, <c>[channels]</c>.</param>
    /// <param name="relu">Whether results below 0 become 0.</param>
    /// <param name="output">Receives the results; it has the input's shape, and may be the input's memory.</param>
    /// <param name="workers">The threads.</param>
    /// <exception cref="ArgumentException">
    /// An operand has another shape, or memory is shared in part. Nothing has been written then.
    /// </exception>
    public void Apply(
        ReadOnlyMatrixView<T> input,
        ReadOnlySpan<T> mean,
        ReadOnlySpan<T> variance,
        ReadOnlySpan<T> scale,
        ReadOnlySpan<T> shift,
        bool relu,
        MatrixView<T> output,
        WorkerPool workers)
    {
        ArgumentNullException.ThrowIfNull(workers);
        NormalizationOperands.CheckForward(input, Features, scale, shift, _channels, output);
        ShapeGuard.Require(mean, _channels);
        ShapeGuard.Require(variance, _channels);
        MatrixGuard.CheckApart(mean, output);
        MatrixGuard.CheckApart(variance, output);
        _batch = 0;
        _statistics.Take(mean, variance);
        Normalize(input, scale, shift, relu, output, workers);
    }

    /// <summary>
    /// Computes the gradients for the batch that <see cref="Forward"/> normalized last. They include the way through the batch's
    /// statistics.
    /// </summary>
    /// <remarks>
    /// With s the standard deviation, the gradient of the input is <c>scale / s * (g - mean(g) - (x - mean) / s^2 * mean(g * (x -
    /// mean)))</c>, that of the scale is the sum of <c>g * (x - mean) / s</c>, and that of the shift is the sum of g. If a ReLU was fused,
    /// g is the gradient before the ReLU: either the caller has set it to 0 where the result was not above 0; or that is done here, where
    /// the result is computed again from the input, so that two passes over memory are saved. The bits are the same.
    /// </remarks>
    /// <param name="operands">What is read and written.</param>
    /// <param name="relu">Whether the gradient is that behind a fused ReLU: it counts as 0 where the result was not above 0.</param>
    /// <param name="workers">The threads.</param>
    /// <exception cref="ArgumentException">
    /// An operand has another shape, the batch has another size than that of the forward pass, or memory is shared in part. Nothing has
    /// been written then.
    /// </exception>
    /// <exception cref="InvalidOperationException">There was no <see cref="Forward"/> before.</exception>
    public void Backward(NormalizationGradients<T> operands, bool relu, WorkerPool workers)
    {
        if (_batch == 0)
            throw new InvalidOperationException("Expected a forward pass over a batch before the backward pass; found none.");
        ArgumentNullException.ThrowIfNull(workers);
        NormalizationOperands.CheckBackward(operands, _batch, Features, _channels);
        ReadOnlyMatrixView<T> input = operands.Input, gradient = operands.OutputGradient;
        Run(ChannelWork.GradientSums, input, gradient, default, relu, workers);
        _statistics.SumUp(new ExampleBlocks(_batch, Features).Count);
        if (!operands.InputGradient.IsEmpty)
        {
            _statistics.SpreadGradient(operands.Scale, (double)_batch * _positions);
            Run(ChannelWork.InputGradient, input, gradient, operands.InputGradient, relu, workers);
        }
        _statistics.WriteGradients(operands.ScaleGradient, operands.ShiftGradient);
    }

    private void CheckBatch(int batch, string parameter)
    {
        if (!_statistics.OfBatches)
            throw new InvalidOperationException("Expected an object that was made for training; this one applies given statistics.");
        ShapeGuard.RequireCapacity(batch, _capacity);
        if (batch < 1)
            throw new ArgumentException($"Expected a batch of at least one example, for its statistics; found {batch}.", parameter);
    }

    private void Normalize(
        ReadOnlyMatrixView<T> input,
        ReadOnlySpan<T> scale,
        ReadOnlySpan<T> shift,
        bool relu,
        MatrixView<T> output,
        WorkerPool workers)
    {
        _statistics.SpreadNormalization(scale, shift);
        Run(ChannelWork.Normalize, input, default, output, relu, workers);
    }

    private unsafe void Run(
        ChannelWork work,
        ReadOnlyMatrixView<T> input,
        ReadOnlyMatrixView<T> outputGradient,
        MatrixView<T> result,
        bool relu,
        WorkerPool workers)
    {
        if (input.Rows == 0)
            return;
        fixed (T* x = input.Row(0), gradient = outputGradient.IsEmpty ? default : outputGradient.Row(0))
        fixed (T* to = result.IsEmpty ? default : result.Row(0))
        fixed (T* mean = _statistics.Mean, factor = _statistics.Factor, summand = _statistics.Summand)
        fixed (T* gradientFactor = _statistics.GradientFactor, derivative = _statistics.Derivative)
        fixed (T* gradientSummand = _statistics.GradientSummand)
        fixed (T* firsts = _statistics.Firsts, rests = _statistics.Rests, seconds = _statistics.Seconds)
        {
            var body = new ChannelPass<T>
            {
                Work = work,
                Blocks = new(input.Rows, Features),
                Positions = _positions,
                Terms = new(_channels, mean, factor, summand, relu),
                X = new(x, input.Stride),
                Gradient = new(gradient, outputGradient.Stride),
                Result = new(to, result.Stride),
                GradientFactor = gradientFactor,
                Derivative = derivative,
                GradientSummand = gradientSummand,
                Firsts = firsts,
                Rests = rests,
                Seconds = seconds,
            };
            workers.Run(ref body, body.Blocks.Count);
        }
    }
}
