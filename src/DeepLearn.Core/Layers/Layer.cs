using System.Numerics;
using System.Text;
using DeepLearn.Foundation;
using DeepLearn.Parameters;
using DeepLearn.Tensors;

namespace DeepLearn.Layers;

/// <summary>
/// The specification of a layer: an immutable value without precision, buffers or weights. <see cref="CreateRuntime"/> makes the runtime,
/// which has them.
/// </summary>
/// <remarks>
/// For a layer of your own, derive a record that overrides <see cref="OutputShape"/> and <see cref="CreateRuntime"/>, and a runtime from
/// <see cref="SimpleLayerRuntime{T}"/>.
/// </remarks>
/// <example><code>
/// // A layer of your own: y = factor * x. Its runtime is the example of SimpleLayerRuntime.
/// sealed record Scale(double Factor) : Layer
/// {
///     public override Shape OutputShape(Shape input) => input;
///
///     public override LayerRuntime&lt;T&gt; CreateRuntime&lt;T&gt;(LayerBuild build) => new ScaleRuntime&lt;T&gt;(build.Input, Factor);
/// }
/// </code></example>
public abstract record Layer
{
    /// <summary>
    /// The short lower-case name of the kind, which paths and messages use: <c>dense</c>. By default the type's name in lower case.
    /// </summary>
    public virtual string Kind => GetType().Name.ToLowerInvariant();

    /// <summary>The shape of one example after the layer.</summary>
    /// <param name="input">The shape of one example before it.</param>
    /// <exception cref="ShapeMismatchException">The layer does not take such an input.</exception>
    public abstract Shape OutputShape(Shape input);

    /// <summary>Makes the runtime for an input shape, with its parameters initialized.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="build">The input shape, the layer's path in the model and its random numbers.</param>
    /// <exception cref="ShapeMismatchException">The layer does not take such an input.</exception>
    public abstract LayerRuntime<T> CreateRuntime<T>(LayerBuild build)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>
    /// What the layer does to what comes before it, by which weights there are initialized (<see cref="AutomaticInitializer"/>). By default
    /// <see cref="Nonlinearity.Other"/>.
    /// </summary>
    public virtual Nonlinearity GetNonlinearity() => Nonlinearity.Other;

    /// <summary>
    /// The range that the outputs stay in, whatever the weights: from -1 to 1 for a <see cref="Tanh"/>. Training is refused where a loss
    /// needs more than the network's range. By default all numbers; an activation of your own that is bounded says so here.
    /// </summary>
    /// <param name="input">The range of the layer's input.</param>
    public virtual NumberRange OutputRange(NumberRange input) => NumberRange.All;

    /// <summary>The type of the value, which equality compares first: that of the object, in languages that have no records too.</summary>
    protected virtual Type EqualityContract => GetType();

    /// <summary>The type and its options; a record of yours prints its properties.</summary>
    public override string ToString() => PartText.Describe(this, PrintMembers);

    /// <summary>
    /// Writes the options for <see cref="object.ToString"/>. <see cref="Kind"/> is not one of them, since it follows from the type.
    /// </summary>
    /// <param name="builder">Receives the text.</param>
    /// <returns>Whether anything was written.</returns>
    protected virtual bool PrintMembers(StringBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return PartText.AppendType(this, builder);
    }

    /// <summary>
    /// Whether the layer takes its input for an image <c>[height, width, channels]</c>, so that one of planar pixels,
    /// <c>[channels, height, width]</c>, would mean something else to it. By default it does not.
    /// </summary>
    /// <param name="input">The shape of one example before it, which the layer takes.</param>
    public virtual bool ReadsPixels(Shape input) => false;

    /// <summary>Throws a <see cref="ShapeMismatchException"/> that names this layer unless a condition holds.</summary>
    /// <param name="condition">What must hold.</param>
    /// <param name="expected">What input the layer takes, in words.</param>
    /// <param name="found">The input that was found.</param>
    protected void RequireInput(bool condition, string expected, Shape found)
    {
        ArgumentNullException.ThrowIfNull(found);
        if (!condition)
            throw new ShapeMismatchException($"Layer {this} takes {expected}; found {found}.");
    }
}
