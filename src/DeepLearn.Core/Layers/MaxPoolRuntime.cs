using System.Numerics;
using System.Runtime.CompilerServices;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Pooling;
using DeepLearn.Parameters;
using DeepLearn.Tensors;

namespace DeepLearn.Layers;

/// <summary>
/// The runtime of <see cref="MaxPool"/>. In training it remembers where the largest stood, so that the backward pass reads no activation.
/// </summary>
internal sealed class MaxPoolRuntime<T>(Shape input, Shape output, PoolGeometry geometry) : LayerRuntime<T>(input, output)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override LayerTraits Traits { get; } = new() { BackwardNeeds = BackwardNeeds.None, KeepsOutputGradient = true };

    public override LayerWorkspace<T> CreateWorkspace(int capacity, RunMode mode, WorkerPool workers) =>
        new Workspace(geometry.OutputCount, capacity, mode, workers);

    public override void Forward(LayerInput<T> input, MatrixView<T> output, LayerWorkspace<T> workspace)
    {
        MatrixView<T> places = workspace.Mode == RunMode.Training ? ((Workspace)workspace).Places.SliceRows(0, input.Rows) : default;
        MaxPooling.Forward(geometry, input.Numbers, output, places, workspace.Workers);
    }

    public override void Backward(
        LayerInput<T> input,
        ReadOnlyMatrixView<T> output,
        MatrixView<T> outputGradient,
        MatrixView<T> inputGradient,
        GradientTargets<T> gradients,
        LayerWorkspace<T> workspace)
    {
        if (inputGradient.IsEmpty)
            return;
        MatrixView<T> places = ((Workspace)workspace).Places.SliceRows(0, outputGradient.Rows);
        MaxPooling.Backward(geometry, outputGradient, places, inputGradient, workspace.Workers);
    }

    private sealed class Workspace(int outputs, int capacity, RunMode mode, WorkerPool workers) : LayerWorkspace<T>(capacity, mode, workers)
    {
        /// <summary>The place of the largest in each window.</summary>
        public Matrix<T> Places { get; } = new(mode == RunMode.Training ? capacity : 0, outputs);

        public override long MemoryInBytes => Unsafe.SizeOf<T>() * (long)Places.Count;
    }
}
