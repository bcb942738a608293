using BenchmarkDotNet.Configs;

namespace DeepLearn.Benchmarks.Columns;

/// <summary>
/// Gives the benchmarks of a class columns for GFLOP/s, the share of the machine's measured FMA peak, and GB/s. The work of a call comes
/// from a parameter that implements <see cref="IWork"/>, the element type from the first type argument of the class, and the number of
/// threads from a parameter named <c>Threads</c>, if there is one. A column without values is not shown.
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
