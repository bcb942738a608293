using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Gemm;
using DeepLearn.Tensors;

namespace DeepLearn.Layers;

/// <summary>
/// A product of activations and weights on a few threads, each of which takes some of the inputs (k) of every result: the chain of an
/// element is begun by the first thread and taken on by the next, in order, so that the bits are those of one thread.
/// </summary>
/// <remarks>
/// <para>Divided by rows or columns of the result, as a product by itself best is, every thread reads weights that another one has just
/// changed, and the gradient of the weights reads inputs that another has just made; fetching them out of each other's caches costs more than a
/// third of a step on two threads. Divided like this, forward and backward, each thread meets its own inputs and weights
/// alone, and what wanders is the result.</para>
/// <para>The result is taken block by block, so that a thread waits for the first block of the one before it, not for all of them. That
/// waiting grows with the number of threads, which is therefore limited.</para>
/// </remarks>
internal static class ChainedProduct
{
    private const int MostThreads = 4;
    private const int Blocks = 8;
    private const int UnitOfColumns = 16;

    /// <summary>Blocks of rows are of so many or a multiple, the height of the highest tile, where there are rows enough.</summary>
    private const int UnitOfRows = 8;

    /// <summary>A part, or a block of one, of fewer multiplications is not worth another thread, or the waiting for it.</summary>
    private const long PartWork = 1 << 17, BlockWork = 1 << 15;

    /// <summary>Weights of one part that are read again for each block of rows: as many as a second-level cache holds beside other things.</summary>
    private const long PartOfWeightsInBytes = 1 << 19;

