using System.CommandLine;
using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Reporting.Tables;
using DeepLearn.Reporting.Terminal;
using DeepLearn.Samples.BeyondTheReport.Report;
using DeepLearn.Samples.BeyondTheReport.Results;
using DeepLearn.Samples.CommandLine;
using DeepLearn.Samples.CommandLine.Data;
using DeepLearn.Samples.CommandLine.Files;

namespace DeepLearn.Samples.BeyondTheReport;

/// <summary>What the student report on the two-layer network left for later: named experiments on CIFAR-10, all in one report.</summary>
internal static class Program
{
    private static readonly SampleOptions Options = new(Path.Combine("out", "beyond-the-report"));

    private static readonly Argument<string[]> Names = new("NAME")
    {
        Description = "The experiments to make; by default all but those that 'list' marks.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<bool> Page = new("--page")
    {
        Description = "Keep training.html in --out: a page of the run under way, which a browser loads again by itself.",
        Arity = ArgumentArity.Zero,
    };

    public static int Main(string[] arguments)
    {
        Names.Validators.Add(result =>
        {
            foreach (string name in result.Tokens.Select(token => token.Value).Where(name => Shelf.Find(name) is null))
                result.AddError($"There is no experiment or option '{name}'; the experiments are {Shelf.Names}.");
        });
        var root = new RootCommand(
            "Experiments beyond the report on the two-layer network: trains networks on CIFAR-10 and writes one report on all of them.");
        root.Arguments.Add(Names);
        root.Options.Add(Page);
        root.Subcommands.Add(new Command("list", "Lists the experiments, with the time that each takes."));
        Options.AddTo(root);
        return SampleHost.Run(root, arguments, Work, HowToGoOn);
    }

    private static void Work(ParseResult parsed, CancellationToken stop)
    {
        var terminal = new ReportTerminal();
        if (parsed.CommandResult.Command is not RootCommand)
        {
            terminal.Table(ReportTables.Shelf());
            return;
        }
        SampleSettings settings = Options.Read(parsed);
        OutputFolder folder = OutputFolder.Open(settings.Out);
        SampleData data = SampleData.Load(settings, PixelOrder.ChannelsLast, terminal, stop);
        terminal.Line(
            $"{Format.Count(data.Collection.Training.Count)} training and {Format.Count(data.Collection.Test.Count)} test images, "
            + $"seed {settings.Seed}, {settings.Threads} threads{(settings.Quick ? ", a QUICK run: a tenth of the size" : "")}.");
        string name = Format.Text($"{data.Source}-{data.Fingerprint}-seed-{settings.Seed}{(settings.Quick ? "-quick" : "")}");
        var store = new ResultStore(folder.Inner(Path.Combine("results", name)));
        var writer = new ReportWriter(settings, data, store, folder);
        using var workers = new WorkerPool(settings.Threads);

        string[] asked = parsed.GetValue(Names) ?? [];
        Experiment[] experiments = [.. Shelf.Experiments.Where(
            experiment => asked.Length == 0 ? !experiment.OnlyByName : asked.Contains(experiment.Name))];
        foreach (Experiment experiment in experiments)
        {
            terminal.Heading(experiment.Title);
            var laboratory = new Laboratory(settings, data, store, terminal, workers, experiment.ValidationImages, stop)
            {
                Page = parsed.GetValue(Page) ? folder.PathOf("training.html") : null,
            };
            ExperimentResult result = experiment.Run(laboratory);
            store.KeepExperiment(result);
            writer.Write(result);
            foreach (ReportTable table in ReportTables.Of(experiment, result))
                terminal.Table(table);
        }
        terminal.Line();
        terminal.Line($"Report: {folder.PathOf("report.html")}");
    }

    private static string HowToGoOn(ParseResult parsed) =>
        $"What was finished is kept in {Path.GetFullPath(Options.Read(parsed).Out)}; the same command goes on with the run that it was in.";
}
