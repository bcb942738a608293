namespace DeepLearn.Kernels.Convolution;

/// <summary>A share of the results of some examples: of their channels, by panels, and of their rows.</summary>
/// <param name="Panels">Which of the panels of all groups.</param>
/// <param name="Rows">Which rows of each phase's grid.</param>
internal readonly record struct GatherShare(Share Panels, Share Rows)
{
    /// <summary>All there is.</summary>
    public static GatherShare Whole => new(Share.Whole, Share.Whole);

    /// <summary>How many numbers of an example's results the share has.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="channels">The channels of the share.</param>
    public int Numbers(GatherPlan plan, int channels)
    {
        int positions = 0;
        foreach (GatherPhase phase in plan.Phases)
            positions += (Rows.End(phase.Rows) - Rows.First(phase.Rows)) * phase.Columns;
        return positions * channels;
    }
}
