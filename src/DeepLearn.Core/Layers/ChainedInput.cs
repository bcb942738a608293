using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Gemm;
using DeepLearn.Tensors;

namespace DeepLearn.Layers;

/// <summary>What a <see cref="ChainedProduct"/> is taken of, in a form that may be handed to other threads.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal interface IChainedInput<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Multiplies a window on the inputs on the calling thread.</summary>
    /// <param name="row">The first row.</param>
    /// <param name="rows">How many.</param>
    /// <param name="first">The first input of each.</param>
    /// <param name="weights">The weights of those inputs; as many rows as inputs there are.</param>
    /// <param name="options">How the chains start and end.</param>
    /// <param name="output">The result.</param>
    void Multiply(int row, int rows, int first, ReadOnlyMatrixView<T> weights, in ProductOptions<T> options, MatrixView<T> output);
}

/// <summary>Inputs that are numbers in memory.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal readonly unsafe struct NumbersInput<T>(T* origin, int stride) : IChainedInput<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public void Multiply(int row, int rows, int first, ReadOnlyMatrixView<T> weights, in ProductOptions<T> options, MatrixView<T> output)
    {
        int size = weights.Rows;
        var window = new ReadOnlySpan<T>(origin + ((nint)row * stride) + first, ((rows - 1) * stride) + size);
        MatrixProduct.Multiply(new ReadOnlyMatrixView<T>(window, rows, size, stride), weights, options, WorkerPool.Single, output);
    }
}

/// <summary>Inputs that are rows of bytes.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal readonly unsafe struct BytesInput<T> : IChainedInput<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public required byte* Source { get; init; }

    public required int SourceLength { get; init; }

    public required int Stride { get; init; }

    public required int* Indices { get; init; }

    public required int Rows { get; init; }

    public required T* Scale { get; init; }

    public required T* Offset { get; init; }

    public required int Columns { get; init; }

    public void Multiply(int row, int rows, int first, ReadOnlyMatrixView<T> weights, in ProductOptions<T> options, MatrixView<T> output)
    {
        var all = new ByteRows<T>(new(Source, SourceLength), Stride, new(Indices, Rows), new(Scale, Columns), new(Offset, Columns));
        MatrixProduct.Multiply(all.Slice(row, rows, first, weights.Rows), weights, options, WorkerPool.Single, output);
    }
}
