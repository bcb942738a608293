using System.Globalization;
using DeepLearn.Benchmarks.Measuring;

namespace DeepLearn.Benchmarks.Searches;

/// <summary>The regrets of a sampler of ours and of one of a peer on a function, and whether they differ beyond chance.</summary>
/// <param name="Ours">Ours.</param>
/// <param name="Peer">The peer's.</param>
internal sealed record SearchComparison(SearchRow Ours, SearchRow Peer)
{
    /// <summary>A difference that would come about by chance in fewer than this part of the cases is one.</summary>
    public const double Significance = 0.05;

    // What is compared with what: learning from each trial, and ten under way together.
    private static readonly (string Ours, string Peer)[] Pairs =
    [
        ("TPE", "TPE"),
        ("TPE", "TPE multivariate"),
        ("CMA-ES", "CMA-ES"),
        ("TPE, window 10", "TPE, batches of 10"),
        ("TPE, window 10", "TPE multivariate, batches of 10"),
        ("CMA-ES, window 10", "CMA-ES, batches of 10"),
        ("TPE, window 10", "TPE, window 10"),
        ("TPE, window 10", "TPE multivariate, window 10"),
        ("CMA-ES, window 10", "CMA-ES, window 10"),
    ];

    /// <summary>The head of the table.</summary>
    public static IEnumerable<string> Head =>
    [
        "| function | ours | median regret (quartiles) | Optuna's | median regret (quartiles) | p | ours is |",
        "| --- | --- | --- | --- | --- | ---: | --- |",
    ];

    /// <summary>The probability of such a difference by chance, by the two-sided rank-sum test.</summary>
    public double Probability => Statistics.RankSumProbability(Ours.Regrets, Peer.Regrets);

    /// <summary>What the test says.</summary>
    public string Verdict => Probability >= Significance ? "level" : Ours.Regret.Median < Peer.Regret.Median ? "better" : "WORSE";

    /// <summary>The row of the table.</summary>
    public string Row => string.Create(
        CultureInfo.InvariantCulture,
        $"| {Ours.Function} | {Ours.Sampler} | {Cell(Ours)} | {Peer.Sampler} | {Cell(Peer)} | {Probability:g2} | {Verdict} |");

    /// <summary>A median with its quartiles.</summary>
    public static string Cell(SearchRow row) => string.Create(
        CultureInfo.InvariantCulture, $"{row.Regret.Median:g3} ({row.Regret.Lower:g2}-{row.Regret.Upper:g2})");

    /// <summary>All comparisons for which there are both, with the same number of trials.</summary>
    /// <param name="ours">Ours.</param>
    /// <param name="peers">The peer's.</param>
    public static IEnumerable<SearchComparison> Of(IReadOnlyList<SearchRow> ours, IReadOnlyList<SearchRow> peers) =>
        from pair in Pairs
        from own in ours
        where own.Sampler == pair.Ours
        from peer in peers
        where peer.Sampler == pair.Peer && peer.Function == own.Function && peer.Trials == own.Trials
        select new SearchComparison(own, peer);
}
