using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Tensors;

namespace DeepLearn.Models;

/// <summary>Makes models from specifications.</summary>
/// <example><code>
/// Model&lt;float&gt; forTraining = network.Build&lt;float&gt;(training.ExampleShape, seed: 1);
/// Model&lt;double&gt; forChecking = network.Build&lt;double&gt;(training.ExampleShape, seed: 1);
/// </code></example>
public static class ModelBuilding
{
    /// <summary>Builds the runtime of a network: infers every shape and initializes every parameter.</summary>
    /// <remarks>
    /// The same network, input and seed give the same model; at float it begins with the rounded values of the model at double.
    /// </remarks>
    /// <typeparam name="T"><see cref="float"/> for training, <see cref="double"/> for checking.</typeparam>
    /// <param name="network">The network: a <see cref="Sequential"/>, or any one layer.</param>
    /// <param name="inputShape">The shape of one example.</param>
    /// <param name="seed">The seed of the initial parameters.</param>
    /// <exception cref="ShapeMismatchException">A layer does not take what the one before it gives.</exception>
    public static Model<T> Build<T>(this Layer network, Shape inputShape, ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(inputShape);
        // The name is part of every seed's meaning: spelled otherwise, it would draw other weights.
        RandomKey key = RandomKey.FromSeed(seed).Derive("initialisation");
        return new(network, network.CreateRuntime<T>(new LayerBuild(inputShape, "", key)));
    }

    /// <summary>
    /// The number of numbers that a network would have in its parameters and buffers, without building it. Layers that are not the
    /// library's are not counted.
    /// </summary>
    /// <param name="network">The network: a <see cref="Sequential"/>, or any one layer.</param>
    /// <param name="inputShape">The shape of one example.</param>
    /// <returns>The number, or <see cref="long.MaxValue"/> for more.</returns>
    /// <exception cref="ShapeMismatchException">A layer does not take what the one before it gives.</exception>
    public static long CountNumbers(this Layer network, Shape inputShape)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(inputShape);
        return ParameterCounting.CountOf(network, inputShape);
    }
}
