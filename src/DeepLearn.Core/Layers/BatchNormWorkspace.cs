using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Normalization;
using DeepLearn.Tensors;

namespace DeepLearn.Layers;

/// <summary>The working memory of a <see cref="BatchNorm"/>: what the passes share, and the gradients of scale and shift.</summary>
internal sealed class BatchNormWorkspace<T>(
    BatchNormalization<T> normalization, int channels, int capacity, RunMode mode, WorkerPool workers)
    : LayerWorkspace<T>(capacity, mode, workers)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public BatchNormalization<T> Normalization { get; } = normalization;

    public Matrix<T> ScaleGradient { get; } = new(1, mode == RunMode.Training ? channels : 0);

    public Matrix<T> ShiftGradient { get; } = new(1, mode == RunMode.Training ? channels : 0);

    public override long MemoryInBytes =>
        Normalization.MemoryInBytes + (Unsafe.SizeOf<T>() * ((long)ScaleGradient.Count + ShiftGradient.Count));
}
