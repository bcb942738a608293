using System.Text.Json.Serialization;

namespace DeepLearn.Samples.TwoLayerCifar10.Results;

/// <summary>The code that writes and reads results, generated at compile time: it needs no reflection.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(ReportDocument))]
[JsonSerializable(typeof(IReadOnlyList<GradientCell>))]
[JsonSerializable(typeof(IReadOnlyList<CyclesRun>))]
[JsonSerializable(typeof(SearchPartResult))]
[JsonSerializable(typeof(FinalPartResult))]
internal sealed partial class ResultsJson : JsonSerializerContext;
