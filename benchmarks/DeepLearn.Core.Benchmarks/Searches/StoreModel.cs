namespace DeepLearn.Benchmarks.Searches;

/// <summary>How many workers a store carries, from what a second of it holds of each kind of call.</summary>
/// <param name="ClaimsPerSecond">Claims.</param>
/// <param name="CompletionsPerSecond">Completions.</param>
/// <param name="HeartbeatsPerSecond">Renewals of leases.</param>
/// <param name="QuestionsPerSecond">Questions for news.</param>
internal sealed record StoreModel(
    double ClaimsPerSecond, double CompletionsPerSecond, double HeartbeatsPerSecond, double QuestionsPerSecond)
{
    /// <summary>
    /// The workers that keep the store busy: a trial costs a claim and a completion, a lease three heartbeats with a question each.
    /// </summary>
    /// <param name="trialSeconds">How long a trial takes.</param>
    /// <param name="leaseSeconds">The length of a lease.</param>
    public double Workers(double trialSeconds, double leaseSeconds)
    {
        double perTrial = (1 / ClaimsPerSecond) + (1 / CompletionsPerSecond);
        double perLease = 3 * ((1 / HeartbeatsPerSecond) + (1 / QuestionsPerSecond));
        return 1 / ((perTrial / trialSeconds) + (perLease / leaseSeconds));
    }

    /// <summary>The model of what was measured with the most processes.</summary>
    /// <param name="rows">The rows of <c>StoreSpeed</c>.</param>
    public static StoreModel Of(IEnumerable<SpeedRow> rows)
    {
        SpeedRow[] all = [.. rows];
        double PerSecond(string what) => 1000 / all.Last(row => row.What.StartsWith($"{what}, ", StringComparison.Ordinal)).Milliseconds;
        return new(PerSecond("claims"), PerSecond("completions"), PerSecond("heartbeats"), PerSecond("questions for news"));
    }
}
