using System.Diagnostics;
using System.Diagnostics.Metrics;
using DeepLearn.Foundation;

namespace DeepLearn.Training;

/// <summary>What a run tells whoever listens to <see cref="Telemetry.Name"/>.</summary>
internal static class TrainingTelemetry
{
    private static readonly Counter<long> Steps = Telemetry.Meter.CreateCounter<long>(
        "deeplearn.training.steps", "{step}", "Updates made.");

    private static readonly Counter<long> Examples = Telemetry.Meter.CreateCounter<long>(
        "deeplearn.training.examples", "{example}", "Examples trained on, each as often as it came.");

    private static readonly Histogram<double> Duration = Telemetry.Meter.CreateHistogram<double>(
        "deeplearn.training.step.duration", "s", "Time that an update took, with its batch.");

    private static readonly Gauge<double> Loss = Telemetry.Meter.CreateGauge<double>(
        "deeplearn.training.loss", description: "Loss of the last batch.");

    private static readonly Gauge<double> Rate = Telemetry.Meter.CreateGauge<double>(
        "deeplearn.training.learning_rate", description: "Learning rate of the last update.");

    private static readonly Gauge<double> Evaluated = Telemetry.Meter.CreateGauge<double>(
        "deeplearn.evaluation.value",
        description: "Value of the last evaluation; the tags name the set (training, validation) and the value (loss, cost, a metric).");

    /// <summary>When a step begins; 0 where nobody wants to know how long it takes.</summary>
    public static long Begin() => Duration.Enabled ? Stopwatch.GetTimestamp() : 0;

    /// <summary>Tells of a step.</summary>
    public static void Step(long begun, int examples, double loss, double rate)
    {
        Steps.Add(1);
        Examples.Add(examples);
        Loss.Record(loss);
        Rate.Record(rate);
        if (begun != 0)
            Duration.Record(Stopwatch.GetElapsedTime(begun).TotalSeconds);
    }

    /// <summary>Tells of an evaluation.</summary>
    public static void Point(TrainingPoint point)
    {
        if (!Evaluated.Enabled)
            return;
        Tell("training", point.Training);
        if (point.Validation is { } validation)
            Tell("validation", validation);
    }

    /// <summary>The activity of a run; null where nobody listens.</summary>
    public static Activity? Run(long steps, long done) => Telemetry.Activities.StartActivity("deeplearn.training")
        ?.SetTag("deeplearn.steps.total", steps).SetTag("deeplearn.steps.done", done);

    /// <summary>The activity of an evaluation; null where nobody listens.</summary>
    public static Activity? Evaluation(string set, int examples) => Telemetry.Activities.StartActivity("deeplearn.evaluation")
        ?.SetTag("deeplearn.set", set).SetTag("deeplearn.examples", examples);

    private static void Tell(string set, Evaluation evaluation)
    {
        Record("loss", evaluation.Loss);
        Record("cost", evaluation.Cost);
        foreach (MetricValue metric in evaluation.Metrics)
            Record(metric.Name, metric.Value);

        void Record(string name, double value) =>
            Evaluated.Record(value, new KeyValuePair<string, object?>("set", set), new KeyValuePair<string, object?>("value", name));
    }
}
