using DeepLearn.Benchmarks.Measuring;

namespace DeepLearn.Benchmarks.Searches;

/// <summary>The quality of a sampler on a function: an element of the JSON that <c>ratios search</c> writes.</summary>
/// <param name="Sampler">The sampler.</param>
/// <param name="Function">The function.</param>
/// <param name="Trials">The number of trials of a search.</param>
/// <param name="Regrets">The regret of each search, by seed: the value of its best trial less the minimum.</param>
internal sealed record SearchRow(string Sampler, string Function, int Trials, double[] Regrets)
{
    /// <summary>The search's window.</summary>
    public int Window { get; init; } = 1;

    /// <summary>The version of the peer; null for ours.</summary>
    public string? Version { get; init; }

    /// <summary>The median regret with its quartiles.</summary>
    public Quartiles Regret => Statistics.QuartilesOf(Regrets);
}
