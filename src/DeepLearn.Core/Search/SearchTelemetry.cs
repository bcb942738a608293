using System.Diagnostics;
using System.Diagnostics.Metrics;
using DeepLearn.Foundation;
using DeepLearn.Search.Trials;

namespace DeepLearn.Search;

/// <summary>What a search tells whoever listens to <see cref="Telemetry.Name"/>.</summary>
internal static class SearchTelemetry
{
    private static readonly Counter<long> Trials = Telemetry.Meter.CreateCounter<long>(
        "deeplearn.search.trials", "{trial}", "Trials that ended; the tag names their state.");

    private static readonly Histogram<double> Duration = Telemetry.Meter.CreateHistogram<double>(
        "deeplearn.search.trial.duration", "s", "Time that a trial took; the tag names its state.");

    /// <summary>The activity of a trial; null where nobody listens.</summary>
    public static Activity? Begin(Trial trial) => Telemetry.Activities.StartActivity("deeplearn.trial")
        ?.SetTag("deeplearn.trial.number", trial.Number).SetTag("deeplearn.trial.point", trial.Point.ToString());

    /// <summary>Tells of a trial that ended, and ends its activity.</summary>
    public static void End(Activity? activity, TrialResult result)
    {
        if (Trials.Enabled || Duration.Enabled)
        {
            var state = new KeyValuePair<string, object?>("state", result.State.ToString());
            Trials.Add(1, state);
            Duration.Record(result.Seconds, state);
        }
        activity?.SetTag("deeplearn.trial.score", result.Score)
            .SetStatus(result.State == TrialState.Failed ? ActivityStatusCode.Error : ActivityStatusCode.Ok, result.Error);
    }
}
