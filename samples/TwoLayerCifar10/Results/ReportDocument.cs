namespace DeepLearn.Samples.TwoLayerCifar10.Results;

/// <summary>
/// What <c>report.json</c> says. A part that was not run is absent; accuracies are fractions; seconds are those of training alone.
/// </summary>
internal sealed record ReportDocument(
    DataInfo Data, IReadOnlyList<GradientCell>? Gradients, IReadOnlyList<CyclesRun>? Cycles, SearchOutcome? Search, FinalOutcome? Final);

/// <summary>The data that the parts were run on.</summary>
internal sealed record DataInfo(string Source, int TrainingExamples, int TestExamples, bool Quick, string Location, string Fingerprint);

/// <summary>A cell of the gradient tables: one case, one parameter.</summary>
internal sealed record GradientCell(string Case, string Parameter, double MaxAbsoluteDifference, double MaxRelativeDifference);

/// <summary>A run of the cycles part.</summary>
internal sealed record CyclesRun(long StepSize, int Cycles, double TestAccuracy, double Seconds, IReadOnlyList<CurvePoint> Curve);

/// <summary>A point of the learning curves, after <c>Step</c> updates.</summary>
internal sealed record CurvePoint(
    long Step,
    double LearningRate,
    double TrainingCost,
    double TrainingLoss,
    double TrainingAccuracy,
    double ValidationCost,
    double ValidationLoss,
    double ValidationAccuracy);

/// <summary>The search; <c>Seconds</c> is the time in which at least one trial was being trained.</summary>
internal sealed record SearchOutcome(IReadOnlyList<StageOutcome> Stages, double Seconds);

/// <summary>A stage of the search, its trials in the order in which they were drawn.</summary>
internal sealed record StageOutcome(int Cycles, IReadOnlyList<TrialOutcome> Trials);

/// <summary>A trial; the accuracy is null where training diverged.</summary>
internal sealed record TrialOutcome(double Lambda, double? ValidationAccuracy, ulong Seed, double Seconds);

/// <summary>The final run.</summary>
internal sealed record FinalOutcome(
    double Lambda,
    ulong Seed,
    long Steps,
    double TrainingAccuracy,
    double ValidationAccuracy,
    double TestAccuracy,
    double Seconds,
    string WeightsSha256);
