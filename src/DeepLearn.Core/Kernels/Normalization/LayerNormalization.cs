using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Reductions;
using DeepLearn.Kernels.Simd;
using DeepLearn.Tensors;

namespace DeepLearn.Kernels.Normalization;

/// <summary>
/// Layer normalization (Ba, Kiros and Hinton, "Layer Normalization", 2016): <c>y = (x - mean) / sqrt(variance + epsilon) * scale +
/// shift</c>, with the mean and variance over the channels of one position of one example.
/// </summary>
/// <remarks>
/// <para>An example is a row of a matrix: positions, each with its channels side by side. The variance is the population's, divided by the
/// count. The gradients of scale and shift are summed over blocks of examples, which depend on shape and batch size alone, and the blocks
/// are added in order. So results are reproducible bit for bit, at any vector width and on any number of threads.</para>
/// <para>The matrices and spans of a pass belong to the caller. This object serves one caller at a time: it keeps the statistics of the
/// last forward pass and the sums of blocks. A pass allocates nothing.</para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class LayerNormalization<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The number of rows whose gradients are summed in one run; the sums of the runs are added in order.</summary>
    private const int LongestRun = 256;

    private readonly int _positions;
    private readonly int _channels;
    private readonly T _epsilon;
    private readonly int _capacity;
    private readonly Matrix<T> _moments;
    private readonly Matrix<T> _sums;
    private int _batch;

    /// <summary>Creates the memory of one caller's passes.</summary>
    /// <param name="positions">The positions of an example, at least 1.</param>
    /// <param name="channels">The channels of a position, at least 1.</param>
    /// <param name="epsilon">What is added to the variance, finite and above 0.</param>
    /// <param name="capacity">The most examples of a pass, at least 1.</param>
    /// <param name="trains">Whether <see cref="Backward"/> will be called.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range, or an example is too large for an array.</exception>
    public LayerNormalization(int positions, int channels, double epsilon, int capacity, bool trains)
    {
        NormalizationOperands.CheckOptions(positions, channels, epsilon, capacity);
        (_positions, _channels, _epsilon, _capacity) = (positions, channels, T.CreateChecked(epsilon), capacity);
        _moments = new(trains ? capacity : 0, 3 * positions);
        _sums = new(trains ? new ExampleBlocks(capacity, Features).Count : 0, 4 * channels);
    }

    /// <summary>The bytes of memory held here.</summary>
    public long MemoryInBytes => Unsafe.SizeOf<T>() * ((long)_moments.Count + _sums.Count);

    private int Features => _positions * _channels;

    /// <summary>Normalizes a batch; in training the statistics are kept for <see cref="Backward"/>.</summary>
    /// <param name="input">The examples, <c>[batch, positions * channels]</c>.</param>
    /// <param name="scale">A factor for each channel, <c>[channels]</c>.</param>
    /// <param name="shift">A summand for each channel, <c>[channels]</c>.</param>
    /// <param name="output">Receives the results; it has the input's shape, and may be the input's memory.</param>
    /// <param name="workers">The threads.</param>
    /// <exception cref="ArgumentException">
    /// An operand has another shape, the batch exceeds the capacity, or memory is shared in part. Nothing has been written then.
    /// </exception>
    public unsafe void Forward(
        ReadOnlyMatrixView<T> input, ReadOnlySpan<T> scale, ReadOnlySpan<T> shift, MatrixView<T> output, WorkerPool workers)
    {
        ArgumentNullException.ThrowIfNull(workers);
        NormalizationOperands.CheckForward(input, Features, scale, shift, _channels, output);
        ShapeGuard.RequireCapacity(input.Rows, _capacity);
        if (_moments.Rows > 0)
            _batch = input.Rows;
        if (input.Rows == 0)
            return;
        fixed (T* from = input.Row(0), to = output.Row(0), factors = scale, summands = shift, moments = _moments.AsSpan())
        {
            var body = new ForwardPass
            {
                Of = this,
                Blocks = new(input.Rows, Features),
                Input = new(from, input.Stride),
                Output = new(to, output.Stride),
                Scale = factors,
                Shift = summands,
                Moments = moments,
            };
            workers.Run(ref body, body.Blocks.Count);
        }
    }

    /// <summary>Computes the gradients for the batch that <see cref="Forward"/> normalized last.</summary>
    /// <remarks>
    /// With <c>h = g * scale</c> and n the normalized input, the gradient of the input is <c>(h - mean(h) - n * mean(h * n)) /
    /// sqrt(variance + epsilon)</c>, with means over the channels of a position; that of the scale is the sum of <c>g * n</c>, and that of
    /// the shift is the sum of g.
    /// </remarks>
    /// <param name="operands">What is read and written.</param>
    /// <param name="workers">The threads.</param>
    /// <exception cref="ArgumentException">
    /// An operand has another shape, the batch has another size than that of the forward pass, or memory is shared in part. Nothing has
    /// been written then.
    /// </exception>
    /// <exception cref="InvalidOperationException">There was no <see cref="Forward"/> before, in an object made for training.</exception>
    public unsafe void Backward(NormalizationGradients<T> operands, WorkerPool workers)
    {
        if (_batch == 0)
            throw new InvalidOperationException("Expected a forward pass in training before the backward pass; found none.");
        ArgumentNullException.ThrowIfNull(workers);
        NormalizationOperands.CheckBackward(operands, _batch, Features, _channels);
        ReadOnlyMatrixView<T> input = operands.Input, outputGradient = operands.OutputGradient;
        MatrixView<T> inputGradient = operands.InputGradient;
        fixed (T* from = input.Row(0), derivatives = outputGradient.Row(0), to = inputGradient.IsEmpty ? default : inputGradient.Row(0))
        fixed (T* factors = operands.Scale, moments = _moments.AsSpan(), sums = _sums.AsSpan())
        {
            var body = new BackwardPass
            {
                Of = this,
                Blocks = new(input.Rows, Features),
                Input = new(from, input.Stride),
                Gradient = new(derivatives, outputGradient.Stride),
                Result = new(to, inputGradient.Stride),
                Scale = factors,
                Moments = moments,
                Sums = sums,
            };
            workers.Run(ref body, body.Blocks.Count);
            ReadOnlyMatrixView<T> ofBlocks = _sums.SliceRows(0, body.Blocks.Count);
            ColumnReductions.Sum(ofBlocks.Slice(0, 0, ofBlocks.Rows, _channels), T.One, T.Zero, operands.ShiftGradient);
            ColumnReductions.Sum(ofBlocks.Slice(0, _channels, ofBlocks.Rows, _channels), T.One, T.Zero, operands.ScaleGradient);
        }
    }

    private unsafe struct ForwardPass : IParallelBody
    {
        public required LayerNormalization<T> Of;
        public required ExampleBlocks Blocks;
        public required ImageRows<T> Input;
        public required ImageRows<T> Output;
        public required T* Scale;
        public required T* Shift;
        public required T* Moments;

        public readonly void Run(int part)
        {
            // Examples of one position are the rows of one image.
            int first = Blocks.First(part), size = Blocks.Size(part), columns = Of._channels;
            bool isOne = Of._positions == 1;
            int rows = isOne ? size : Of._positions;
            for (int example = first; example < first + size; example += isOne ? size : 1)
            {
                T* moments = Moments == null ? null : Moments + ((nint)example * 3 * Of._positions);
                RowKernel<T>.Normalize(
                    Input.RowsFrom(example, isOne, columns), Output.RowsFrom(example, isOne, columns), rows, columns, Of._epsilon, Scale,
                    Shift, moments);
            }
        }
    }

    private unsafe struct BackwardPass : IParallelBody
    {
        public required LayerNormalization<T> Of;
        public required ExampleBlocks Blocks;
        public required ImageRows<T> Input;
        public required ImageRows<T> Gradient;
        public required ImageRows<T> Result;
        public required T* Scale;
        public required T* Moments;
        public required T* Sums;

        public readonly void Run(int part)
        {
            // Examples of one position are the rows of one image.
            int first = Blocks.First(part), size = Blocks.Size(part), columns = Of._channels;
            bool isOne = Of._positions == 1;
            int rows = isOne ? size : Of._positions;
            T* sums = Sums + ((nint)part * 4 * columns), ofRun = sums + (2 * columns);
            new Span<T>(sums, 4 * columns).Clear();
            bool isShort = (long)size * Of._positions <= LongestRun;
            T* to = isShort ? sums : ofRun;
            int inRun = 0;
            for (int example = first; example < first + size; example += isOne ? size : 1)
            {
                T* moments = Moments + ((nint)example * 3 * Of._positions);
                ImageRows<T> input = Input.RowsFrom(example, isOne, columns), gradient = Gradient.RowsFrom(example, isOne, columns);
                for (int row = 0, count; row < rows; row += count)
                {
                    // Each run of rows is summed on its own, so that a long block loses few digits.
                    count = Math.Min(rows - row, LongestRun - inRun);
                    RowKernel<T>.AddGradients(input.From(row), gradient.From(row), count, columns, moments + (3 * row), to, to + columns);
                    inRun += count;
                    if (inRun == LongestRun)
                    {
                        if (!isShort)
                            AddRun(sums, ofRun, 2 * columns);
                        inRun = 0;
                    }
                }
                if (Result.Start != 0)
                    RowKernel<T>.InputGradient(input, gradient, Result.RowsFrom(example, isOne, columns), rows, columns, Scale, moments);
            }
            if (!isShort)
                AddRun(sums, ofRun, 2 * columns);
        }

        private static void AddRun(T* sums, T* ofRun, int count)
        {
            for (int j = 0; j < count; j++)
                sums[j] += ofRun[j];
            new Span<T>(ofRun, count).Clear();
        }
    }
}
