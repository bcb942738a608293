using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Normalization;
using DeepLearn.Tensors;

namespace DeepLearn.Layers;

/// <summary>
/// The working memory of a <see cref="BatchNorm"/>: what the blocks of a batch sum up, and what it comes to for each channel.
/// </summary>
internal sealed class BatchNormWorkspace<T> : LayerWorkspace<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public BatchNormWorkspace(Shape shape, int channels, int capacity, RunMode mode, WorkerPool workers)
        : base(capacity, mode, workers)
    {
        int blocks = mode == RunMode.Training ? new ExampleBlocks(capacity, shape.Count).Count : 0;
        Firsts = new(blocks, channels);
        Seconds = new(blocks, channels);
        FirstTotal = new double[channels];
        SecondTotal = new double[channels];
        Mean = new(1, channels);
        StandardDeviation = new(1, channels);
        Factor = new(1, channels);
        Derivative = new(1, channels);
        Constant = new(1, channels);
    }

    /// <summary>For each block and channel: the mean, or the sum of the gradients.</summary>
    public Matrix<T> Firsts { get; }

    /// <summary>For each block and channel: the squares, or the products.</summary>
    public Matrix<T> Seconds { get; }

    public double[] FirstTotal { get; }

    public double[] SecondTotal { get; }

    /// <summary>The mean of each channel in the last forward pass.</summary>
    public Matrix<T> Mean { get; }

    /// <summary>The root of variance and epsilon of each channel in the last forward pass.</summary>
    public Matrix<T> StandardDeviation { get; }

    /// <summary>The numbers for each channel that the kernels multiply with and add.</summary>
    public Matrix<T> Factor { get; }

    public Matrix<T> Derivative { get; }

    public Matrix<T> Constant { get; }

    public override long MemoryInBytes =>
        (Unsafe.SizeOf<T>() * ((long)Firsts.Count + Seconds.Count + (5 * Mean.Count))) + (2L * sizeof(double) * FirstTotal.Length);
}
