namespace DeepLearn.Samples.TwoLayerCifar10.Results;

/// <summary>The search with what the report tells of it beyond <c>report.json</c>.</summary>
/// <param name="Outcome">The stages that were begun, with the trials that have ended.</param>
/// <param name="Ranges">The range of lambda in each of them.</param>
/// <param name="PlannedTrials">The number of trials of the whole search.</param>
internal sealed record SearchPartResult(SearchOutcome Outcome, IReadOnlyList<LambdaRange> Ranges, int PlannedTrials)
{
    /// <summary>The number of trials that have ended.</summary>
    public int FinishedTrials => Outcome.Stages.Sum(stage => stage.Trials.Count);

    /// <summary>
    /// The trial with the highest validation accuracy, of all stages; the later one of equals. Null where none was completed.
    /// </summary>
    public TrialOutcome? Best => Outcome.Stages
        .SelectMany(stage => stage.Trials)
        .Where(trial => trial.ValidationAccuracy is not null)
        .Reverse()
        .MaxBy(trial => trial.ValidationAccuracy);
}

/// <summary>Where lambda was looked for.</summary>
internal sealed record LambdaRange(double Minimum, double Maximum);
