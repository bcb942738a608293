using DeepLearn.Foundation;
using DeepLearn.Kernels.Pooling;
using DeepLearn.Tensors;

namespace DeepLearn.Layers;

/// <summary>
/// The mean of each channel over a whole image: <c>[height, width, channels]</c> becomes a vector <c>[channels]</c> (Lin, Chen and Yan,
/// "Network in Network", 2013).
/// </summary>
/// <example><code>Console.WriteLine(new GlobalAveragePool().OutputShape(new Shape(8, 8, 64)));    // prints [64]</code></example>
public sealed record GlobalAveragePool : Layer
{
    /// <inheritdoc/>
    public override Nonlinearity GetNonlinearity() => Nonlinearity.PassesOn;

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input)
    {
        ArgumentNullException.ThrowIfNull(input);
        RequireInput(input.Rank == 3, "an image [height, width, channels]", input);
        return input[2];
    }

    /// <inheritdoc/>
    public override bool ReadsPixels(Shape input) => true;

    /// <inheritdoc/>
    public override NumberRange OutputRange(NumberRange input) => input;

    /// <inheritdoc/>
    public override LayerRuntime<T> CreateRuntime<T>(LayerBuild build)
    {
        ArgumentNullException.ThrowIfNull(build);
        Shape output = OutputShape(build.Input);
        var geometry = new PoolGeometry(
            new(build.Input[0], build.Input[0], 1, 1, 0, 0), new(build.Input[1], build.Input[1], 1, 1, 0, 0), build.Input[2]);
        return new AveragePoolRuntime<T>(build.Input, output, geometry, false);
    }
}
