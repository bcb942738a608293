namespace DeepLearn.Samples.TwoLayerCifar10.Results;

/// <summary>The final run with what the report tells of it beyond <c>report.json</c>.</summary>
internal sealed record FinalPartResult(
    FinalOutcome Outcome,
    long StepSize,
    int Cycles,
    int TrainingExamples,
    int ValidationExamples,
    string LambdaOrigin,
    IReadOnlyList<CurvePoint> Curve);
