namespace DeepLearn.Data;

// Weights of examples.
public abstract partial class Dataset
{
    /// <summary>
    /// How much each example counts in losses and metrics, at least 0 and finite; empty, the default, if each counts 1. Valid as long as
    /// the data set. A data set of your own may override it; views hand it on.
    /// </summary>
    public virtual ReadOnlySpan<double> Weights => default;

    /// <summary>This data set with a weight for each example, as a view: no example is copied.</summary>
    /// <remarks>
    /// A weight is a factor on the example's loss; metrics take it as a number of examples. A normalization's statistics ignore it. Weights
    /// correct for how examples were sampled, or express how certain their labels are. Choose weights whose mean is 1: the learning rate
    /// then keeps its meaning.
    /// </remarks>
    /// <param name="weights">The weights in the order of the examples, each finite and at least 0, one of them above 0; copied.</param>
    /// <exception cref="ArgumentException">There are not as many as examples, or one is out of its range, or all are 0.</exception>
    public Dataset WithWeights(ReadOnlySpan<double> weights)
    {
        if (weights.Length != Count)
            throw new ArgumentException($"There is a weight for each of the {Count} examples; found {weights.Length}.", nameof(weights));
        bool any = false;
        for (int i = 0; i < weights.Length; i++)
        {
            if (!double.IsFinite(weights[i]) || weights[i] < 0)
                throw new ArgumentException($"A weight is finite and at least 0; example {i} has {weights[i]}.", nameof(weights));
            any |= weights[i] > 0;
        }
        if (!any)
            throw new ArgumentException($"At least one of the weights is above 0; found {Count} that are 0.", nameof(weights));
        var indices = new int[Count];
        for (int i = 0; i < indices.Length; i++)
            indices[i] = i;
        return new Subset(this, indices, weights.ToArray());
    }
}
