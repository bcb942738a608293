using DeepLearn.Foundation;
using DeepLearn.Search.Trials;

namespace DeepLearn.Search;

/// <summary>
/// A trial that two processes ran, with results that differ: the objective is no function of its trial then. An immutable value.
/// </summary>
/// <param name="Accepted">The result that counts.</param>
/// <param name="Other">The one that came too late.</param>
/// <param name="Field">What differs, such as <c>score</c> or <c>metric "loss"</c>.</param>
public sealed record TrialDifference(TrialResult Accepted, TrialResult Other, string Field)
{
    /// <summary>What differs first; null where nothing does but the time that the trial took.</summary>
    internal static TrialDifference? Between(TrialResult accepted, TrialResult other)
    {
        string? field = accepted.Trial != other.Trial ? "trial"
            : accepted.State != other.State ? "state"
            : !accepted.Score.Equals(other.Score) ? "score"
            : FieldOf(accepted.Metrics, other.Metrics)
            ?? (!accepted.Reports.Equals(other.Reports) ? "reports" : accepted.Error != other.Error ? "error" : null);
        return field is null ? null : new(accepted, other, field);
    }

    /// <summary>The trial and what differs.</summary>
    public override string ToString() =>
        $"{Accepted.Trial}: two processes found another {Field}; expected the same, since a trial's result follows from the trial alone.";

    private static string? FieldOf(ValueList<TrialMetric> accepted, ValueList<TrialMetric> other)
    {
        for (int i = 0; i < Math.Max(accepted.Count, other.Count); i++)
        {
            if (i >= accepted.Count || i >= other.Count || !accepted[i].Equals(other[i]))
                return $"metric \"{(i < accepted.Count ? accepted[i] : other[i]).Name}\"";
        }
        return null;
    }
}
