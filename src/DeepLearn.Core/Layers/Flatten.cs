using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Parameters;
using DeepLearn.Tensors;

namespace DeepLearn.Layers;

/// <summary>
/// Reads an image, or any input of several axes, as the vector of its elements: <c>[height, width, channels]</c> becomes <c>[height * width
/// * channels]</c>, in that order. Nothing is moved in memory.
/// </summary>
/// <example><code>Console.WriteLine(new Flatten().OutputShape(new Shape(8, 8, 64)));    // prints [4096]</code></example>
public sealed record Flatten : Layer
{
    /// <inheritdoc/>
    public override Nonlinearity GetNonlinearity() => Nonlinearity.PassesOn;

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.Count;
    }

    /// <inheritdoc/>
    public override NumberRange OutputRange(NumberRange input) => input;

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
    public override LayerTraits Traits { get; } =
        new() { WorksInPlace = true, BackwardNeeds = BackwardNeeds.None, KeepsOutputGradient = true, IsPassThrough = true };

    public override void Forward(LayerInput<T> input, MatrixView<T> output, LayerWorkspace<T> workspace) =>
        input.Numbers.CopyTo(output);

    public override void Backward(
        LayerInput<T> input,
        ReadOnlyMatrixView<T> output,
        MatrixView<T> outputGradient,
        MatrixView<T> inputGradient,
        GradientTargets<T> gradients,
        LayerWorkspace<T> workspace)
    {
        if (!inputGradient.IsEmpty)
            ((ReadOnlyMatrixView<T>)outputGradient).CopyTo(inputGradient);
    }
}
