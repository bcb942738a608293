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
/// <para>
/// A single product is best divided by rows or columns of its result. But in training each thread would then read weights and inputs that
/// another thread has just written, and to fetch them from the other's cache costs more than a third of a step on two threads. Divided by
/// inputs, forward and backward, each thread reads inputs and weights that it wrote itself, and only the result moves between caches.
/// </para>
/// <para>
/// The result is computed block by block, so that a thread waits for the first block of the thread before it, not for all of them. The
/// waiting grows with the number of threads, which is therefore limited.
/// </para>
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

    /// <summary>
    /// Weights of one part that are read again for each block of rows: as many as a second-level cache holds beside other things.
    /// </summary>
    private const long PartOfWeightsInBytes = 1 << 19;

    /// <summary>Takes a product in this way where it pays; false, without having done anything, where it does not.</summary>
    /// <param name="input">The inputs, <c>[batch, inputs]</c>.</param>
    /// <param name="weights">The weights, <c>[inputs, units]</c>.</param>
    /// <param name="bias">The biases, or none.</param>
    /// <param name="relu">Whether the result goes through a ReLU.</param>
    /// <param name="workers">The threads.</param>
    /// <param name="output">The result, <c>[batch, units]</c>.</param>
    public static bool TryMultiply<T>(
        LayerInput<T> input, ReadOnlyMatrixView<T> weights, ReadOnlySpan<T> bias, bool relu, WorkerPool workers, MatrixView<T> output)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int depth = weights.Rows, columns = weights.Columns;
        long work = (long)output.Rows * columns * depth;

        // Weights of more columns than rows have their gradient divided by columns, and so nothing is gained.
        if (workers.Threads is 1 or > MostThreads || depth < columns || work / workers.Threads < PartWork)
            return false;
        bool byColumns = (long)depth / workers.Threads * columns * Unsafe.SizeOf<T>() > PartOfWeightsInBytes;
        int unit = byColumns ? UnitOfColumns : output.Rows >= Blocks * UnitOfRows ? UnitOfRows : 1;
        int units = (byColumns ? columns : output.Rows) / unit;
        int blocks = (int)Math.Min(Math.Min(Blocks, units), work / workers.Threads / BlockWork);
        if (blocks < 2)
            return false;
        var body = new Body<T>
        {
            Input = input,
            Weights = weights,
            Bias = bias,
            Relu = relu,
            Output = output,
            Inputs = new(depth, workers.Threads),
            Blocks = new(units, blocks),
            Unit = unit,
            ByColumns = byColumns,
        };
        workers.RunInOrder(ref body, workers.Threads, blocks);
        return true;
    }

    /// <summary>A part has some of the inputs; a stage is a block of the result.</summary>
    private ref struct Body<T> : IOrderedBody
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public required LayerInput<T> Input;
        public required ReadOnlyMatrixView<T> Weights;
        public required ReadOnlySpan<T> Bias;
        public required bool Relu;
        public required MatrixView<T> Output;
        public required EvenDivision Inputs, Blocks;
        public required int Unit;
        public required bool ByColumns;

        public readonly void Run(int part, int stage)
        {
            int first = Inputs.First(part), size = Inputs.Count(part);
            int row = 0, rows = Output.Rows, column = 0, columns = Output.Columns;
            if (ByColumns)
                (column, columns) = Window(columns, stage);
            else
                (row, rows) = Window(rows, stage);
            bool isFirst = part == 0, isLast = part == Inputs.Parts - 1;
            var options = new ProductOptions<T>
            {
                Bias = isFirst && !Bias.IsEmpty ? Bias.Slice(column, columns) : default,
                Beta = isFirst ? T.Zero : T.One,
                Relu = isLast && Relu,
            };
            MatrixProduct.Multiply(
                Input.Slice(row, first, rows, size),
                Weights.Slice(first, column, size, columns),
                options,
                WorkerPool.Single,
                Output.Slice(row, column, rows, columns));
        }

        /// <summary>The rows or columns of a block; those that fill no unit belong to the last.</summary>
        private readonly (int First, int Count) Window(int total, int block)
        {
            int first = Blocks.First(block) * Unit;
            return (first, (block == Blocks.Parts - 1 ? total : Blocks.First(block + 1) * Unit) - first);
        }
    }
}
