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
/// <param name="Activations">The numbers of a batch from inputs to outputs: batch times the sum of the widths.</param>
/// <param name="Step">The whole step with plain gradient descent, on a batch of numbers in memory.</param>
internal sealed record StepCost(string Network, int Batch, string Type, long Parameters, double Flops, double Activations, Quartiles Step)
{
    /// <summary>The time of its matrix products at the FMA peak.</summary>
    public double Bound { get; init; }

    /// <summary>The time of its matrix products alone, in the order of the step.</summary>
    public Quartiles Products { get; init; }

    /// <summary>
    /// The additional time when gradients are added to the weights instead of written. It is negative if separate gradients would not fit
    /// in the caches beside the weights.
    /// </summary>
    public Quartiles Update { get; init; }

    /// <summary>The time of the loss with its gradient.</summary>
    public Quartiles Loss { get; init; }

    /// <summary>The rest of the step: biases with their gradients and updates, activations, calls.</summary>
    public Quartiles Overhead { get; init; }

    /// <summary>
    /// The additional time when each step takes another batch of bytes from a loader, out of memory. It is negative if reading bytes once
    /// costs less than reading numbers from a cache.
    /// </summary>
    public Quartiles DataPath { get; init; }

    /// <summary>The additional time of an L2 penalty.</summary>
    public Quartiles L2 { get; init; }

    /// <summary>The additional time of momentum.</summary>
    public Quartiles Momentum { get; init; }

    /// <summary>The additional time of Adam.</summary>
    public Quartiles Adam { get; init; }

    /// <summary>The number of rounds behind the medians.</summary>
    public int Rounds { get; init; }

    /// <summary>The FMA peak of one core in GFLOP/s, the median of the rounds.</summary>
    public double PeakGflops { get; init; }
}
