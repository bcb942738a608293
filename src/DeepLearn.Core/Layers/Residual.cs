using DeepLearn.Foundation;
using DeepLearn.Tensors;

namespace DeepLearn.Layers;

/// <summary>
/// A branch whose output is added to its own input: <c>y = branch(x) + x</c>, or <c>branch(x) + projection(x)</c> where the shapes differ
/// (He, Zhang, Ren and Sun, "Deep Residual Learning for Image Recognition", 2015).
/// </summary>
/// <remarks>There is no activation after the sum: add it as the next layer.</remarks>
/// <example><code>
/// // Twice as many channels, so that the input is projected before it is added.
/// var convolution = new Convolution2D(32, 3) { Padding = Padding2D.Same };
/// var block = new Residual(new Sequential(convolution, new Relu(), convolution), projection: new Convolution2D(32, 1));
/// Console.WriteLine(block.OutputShape(new Shape(8, 8, 16)));    // prints [8, 8, 32]
/// </code></example>
public sealed record Residual : Layer
{
    /// <summary>Makes a residual connection around a branch.</summary>
    /// <param name="branch">The branch: a <see cref="Sequential"/>, or any one layer.</param>
    /// <param name="projection">
    /// A layer that brings the input to the output shape of the branch. Default null: the shapes are the same, and the input is added as it
    /// is.
    /// </param>
    public Residual(Layer branch, Layer? projection = null)
    {
        ArgumentNullException.ThrowIfNull(branch);
        Branch = branch;
        Projection = projection;
    }

    /// <summary>The branch.</summary>
    public Layer Branch { get; }

    /// <summary>The layer that brings the input to the output shape of the branch; null where the input is added as it is.</summary>
    public Layer? Projection { get; }

    /// <inheritdoc/>
    public override Nonlinearity GetNonlinearity() => Branch.GetNonlinearity();

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input)
    {
        ArgumentNullException.ThrowIfNull(input);
        Shape output = Branch.OutputShape(input);
        Shape other = Projection is null ? input : Projection.OutputShape(input);
        string way = Projection is null ? "identity" : "projection";
        RequireInput(
            output == other, $"inputs that its branch, which gives {output} here, and its {way}, which gives {other}, take to one shape",
            input);
        return output;
    }

    /// <inheritdoc/>
    public override bool ReadsPixels(Shape input) => Branch.ReadsPixels(input) || (Projection?.ReadsPixels(input) ?? false);

    /// <inheritdoc/>
    public override NumberRange OutputRange(NumberRange input) =>
        Branch.OutputRange(input) + (Projection is null ? input : Projection.OutputRange(input));

    /// <inheritdoc/>
    public override LayerRuntime<T> CreateRuntime<T>(LayerBuild build)
    {
        ArgumentNullException.ThrowIfNull(build);
        Shape output = OutputShape(build.Input);

        // A sequence names its layers itself, so that there are paths such as residual1/dense2.
        LayerRuntime<T> branch = Branch.CreateRuntime<T>(
            Branch is Sequential
                ? new(build.Input, build.Path, build.Key.Derive(0)) { Next = build.Next }
                : build.Inner(build.Input, $"{Branch.Kind}1", 0));
        LayerRuntime<T>? projection = Projection?.CreateRuntime<T>(build.Inner(build.Input, "projection", 1));
        return new ResidualRuntime<T>(build.Input, output, branch, projection);
    }
}
