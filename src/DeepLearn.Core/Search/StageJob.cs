using DeepLearn.Search.Trials;

namespace DeepLearn.Search;

/// <summary>A trial on its way through a <see cref="StageQueue"/>: from its turn to its beginning. Locked by the queue.</summary>
/// <param name="index">Its place in the stage.</param>
/// <param name="history">What it may see.</param>
internal sealed class StageJob(int index, TrialHistory history)
{
    /// <summary>Its place in the stage.</summary>
    public int Index => index;

    /// <summary>What it may see.</summary>
    public TrialHistory History => history;

    /// <summary>Whether it was given to an executor.</summary>
    public bool IsTaken { get; set; }

    /// <summary>Whether it has begun.</summary>
    public bool HasBegun { get; set; }
}
