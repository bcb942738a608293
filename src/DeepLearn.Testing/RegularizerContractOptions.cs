using DeepLearn.Foundation;

namespace DeepLearn.Testing;

/// <summary>What <see cref="RegularizerContract"/> may know of a regularizer, and the matrix that it tries. An immutable value.</summary>
public sealed record RegularizerContractOptions
{
    /// <summary>The rows of the matrix, at least 1. Default 7.</summary>
    public int Rows { get; init; } = 7;

    /// <summary>The columns of the matrix, at least 1. Default 5.</summary>
    public int Columns { get; init; } = 5;

    /// <summary>
    /// The size of the numbers, which lie from minus this to this and keep two thousandths of it from 0; above 0. Default 1.
    /// </summary>
    public double Scale { get; init; } = 1;

    /// <summary>
    /// The penalty of one number, computed independently, for a regularizer that sums over numbers; null, the default, if that is not
    /// checked.
    /// </summary>
    public Func<double, double>? PenaltyOfOne { get; init; }

    /// <summary>The largest difference of float from double, relative to numbers above 1 in size. Default 1e-6.</summary>
    public double FloatTolerance { get; init; } = 1e-6;

    /// <summary>The name of the random numbers.</summary>
    public RandomKey Key { get; init; } = RandomKey.FromSeed(1);
}
