using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Kernels.Pooling;
using DeepLearn.Parameters;
using DeepLearn.Tensors;

namespace DeepLearn.Layers;

/// <summary>The runtime of <see cref="AveragePool"/>, and of <see cref="GlobalAveragePool"/>, whose one window is the image.</summary>
internal sealed class AveragePoolRuntime<T>(Shape input, Shape output, PoolGeometry geometry, bool countsPadding)
    : LayerRuntime<T>(input, output)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override LayerTraits Traits { get; } = new() { BackwardNeeds = BackwardNeeds.None, KeepsOutputGradient = true };

    public override unsafe void Forward(LayerInput<T> input, MatrixView<T> output, LayerWorkspace<T> workspace)
    {
        ReadOnlyMatrixView<T> images = input.Numbers;
        fixed (T* from = images.Row(0), to = output.Row(0))
        {
            var body = new Part
            {
                Geometry = geometry,
                CountsPadding = countsPadding,
                Input = from,
                InputStride = images.Stride,
                Output = to,
                OutputStride = output.Stride,
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
        fixed (T* from = outputGradient.Row(0), to = inputGradient.Row(0))
        {
            var body = new Part
            {
                Geometry = geometry,
                CountsPadding = countsPadding,
                Input = to,
                InputStride = inputGradient.Stride,
                Output = from,
                OutputStride = outputGradient.Stride,
                IsBackward = true,
            };
            workspace.Workers.Run(ref body, outputGradient.Rows);
        }
    }

    /// <summary>One example, forward or backward.</summary>
    private unsafe struct Part : IParallelBody
    {
        public required PoolGeometry Geometry;
        public required bool CountsPadding;
        public required T* Input;
        public required nint InputStride;
        public required T* Output;
        public required nint OutputStride;
        public bool IsBackward;

        public readonly void Run(int part)
        {
            T* input = Input + (part * InputStride), output = Output + (part * OutputStride);
            if (IsBackward)
                AveragePoolKernel<T>.Backward(Geometry, CountsPadding, output, input);
            else
                AveragePoolKernel<T>.Forward(Geometry, CountsPadding, input, output);
        }
    }
}
