using System.Diagnostics.Metrics;
using BenchmarkDotNet.Attributes;
using DeepLearn.Foundation;
using DeepLearn.Training;

namespace DeepLearn.Benchmarks.Steps;

/// <summary>What a training step spends on telling of itself: with nobody who listens, and with a listener to all metrics.</summary>
[MemoryDiagnoser(displayGenColumns: false)]
public class TelemetryBenchmarks
{
    private MeterListener? _listener;

    /// <summary>Whether somebody listens.</summary>
    [Params(false, true)]
    public bool IsHeard { get; set; }

    /// <summary>Begins to listen, or not.</summary>
    [GlobalSetup]
    public void Prepare()
    {
        if (!IsHeard)
            return;
        _listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == Telemetry.Name)
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        _listener.SetMeasurementEventCallback<long>((_, _, _, _) => { });
        _listener.SetMeasurementEventCallback<double>((_, _, _, _) => { });
        _listener.Start();
    }

    /// <summary>Stops listening.</summary>
    [GlobalCleanup]
    public void End() => _listener?.Dispose();

    /// <summary>All that the trainer calls for the metrics of a step.</summary>
    [Benchmark]
    public void Step() => TrainingTelemetry.Step(TrainingTelemetry.Begin(), 100, 1.5, 0.01);
}
