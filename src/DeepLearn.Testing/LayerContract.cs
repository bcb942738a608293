using DeepLearn.Layers;
using DeepLearn.Tensors;
using DeepLearn.Testing.Checks;

namespace DeepLearn.Testing;

/// <summary>What every <see cref="Layer"/> and its runtime promise, checked on one of them for one shape.</summary>
/// <remarks>
/// What a layer declares of itself (<see cref="LayerTraits"/>, <see cref="IFusesRelu{T}"/>) is taken at its word: what it says that it does
/// not read holds NaN, and what it says that it can do is asked of it.
/// </remarks>
/// <example><code>LayerContract.Check(new Scale(0.5), new Shape(4, 4, 3)).ThrowIfFailed();</code></example>
public static class LayerContract
{
    /// <summary>Checks a layer.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="input">The shape of one example before it.</param>
    /// <param name="options">What it is tried on; null for the defaults.</param>
    /// <returns>A check for each promise.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number in the options is too small.</exception>
    public static ContractReport Check(Layer layer, Shape input, LayerContractOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(layer);
        ArgumentNullException.ThrowIfNull(input);
        options ??= new();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Batch, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.LargeBatch, options.Batch);
        var subject = new LayerSubject(layer, input, options);
        var checks = new CheckList(nameof(LayerContract), $"{layer} on {input}");
        ValueChecks.Add(checks, layer, layer with { });
        LayerBuildChecks.Add(checks, subject);
        LayerPassChecks.Add(checks, subject);
        LayerTraitChecks.Add(checks, subject);
        return checks.ToReport();
    }
}