    /// <summary>Takes a product in this way where it pays; false, without having done anything, where it does not.</summary>
    /// <param name="input">The inputs, <c>[batch, inputs]</c>.</param>
    /// <param name="weights">The weights, <c>[inputs, units]</c>.</param>
    /// <param name="bias">The biases, or none.</param>
    /// <param name="relu">Whether the result goes through a ReLU.</param>
    /// <param name="workers">The threads.</param>
    /// <param name="output">The result, <c>[batch, units]</c>.</param>
    public static unsafe bool TryMultiply<T>(
        LayerInput<T> input, ReadOnlyMatrixView<T> weights, ReadOnlySpan<T> bias, bool relu, WorkerPool workers, MatrixView<T> output)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!input.IsBytes)
        {
            ReadOnlyMatrixView<T> numbers = input.Numbers;
            fixed (T* x = &numbers.Origin)
                return TryMultiply(new NumbersInput<T>(x, numbers.Stride), weights, bias, relu, workers, output);
        }
        ByteRows<T> rows = input.Bytes;
        fixed (byte* source = rows.Source)
        fixed (int* indices = rows.Indices)
        fixed (T* scale = rows.Scale, offset = rows.Offset)
        {
            var bytes = new BytesInput<T>
            {
                Source = source,
                SourceLength = rows.Source.Length,
                Stride = rows.Stride,
                Indices = indices,
                Rows = rows.Rows,
                Scale = scale,
                Offset = offset,
                Columns = rows.Columns,
            };
            return TryMultiply(bytes, weights, bias, relu, workers, output);
        }
    }

    private static unsafe bool TryMultiply<T, TInput>(
        TInput input, ReadOnlyMatrixView<T> weights, ReadOnlySpan<T> bias, bool relu, WorkerPool workers, MatrixView<T> output)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TInput : struct, IChainedInput<T>
    {
        int depth = weights.Rows, columns = weights.Columns;
        long work = (long)output.Rows * columns * depth;

        // Weights of more columns than rows have their gradient divided by columns, and so nothing is gained.
        if (workers.Threads is 1 or > MostThreads || depth < columns || work / workers.Threads < PartWork)
            return false;
        bool byColumns = (long)depth / workers.Threads * columns * sizeof(T) > PartOfWeightsInBytes;
        int unit = byColumns ? UnitOfColumns : output.Rows >= Blocks * UnitOfRows ? UnitOfRows : 1;
        int units = (byColumns ? columns : output.Rows) / unit;
        int blocks = (int)Math.Min(Math.Min(Blocks, units), work / workers.Threads / BlockWork);
        if (blocks < 2)
            return false;
        fixed (T* w = &weights.Origin, b = bias, y = &output.Origin)
        {
            var body = new Part<T, TInput>
            {
                Input = input,
                Weights = w,
                WeightsStride = weights.Stride,
                Bias = b,
                Output = y,
                OutputStride = output.Stride,
                Rows = output.Rows,
                Columns = columns,
                Depth = depth,
                Parts = workers.Threads,
                Blocks = blocks,
                Unit = unit,
                ByColumns = byColumns,
                Relu = relu,
            };
            workers.Run(ref body, workers.Threads);
        }
        return true;
    }

    private unsafe struct Part<T, TInput> : IParallelBody
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TInput : struct, IChainedInput<T>
    {
        public required TInput Input;
        public required T* Weights, Bias, Output;
        public required int WeightsStride, OutputStride;
        public required int Rows, Columns, Depth;
        public required int Parts, Blocks, Unit;
        public required bool ByColumns, Relu;
        private Progress _done;

        public void Run(int part)
        {
            int first = First(Depth, part, Parts), size = First(Depth, part + 1, Parts) - first;
            try
            {
                for (int block = 0; block < Blocks; block++)
                {
                    if (part > 0)
                        WaitFor(ref _done.Of(part - 1), block);
                    Multiply(block, first, size, isFirst: part == 0, isLast: part == Parts - 1);
                    Volatile.Write(ref _done.Of(part), block + 1);
                }
            }
            finally
            {
                // Whatever happens, nobody waits for ever.
                Volatile.Write(ref _done.Of(part), Blocks);
            }
        }

        private static int First(int total, int piece, int pieces) => (int)((long)total * piece / pieces);

        /// <summary>The rows or columns of a block; those that fill no unit belong to the last.</summary>
        private readonly (int First, int Count) Window(int total, int block)
        {
            int first = First(total / Unit, block, Blocks) * Unit;
            return (first, (block == Blocks - 1 ? total : First(total / Unit, block + 1, Blocks) * Unit) - first);
        }

        // The parts are begun in order, so the one before is under way on another thread.
        private static void WaitFor(ref int done, int block)
        {
            var spin = default(SpinWait);
            while (Volatile.Read(ref done) <= block)
            {
                for (int look = 0; look < 100 && Volatile.Read(ref done) <= block; look++)
                    Thread.SpinWait(1);
                if (Volatile.Read(ref done) <= block)
                    spin.SpinOnce(sleep1Threshold: -1);
            }
        }

        private readonly void Multiply(int block, int first, int size, bool isFirst, bool isLast)
        {
            int row = 0, rows = Rows, column = 0, columns = Columns;
            if (ByColumns)
            {
                (column, columns) = Window(Columns, block);
            }
            else
            {
                (row, rows) = Window(Rows, block);
            }
            var options = new ProductOptions<T>
            {
                Bias = isFirst && Bias != null ? new ReadOnlySpan<T>(Bias + column, columns) : default,
                Beta = isFirst ? T.Zero : T.One,
                Relu = isLast && Relu,
            };
            Input.Multiply(
                row,
                rows,
                first,
                new ReadOnlyMatrixView<T>(Span(Weights, first, column, WeightsStride, size, columns), size, columns, WeightsStride),
                options,
                new MatrixView<T>(Span(Output, row, column, OutputStride, rows, columns), rows, columns, OutputStride));
        }

        private static Span<T> Span(T* origin, int row, int column, int stride, int rows, int columns) =>
            new(origin + ((nint)row * stride) + column, ((rows - 1) * stride) + columns);
    }

    /// <summary>How many blocks each part has done, each on a cache line of its own.</summary>
    [InlineArray(MostThreads * Spacing)]
    private struct Progress
    {
        private const int Spacing = 32;
        private int _first;

        [System.Diagnostics.CodeAnalysis.UnscopedRef]
        public ref int Of(int part) => ref this[part * Spacing];
    }
}
