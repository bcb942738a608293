using System.Text.Json.Serialization;

namespace DeepLearn.Samples.BeyondTheReport.Results;

/// <summary>The code that writes and reads results, generated at compile time: it needs no reflection.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(ReportDocument))]
[JsonSerializable(typeof(ExperimentResult))]
[JsonSerializable(typeof(RunOutcome))]
internal sealed partial class ResultsJson : JsonSerializerContext;
