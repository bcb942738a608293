using DeepLearn.Foundation;

namespace DeepLearn.Testing;

/// <summary>What <see cref="LossContract"/> may know of a loss, and the batches that it tries. An immutable value.</summary>
public sealed record LossContractOptions
{
    /// <summary>The number of examples in a batch, at least 2. Default 6.</summary>
    public int Batch { get; init; } = 6;

    /// <summary>The number of outputs, at least 1. Default 5.</summary>
    public int Outputs { get; init; } = 5;

    /// <summary>The number of classes that labels choose from; null, the default, for as many as there are outputs.</summary>
    public int? Classes { get; init; }

    /// <summary>The number of values of an example; null, the default, for as many as there are outputs.</summary>
    public int? ValuesPerExample { get; init; }

    /// <summary>
    /// What the rows of values are; null, the default, for probabilities where the loss takes labels too, and for any numbers where it does
    /// not.
    /// </summary>
    public LossValues? Values { get; init; }

    /// <summary>The size of the outputs, which lie evenly from minus this to this; above 0. Default 2.</summary>
    public double Scale { get; init; } = 2;

    /// <summary>Outputs of this size, of either sign, must give finite numbers still; above 0. Default 10,000.</summary>
    public double HugeOutput { get; init; } = 1e4;

    /// <summary>The largest difference of float from double, relative to numbers above 1 in size. Default 1e-5.</summary>
    public double FloatTolerance { get; init; } = 1e-5;

    /// <summary>How many elements of the gradient are compared with differences, chosen at random; 0 for all. Default 200.</summary>
    public int GradientElements { get; init; } = 200;

    /// <summary>How examples keep away from kinks, where no difference tells a derivative; null, the default, if there are none.</summary>
    public LossKinkDistance? KinkDistance { get; init; }

    /// <summary>The name of the random numbers.</summary>
    public RandomKey Key { get; init; } = RandomKey.FromSeed(1);
}
