using System.CommandLine;
using DeepLearn.Data;
using DeepLearn.Reporting;
using DeepLearn.Reporting.Tables;
using DeepLearn.Reporting.Terminal;
using DeepLearn.Samples.CommandLine;
using DeepLearn.Samples.CommandLine.Data;
using DeepLearn.Samples.CommandLine.Files;
using DeepLearn.Search;
using DeepLearn.Search.Executors;
using DeepLearn.Search.PostgreSql;
using DeepLearn.Search.Stores;

namespace DeepLearn.Samples.HyperparameterSearch;

/// <summary>A search for the hyper-parameters of a network, in one process, in several, or on several machines.</summary>
internal static class Program
{
    private const string PageName = "search.html";

    private static readonly SampleOptions Options = new(Path.Combine("out", "hyperparameter-search"));

    private static readonly Option<int?> Workers = SampleOptions.Number<int>(
        "--workers", "N", "How many processes of this machine run trials.", 1, "a whole number from 1 to 256", n => n is >= 1 and <= 256);

    private static readonly Option<int?> Trials = SampleOptions.Number<int>(
        "--trials", "N", "How many trials the search has; may be raised later. [default: 64, with --quick 12]", null,
        "a whole number from 1 to 100000", n => n is >= 1 and <= 100_000);

    private static readonly Option<double?> Minutes = SampleOptions.Number<double>(
        "--minutes", "X", "After so many minutes no trial begins; the same command goes on. [default: no limit]", null,
        "a number above 0 and at most 10000", minutes => minutes is > 0 and <= 10_000);

    private static readonly Option<string?> Postgres = new("--postgres")
    {
        HelpName = "CONNECTION",
        Description = "A database for the processes of several machines: Host=...;Database=...;Username=...;Password=... "
            + "[default: a journal in --out]",
    };

    private static readonly Option<int?> Worker = new("--worker") { Hidden = true };

    public static int Main(string[] arguments)
    {
        var root = new RootCommand(
            "Searches for the hyper-parameters of a dense network and writes a page. Any number of processes share the search.");
        foreach (Option option in (Option[])[Workers, Trials, Minutes, Postgres, Worker])
            root.Options.Add(option);
        Options.AddTo(root);
        return SampleHost.Run(root, arguments, (parsed, stop) => Work(parsed, arguments, stop), HowToGoOn);
    }

    private static void Work(ParseResult parsed, string[] arguments, CancellationToken stop)
    {
        SampleSettings settings = Options.Read(parsed);
        OutputFolder folder = OutputFolder.Open(settings.Out);
        bool isWorker = parsed.GetValue(Worker) is not null;
        int workers = parsed.GetValue(Workers)!.Value;
        var terminal = isWorker ? new ReportTerminal(TextWriter.Null) : new ReportTerminal();
        SampleData data = SampleData.Load(settings, PixelOrder.Planar, terminal, stop);
        var images = new ImageSearch(data, settings, parsed.GetValue(Trials) ?? (settings.Quick ? 12 : 64));
        string name = Format.Text($"{data.Source}-{data.Fingerprint}-seed-{settings.Seed}{(settings.Quick ? "-quick" : "")}");
        SharedTrialStore store = StoreOf(parsed.GetValue(Postgres), folder, name);
        var options = new SearchRunOptions
        {
            Store = store,
            Executor = new ThreadExecutor(workers > 1 || isWorker ? 1 : settings.Threads),
            TimeLimit = parsed.GetValue(Minutes) is { } minutes ? TimeSpan.FromMinutes(minutes) : Timeout.InfiniteTimeSpan,
        };
        if (parsed.GetValue(Worker) is { } number)
        {
            // All of them hear of every trial; one keeps the page.
            using LiveSearchPage? page = number == 0 ? new(images.Search, folder.PathOf(PageName), new WorkerVoice()) : null;
            images.Search.Run(images.Objective, options with { Progress = page ?? (IProgress<SearchProgress>)new WorkerVoice() }, stop);
            return;
        }
        SearchResult result;
        if (workers == 1)
        {
            terminal.Line(Format.Text($"{images.Search.TotalTrials} trials, {settings.Threads} at once in this process."));
            try
            {
                using var page = new LiveSearchPage(images.Search, folder.PathOf(PageName));
                result = terminal.Search(images.Search, images.Objective, options with { Progress = page }, stop);
            }
            catch (SearchCanceledException stopped)
            {
                SampleHost.WriteBeforeLeaving(() => SavePage(images.Search, stopped.Partial, folder));
                throw;
            }
        }
        else
        {
            terminal.Line(Format.Text($"{images.Search.TotalTrials} trials in {workers} processes."));
            WorkerProcesses.Run(arguments, workers, images.Search.TotalTrials, terminal, stop);
            result = StoredResult.Of(images.Search, store);
            SampleHost.WriteBeforeLeaving(() => SavePage(images.Search, result, folder));
            stop.ThrowIfCancellationRequested();
        }
        SavePage(images.Search, result, folder);
        terminal.Table(SearchFigures.Best(images.Search, result, count: 5));
        if (result.Ranked.Count < images.Search.TotalTrials)
            terminal.Line(Format.Text($"{result.Ranked.Count} of {images.Search.TotalTrials} trials so far; the same command goes on."));
        terminal.Line($"Page: {folder.PathOf(PageName)}");
    }

    private static SharedTrialStore StoreOf(string? connection, OutputFolder folder, string name)
    {
        if (connection is null)
            return new SharedJournalTrialStore(folder.PathOf($"{name}.jsonl"));
        try
        {
            return new PostgreSqlTrialStore(connection, name);
        }
        catch (ArgumentException exception)
        {
            throw new SampleException(exception.Message);
        }
    }

    private static void SavePage(SingleStageSearch search, SearchResult result, OutputFolder folder)
    {
        SearchPage.Of(search, result).Save(folder.PathOf(PageName));
        SearchFigures.ParallelCoordinates(search, result).Save(folder.PathOf("search.svg"));
    }

    private static string HowToGoOn(ParseResult parsed) => parsed.GetValue(Postgres) is null
        ? $"The trials are kept in {Path.GetFullPath(Options.Read(parsed).Out)}; the same command goes on from there."
        : "The trials are kept in the database; the same command goes on from there.";
}
