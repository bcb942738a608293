using DeepLearn.Search.Trials;

namespace DeepLearn.Search.Stores;

/// <summary>What every shared log checks.</summary>
internal static class LeaseCheck
{
    /// <summary>Throws unless a result is of the trial of a lease.</summary>
    public static void RequireOf(TrialLease lease, TrialResult result)
    {
        if (result.Trial.Stage != lease.Stage || result.Trial.Number != lease.Number)
        {
            throw new ArgumentException(
                $"Expected a result of stage {lease.Stage}, trial {lease.Number}, which the lease is for; found {result.Trial}.",
                nameof(result));
        }
    }
}
