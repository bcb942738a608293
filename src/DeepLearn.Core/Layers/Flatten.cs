using System.Numerics;
using DeepLearn.Tensors;

namespace DeepLearn.Layers;

/// <summary>
/// Reads an image, or anything of several axes, as a vector of its elements: <c>[height, width, channels]</c> becomes <c>[height * width *
/// channels]</c>, in that order. Nothing is moved in memory.
/// </summary>
public sealed record Flatten : Layer
{
    /// <inheritdoc/>
    public override Shape OutputShape(Shape input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.Count;
    }

    /// <inheritdoc/>
    public override LayerRuntime<T> CreateRuntime<T>(LayerBuild build)
    {
        ArgumentNullException.ThrowIfNull(build);
        return new FlattenRuntime<T>(build.Input);
    }
}

/// <summary>The runtime of <see cref="Flatten"/>.</summary>
internal sealed class FlattenRuntime<T>(Shape shape) : LayerRuntime<T>(shape, shape.Count)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override bool WorksInPlace => true;

    public override bool KeepsOutputGradient => true;

    public override bool HandsOn => true;

    public override BackwardNeeds BackwardNeeds => BackwardNeeds.None;

    public override void Forward(ReadOnlyMatrixView<T> input, MatrixView<T> output, LayerWorkspace<T> workspace) =>
        Copying.Copy(input, output);

    public override void Backward(
        ReadOnlyMatrixView<T> input,
        ReadOnlyMatrixView<T> output,
        MatrixView<T> outputGradient,
        MatrixView<T> inputGradient,
        LayerWorkspace<T> workspace) => Copying.Copy(outputGradient, inputGradient);
}
