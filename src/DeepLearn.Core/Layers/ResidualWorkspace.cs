using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Foundation;
using DeepLearn.Tensors;

namespace DeepLearn.Layers;

/// <summary>
/// The working memory of a <see cref="Residual"/>: that of its two ways, and buffers where one's output or gradient cannot share the sum's.
/// </summary>
internal sealed class ResidualWorkspace<T> : LayerWorkspace<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public ResidualWorkspace(ResidualRuntime<T> layer, int capacity, RunMode mode, WorkerPool workers)
        : base(capacity, mode, workers)
    {
        bool trains = mode == RunMode.Training;
        int inputs = layer.InputShape.Count, outputs = layer.OutputShape.Count;
        Branch = layer.Branch.CreateWorkspace(capacity, mode, workers);
        Projection = layer.Projection?.CreateWorkspace(capacity, mode, workers);
        BranchOutput = Buffer(trains && (layer.Branch.Traits.BackwardNeeds & BackwardNeeds.Output) != 0, outputs);
        ProjectionOutput = Buffer(layer.Projection is not null, outputs);
        OutputGradient = Buffer(trains && layer.CopiesGradient, outputs);
        InputGradient = Buffer(trains && layer.Projection is not null, inputs);

        Matrix<T> Buffer(bool isNeeded, int width) => new(isNeeded ? capacity : 0, width);
    }

    public LayerWorkspace<T> Branch { get; }

    public LayerWorkspace<T>? Projection { get; }

    /// <summary>The branch's output, where its backward pass reads it; else the sum is written over it.</summary>
    public Matrix<T> BranchOutput { get; }

    public Matrix<T> ProjectionOutput { get; }

    /// <summary>A copy of the gradient of the output, where the branch's backward pass may overwrite it.</summary>
    public Matrix<T> OutputGradient { get; }

    /// <summary>The gradient of the input by way of the projection.</summary>
    public Matrix<T> InputGradient { get; }

    public override long MemoryInBytes => Branch.MemoryInBytes + (Projection?.MemoryInBytes ?? 0)
        + (Unsafe.SizeOf<T>() * ((long)BranchOutput.Count + ProjectionOutput.Count + OutputGradient.Count + InputGradient.Count));

    public override void SetNoise(RandomKey noise)
    {
        base.SetNoise(noise);
        Branch.SetNoise(noise.Derive(0));
        Projection?.SetNoise(noise.Derive(1));
    }
}
