namespace DeepLearn.Samples.BeyondTheReport.Results;

/// <summary>What an experiment found. What it has not measured is absent.</summary>
/// <param name="Name">What the command line calls it.</param>
/// <param name="Runs">Its runs, in the order of the table's rows.</param>
internal sealed record ExperimentResult(string Name, IReadOnlyList<NamedRun> Runs)
{
    /// <summary>A range test of the learning rate.</summary>
    public SweepOutcome? Sweep { get; init; }

    /// <summary>Ensembles of the ends of the first cycles.</summary>
    public IReadOnlyList<EnsembleOutcome>? Ensembles { get; init; }

    /// <summary>The highest test accuracy of its runs; null where none has one.</summary>
    public double? Best => Runs.Max(run => run.Outcome.TestAccuracy);
}

/// <summary>A run under the name that its experiment gives it: several may share a run.</summary>
internal sealed record NamedRun(string Name, RunOutcome Outcome);

/// <summary>A range test.</summary>
/// <param name="Minimum">The rate from which on the loss falls; null where it never did.</param>
/// <param name="Maximum">The rate up to which it falls well.</param>
/// <param name="Diverged">Whether the sweep ended because the loss grew.</param>
/// <param name="Points">The sweep, step by step.</param>
internal sealed record SweepOutcome(double? Minimum, double? Maximum, bool Diverged, IReadOnlyList<SweepPoint> Points);

/// <summary>A step of a range test.</summary>
internal sealed record SweepPoint(double Rate, double Loss, double SmoothedLoss);

/// <summary>What the ends of the first cycles come to on the test set.</summary>
/// <param name="Cycles">How many cycles.</param>
/// <param name="LastAccuracy">The accuracy of the network at the end of the last of them alone.</param>
/// <param name="AverageAccuracy">That of the mean of all their probabilities.</param>
/// <param name="VoteAccuracy">That of the majority of their votes.</param>
internal sealed record EnsembleOutcome(int Cycles, double LastAccuracy, double AverageAccuracy, double VoteAccuracy);
