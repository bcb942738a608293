using DeepLearn.Foundation;
using DeepLearn.Parameters;
using DeepLearn.Tensors;

namespace DeepLearn.Layers;

/// <summary>
/// A fully connected layer: <c>output = input W + b</c>, with input <c>[batch, inputs]</c>, weights W <c>[inputs, units]</c>, biases b
/// <c>[1, units]</c> and output <c>[batch, units]</c>. An image, or any input of several axes, is read as the vector of its elements.
/// </summary>
/// <example><code>
/// Model&lt;float&gt; linear = new Dense(3).Build&lt;float&gt;(inputShape: 4, seed: 1);
/// Console.WriteLine(linear.Parameters.Sum(parameter => parameter.Value.Count));    // prints 15
/// </code></example>
public sealed record Dense : Layer
{
    /// <summary>Makes a fully connected layer.</summary>
    /// <param name="units">The number of outputs, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="units"/> is below 1.</exception>
    public Dense(int units)
    {
        if (units < 1)
            throw new ArgumentOutOfRangeException(nameof(units), units, "A dense layer has at least one unit.");
        Units = units;
    }

    /// <summary>The number of outputs, at least 1.</summary>
    public int Units { get; }

    /// <summary>
    /// How the weights begin. Default: <see cref="Initializer.Automatic"/>, which is <see cref="NormalInitializer.Glorot"/> here.
    /// </summary>
    public Initializer Weights { get; init => field = PropertyGuard.NotNull(value); } = Initializer.Automatic;

    /// <summary>How the biases begin. Default: zero. Without effect where there are none.</summary>
    public Initializer Biases { get; init => field = PropertyGuard.NotNull(value); } = ConstantInitializer.Zero;

    /// <summary>Whether there are biases. Default true.</summary>
    public bool HasBiases { get; init; } = true;

    /// <inheritdoc/>
    public override Shape OutputShape(Shape input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Units;
    }

    /// <inheritdoc/>
    public override LayerRuntime<T> CreateRuntime<T>(LayerBuild build)
    {
        ArgumentNullException.ThrowIfNull(build);
        return new DenseRuntime<T>(this, build);
    }
}
