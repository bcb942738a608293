using DeepLearn.Benchmarks.Measuring;

namespace DeepLearn.Benchmarks.Ratios;

/// <summary>
/// Where the time of a training step goes: an element of the JSON that <c>ratios costs</c> writes. All times are in microseconds on one
/// thread; a difference is taken within each round, and its median and quartiles over the rounds.
/// </summary>
/// <param name="Network">The widths.</param>
/// <param name="Batch">The number of examples.</param>
/// <param name="Type">float or double.</param>
/// <param name="Parameters">The number of weights and biases.</param>
/// <param name="Flops">The floating-point operations of the step's products.</param>
/// <param name="Activations">The numbers that a batch is, from the inputs to the outputs: batch times the sum of the widths.</param>
/// <param name="Step">The whole step with plain gradient descent, on a batch of numbers that is there.</param>
internal sealed record StepCost(string Network, int Batch, string Type, long Parameters, double Flops, double Activations, Quartiles Step)
{
    /// <summary>What its matrix products would take at the FMA peak.</summary>
    public double Bound { get; init; }

    /// <summary>What its matrix products take, one after the other in the step's order.</summary>
    public Quartiles Products { get; init; }

    /// <summary>
    /// What plain gradient descent adds to them: the weights' gradients are added to the weights instead of written. Below zero where
    /// memory for gradients, beside the weights, would not have room in the caches.
    /// </summary>
    public Quartiles Update { get; init; }

    /// <summary>What the loss with its gradient takes.</summary>
    public Quartiles Loss { get; init; }

    /// <summary>What remains of the step: biases with their gradients and updates, activations, calls.</summary>
    public Quartiles Overhead { get; init; }

    /// <summary>
    /// What it adds that each batch is another one, whose bytes come from a loader and from memory. Below zero where bytes that are read
    /// once cost less than numbers that lie in a cache.
    /// </summary>
    public Quartiles DataPath { get; init; }

    /// <summary>What an L2 penalty adds to the step.</summary>
    public Quartiles L2 { get; init; }

    /// <summary>What momentum adds to the step.</summary>
    public Quartiles Momentum { get; init; }

    /// <summary>What Adam adds to the step.</summary>
    public Quartiles Adam { get; init; }

    /// <summary>The number of rounds behind the medians.</summary>
    public int Rounds { get; init; }

    /// <summary>The FMA peak of one core in GFLOP/s, the median of the rounds.</summary>
    public double PeakGflops { get; init; }
}
