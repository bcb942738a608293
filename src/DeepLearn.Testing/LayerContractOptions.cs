using DeepLearn.Foundation;
using DeepLearn.Tensors;

namespace DeepLearn.Testing;

/// <summary>What <see cref="LayerContract"/> tries a layer on. An immutable value.</summary>
public sealed record LayerContractOptions
{
    /// <summary>The number of examples of a small batch, at least 2. Default 5.</summary>
    public int Batch { get; init; } = 5;

    /// <summary>The number of examples of a batch that threads share, at least <see cref="Batch"/>. Default 48.</summary>
    public int LargeBatch { get; init; } = 48;

    /// <summary>The numbers of threads. Default 2 and 3.</summary>
    public ValueList<int> Threads { get; init => field = PropertyGuard.NotNull(value); } = [2, 3];

    /// <summary>
    /// Draws examples <c>[rows, columns]</c> by a key, for a layer that takes some numbers only, such as positive ones. Null, the default,
    /// for numbers from -1.7 to 1.7 that keep away from 0 and from each other, so that no kink lies near.
    /// </summary>
    public Func<RandomKey, int, int, Matrix<double>>? DrawExamples { get; init; }

    /// <summary>Shapes that the layer must refuse. Default none.</summary>
    public ValueList<Shape> RefusedShapes { get; init => field = PropertyGuard.NotNull(value); } = [];

    /// <summary>How many elements of each gradient are compared with differences, chosen at random; 0 for all. Default 24.</summary>
    public int GradientElements { get; init; } = 24;

    /// <summary>The largest difference of float from double, relative to the largest number of the pass. Default 2e-4.</summary>
    public double FloatTolerance { get; init; } = 2e-4;

    /// <summary>The seed of parameters, examples and noise. Default 1.</summary>
    public ulong Seed { get; init; } = 1;
}
