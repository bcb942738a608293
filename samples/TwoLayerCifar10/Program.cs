using System.CommandLine;
using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Reporting.Tables;
using DeepLearn.Reporting.Terminal;
using DeepLearn.Samples.CommandLine;
using DeepLearn.Samples.CommandLine.Data;
using DeepLearn.Samples.CommandLine.Files;
using DeepLearn.Samples.TwoLayerCifar10.Report;
using DeepLearn.Samples.TwoLayerCifar10.Results;

namespace DeepLearn.Samples.TwoLayerCifar10;

/// <summary>A student report on a two-layer network for CIFAR-10, from its gradient check to its test accuracy, in one command.</summary>
internal static class Program
{
    private static readonly SampleOptions Options = new(Path.Combine("out", "two-layer-cifar10"));

    private static readonly Option<double?> Lambda = SampleOptions.Number<double>(
        "--lambda",
        "X",
        "The lambda of the final part. [default: the best one that the search found, or the report's 0.002584 when the part runs alone]",
        null,
        "a finite number of at least 0",
        lambda => double.IsFinite(lambda) && lambda >= 0);

    public static int Main(string[] arguments)
    {
        var root = new RootCommand("Trains a two-layer network on CIFAR-10 and writes a report: all four parts, or one of them.");
        root.Subcommands.Add(new Command("gradients", "The analytic gradient against numeric ones."));
        root.Subcommands.Add(new Command("cycles", "Learning curves under a cyclical learning rate."));
        root.Subcommands.Add(new Command("search", "Coarse-to-fine random search for lambda; goes on from its journal in --out."));
        root.Subcommands.Add(new Command("final", "The chosen lambda on as much data as there is."));
        root.Options.Add(Lambda);
        Options.AddTo(root);
        return SampleHost.Run(root, arguments, Work, HowToGoOn);
    }

    private static void Work(ParseResult parsed, CancellationToken stop)
    {
        SampleSettings settings = Options.Read(parsed);
        string part = parsed.CommandResult.Command is RootCommand ? "all" : parsed.CommandResult.Command.Name;
        OutputFolder folder = OutputFolder.Open(settings.Out);
        var terminal = new ReportTerminal();
        SampleData data = SampleData.Load(settings, PixelOrder.Planar, terminal, stop);
        string size = Format.Text($"{data.Collection.Training.Count:n0} training and {data.Collection.Test.Count:n0} test images");
        string quick = settings.Quick ? ", a QUICK run: a tenth of the size" : "";
        terminal.Line(Format.Text($"{size}, seed {settings.Seed}, {settings.Threads} threads{quick}."));
        string name = Format.Text($"{data.Source}-{data.Fingerprint}-seed-{settings.Seed}{(settings.Quick ? "-quick" : "")}");
        var store = new ResultStore(folder.Inner(Path.Combine("results", name)));
        using var workers = new WorkerPool(settings.Threads);
        var experiment = new Experiment(settings, data, store, terminal, workers, stop);
        try
        {
            Run(part, experiment, folder, parsed.GetValue(Lambda));
        }
        catch (OperationCanceledException)
        {
            SampleHost.WriteBeforeLeaving(() => ReportWriter.Write(experiment, folder));
            throw;
        }
        ShowTables(part, experiment);
        terminal.Line();
        terminal.Line($"Report: {folder.PathOf("report.html")}");
    }

    private static void Run(string part, Experiment experiment, OutputFolder folder, double? lambda)
    {
        if (part is "all" or "gradients")
        {
            experiment.Store.Gradients = GradientsPart.Run(experiment);
            ReportWriter.Write(experiment, folder);
        }
        if (part is "all" or "cycles")
        {
            experiment.Store.Cycles = CyclesPart.Run(experiment);
            ReportWriter.Write(experiment, folder);
        }
        TrialOutcome? best = null;
        if (part is "all" or "search")
        {
            SearchPartResult search = SearchPart.Run(experiment);
            experiment.Store.Search = search;
            best = search.Best;
            ReportWriter.Write(experiment, folder);
        }
        if (part is "all" or "final")
        {
            (double chosen, string origin) = (lambda, best) switch
            {
                ({ } given, _) => (given, "given by --lambda"),
                (_, { } found) => (found.Lambda, "the best found"),
                _ => (FinalPart.ReportedLambda, "the report's"),
            };
            experiment.Store.Final = FinalPart.Run(experiment, chosen, origin);
            ReportWriter.Write(experiment, folder);
        }
    }

    private static void ShowTables(string part, Experiment experiment)
    {
        if (part is "all" or "gradients")
            ShowAll(ReportTables.Gradients(experiment.Store.Gradients!));
        if (part is "all" or "cycles")
            ShowAll([ReportTables.Cycles(experiment.Store.Cycles!)]);
        if (part is "all" or "search")
            ShowAll(ReportTables.BestTrials(experiment.Store.Search!));
        if (part is "all" or "final")
            ShowAll([ReportTables.Final(experiment.Store.Final!)]);

        void ShowAll(IEnumerable<ReportTable> tables)
        {
            foreach (ReportTable table in tables)
                experiment.Terminal.Table(table);
        }
    }

    private static string HowToGoOn(ParseResult parsed) =>
        $"What was finished is kept in {Path.GetFullPath(Options.Read(parsed).Out)}; "
        + "the same command goes on from there, the search from its journal.";
}
