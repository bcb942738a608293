using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Reporting.Terminal;
using DeepLearn.Samples.CommandLine;
using DeepLearn.Samples.CommandLine.Data;
using DeepLearn.Samples.TwoLayerCifar10.Results;

namespace DeepLearn.Samples.TwoLayerCifar10;

/// <summary>What every part is given.</summary>
/// <param name="Settings">The command line.</param>
/// <param name="Data">The images.</param>
/// <param name="Store">Where results are kept.</param>
/// <param name="Terminal">Where progress is shown.</param>
/// <param name="Workers">The threads of training.</param>
/// <param name="Stop">Canceled on Ctrl-C.</param>
internal sealed record Experiment(
    SampleSettings Settings, SampleData Data, ResultStore Store, ReportTerminal Terminal, WorkerPool Workers, CancellationToken Stop)
{
    public DatasetCollection Collection => Data.Collection;

    /// <summary>A number of examples or steps of the report, or a tenth of it with <c>--quick</c>.</summary>
    public int Scaled(int number) => Settings.Quick ? number / 10 : number;
}
