using DeepLearn.Foundation;
using DeepLearn.Tensors;

namespace DeepLearn.Testing;

/// <summary>What <see cref="MetricContract"/> may know of a metric, and the examples that it tries. An immutable value.</summary>
public sealed record MetricContractOptions
{
    /// <summary>The number of classes, at least 2. Default 5.</summary>
    public int Classes { get; init; } = 5;

    /// <summary>The number of examples, at least 3. Default 40.</summary>
    public int Examples { get; init; } = 40;

    /// <summary>The metric of outputs and labels, computed independently; null, the default, if that is not checked.</summary>
    public Func<Matrix<double>, int[], double>? ByTheBook { get; init; }

    /// <summary>The name of the random numbers.</summary>
    public RandomKey Key { get; init; } = RandomKey.FromSeed(1);
}
