namespace DeepLearn.Tools.Figures;

/// <summary>Figures that one experiment gives.</summary>
/// <param name="Name">What the command line calls it.</param>
/// <param name="Minutes">About how long it takes on two cores.</param>
/// <param name="What">What it runs, and where the figures stand.</param>
/// <param name="Make">Runs it and puts the figures into their pages.</param>
internal sealed record FigureSet(string Name, double Minutes, string What, Action<Workshop> Make)
{
    /// <summary>Whether <c>all</c> leaves it out, since it takes longer than all others.</summary>
    public bool IsOnlyByName { get; init; }
}
