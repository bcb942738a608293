using DeepLearn.Regularizers;
using DeepLearn.Testing;

namespace DeepLearn.Tests.Regularizers;

/// <summary>A row of the table of regularizers.</summary>
/// <param name="Name">What the row is called.</param>
/// <param name="Regularizer">The regularizer.</param>
/// <param name="Penalty">The penalty of one number, by the book.</param>
public sealed record RegularizerCase(string Name, Regularizer Regularizer, Func<double, double> Penalty)
{
    /// <summary>The table. A new regularizer joins by a row.</summary>
    public static IReadOnlyList<RegularizerCase> All { get; } =
    [
        new("none", Regularizer.None, w => 0),
        new("L2", new L2(0.3), w => 0.3 * w * w),
        new("L1", new L1(0.2), w => 0.2 * Math.Abs(w)),
        new("elastic net", new ElasticNet(0.2, 0.05), w => (0.2 * Math.Abs(w)) + (0.05 * w * w)),
        new("max-norm", new MaxNorm(0.8), w => 0),
        new("L1 and L2", new L1(0.2) + new L2(0.1), w => (0.2 * Math.Abs(w)) + (0.1 * w * w)),
        new("L2 twice and max-norm", new L2(0.2) + new L2(0.1) + new MaxNorm(0.5), w => 0.3 * w * w),
    ];

    /// <summary>What the suite may know of it.</summary>
    public RegularizerContractOptions Options => new() { PenaltyOfOne = Penalty };

    public override string ToString() => Name;
}
