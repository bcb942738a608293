using System.Diagnostics.Metrics;
using DeepLearn.Foundation;

namespace DeepLearn.Models.Predictors;

/// <summary>What predictors tell whoever listens to <see cref="Telemetry.Name"/>.</summary>
internal static class PredictionTelemetry
{
    private static readonly Counter<long> Predictions = Telemetry.Meter.CreateCounter<long>(
        "deeplearn.predictions", "{example}", "Examples predicted.");

    private static readonly Counter<long> Refused = Telemetry.Meter.CreateCounter<long>(
        "deeplearn.predictions.refused", "{example}", "Examples whose outputs were not finite, so that they were refused.");

    /// <summary>Tells of examples that were predicted.</summary>
    public static void Predicted(int examples) => Predictions.Add(examples);

    /// <summary>Tells of an example that was refused.</summary>
    public static void Refuse() => Refused.Add(1);
}
