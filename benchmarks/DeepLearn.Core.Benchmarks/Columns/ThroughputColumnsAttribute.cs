using BenchmarkDotNet.Configs;

namespace DeepLearn.Benchmarks.Columns;

/// <summary>
/// Gives the benchmarks of a class columns for GFLOP/s, the share of the machine's measured FMA peak, and GB/s. How much work a call is
/// they take from a parameter that is <see cref="IWork"/>; the element type from the class's first type argument; the number of threads
/// from a parameter named <c>Threads</c>, if there is one. A column that nothing is counted for is not shown.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ThroughputColumnsAttribute : Attribute, IConfigSource
{
    /// <inheritdoc/>
    public IConfig Config { get; } = ManualConfig.CreateEmpty().AddColumn(
        new ThroughputColumn(ThroughputKind.Operations),
        new ThroughputColumn(ThroughputKind.ShareOfPeak),
        new ThroughputColumn(ThroughputKind.Bytes));
}
