namespace DeepLearn.Samples.BeyondTheReport.Results;

/// <summary>What <c>report.json</c> says: the experiments that were finished, in the order of the shelf.</summary>
internal sealed record ReportDocument(DataInfo Data, IReadOnlyList<ExperimentResult> Experiments);

/// <summary>The data that the experiments were made on.</summary>
internal sealed record DataInfo(
    string Source, int TrainingExamples, int TestExamples, bool Quick, ulong Seed, string Location, string Fingerprint);
