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

    public override unsafe void Forward(LayerInput<T> input, MatrixView<T> output, LayerWorkspace<T> workspace)
    {
        var space = (Workspace)workspace;
        ReadOnlyMatrixView<T> images = input.Numbers;
        fixed (T* from = images.Row(0), to = output.Row(0), places = space.Places.AsSpan())
        {
            var body = new Part
            {
                Geometry = geometry,
                Input = from,
                InputStride = images.Stride,
                Output = to,
                OutputStride = output.Stride,
                Places = places,
            };
            workspace.Workers.Run(ref body, input.Rows);
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
        if (inputGradient.IsEmpty)
            return;
        var space = (Workspace)workspace;
        fixed (T* from = outputGradient.Row(0), to = inputGradient.Row(0), places = space.Places.AsSpan())
        {
            var body = new Part
            {
                Geometry = geometry,
                Input = to,
                InputStride = inputGradient.Stride,
                Output = from,
                OutputStride = outputGradient.Stride,
                Places = places,
                IsBackward = true,
            };
            workspace.Workers.Run(ref body, outputGradient.Rows);
        }
    }

    private sealed class Workspace(int outputs, int capacity, RunMode mode, WorkerPool workers) : LayerWorkspace<T>(capacity, mode, workers)
    {
        /// <summary>The place of the largest in each window.</summary>
        public Matrix<T> Places { get; } = new(mode == RunMode.Training ? capacity : 0, outputs);

        public override long MemoryInBytes => Unsafe.SizeOf<T>() * (long)Places.Count;
    }

    /// <summary>One example, forward or backward.</summary>
    private unsafe struct Part : IParallelBody
    {
        public required PoolGeometry Geometry;
        public required T* Input;
        public required nint InputStride;
        public required T* Output;
        public required nint OutputStride;
        public required T* Places;
        public bool IsBackward;

        public readonly void Run(int part)
        {
            T* input = Input + (part * InputStride), output = Output + (part * OutputStride);
            T* places = Places == null ? null : Places + ((nint)part * Geometry.OutputCount);
            if (IsBackward)
                MaxPoolKernel<T>.Backward(Geometry, output, places, input);
            else
                MaxPoolKernel<T>.Forward(Geometry, input, output, places);
        }
    }
}
