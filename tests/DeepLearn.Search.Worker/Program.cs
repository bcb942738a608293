using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DeepLearn.Search;
using DeepLearn.Search.Executors;
using DeepLearn.Search.PostgreSql;
using DeepLearn.Search.Pruners;
using DeepLearn.Search.Samplers;
using DeepLearn.Search.Spaces;
using DeepLearn.Search.Stores;
using DeepLearn.Search.Trials;

// none | journal PATH | postgres CONNECTION NAME, then the number of trials, the milliseconds of a seventh of a trial's longest step, the
// lease in milliseconds, and a file for which the last trial waits, or "-". Prints the digest of the results.
TrialStore? store = args[0] switch
{
    "none" => null,
    "journal" => new SharedJournalTrialStore(args[1]),
    _ => new PostgreSqlTrialStore(args[1], args[2]),
};
int trials = int.Parse(args[^4], CultureInfo.InvariantCulture), pace = int.Parse(args[^3], CultureInfo.InvariantCulture);
var lease = TimeSpan.FromMilliseconds(int.Parse(args[^2], CultureInfo.InvariantCulture));
string gate = args[^1];
var space = new SearchSpace(
    new LogUniformDimension("rate", 1e-4, 1),
    new IntegerDimension("width", 1, 64),
    new CategoricalDimension("activation", "relu", "tanh", "gelu"));
var search = new CoarseToFineSearch(space, new SearchStage(trials - (trials / 3), 1), new SearchStage(trials / 3, 2))
{
    Sampler = new TpeSampler(),
    Pruner = new MedianPruner(),
    Window = 8,
    Seed = 5,
    Subject = "a search among accidents",
};
try
{
    SearchResult result = search.Run(Objective, new()
    {
        Store = store,
        Executor = new ThreadExecutor(1),
        Lease = lease,
        StoreTimeout = TimeSpan.FromMinutes(3),
        Crashes = int.MaxValue,
        FailuresInARow = int.MaxValue,
    });
    foreach (TrialDifference difference in result.Differences)
        Console.WriteLine($"difference {difference}");
    string all = string.Join('\n', result.Stages.SelectMany(stage => stage.Results)
        .Select(trial => TrialResultJson.Write(trial with { Seconds = 0, Run = null })));
    Console.WriteLine($"digest {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all)))}");
    return 0;
}
catch (TrialStoreException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}

TrialOutcome Objective(Trial trial, TrialContext context, CancellationToken stop)
{
    double score = -Math.Abs(Math.Log10(trial.Value("rate")) + 2) - (0.01 * Math.Abs(trial.Integer("width") - 20));
    for (int step = 0; step < 4; step++)
    {
        if (store is not null)
            Thread.Sleep(pace * (int)(trial.Seed % 8));
        if (!context.Report(step, score - (1.0 / (1 + step))))
            break;
    }
    while (gate != "-" && trial is { Stage: 1 } && trial.Number == (trials / 3) - 1 && !File.Exists(gate))
        Thread.Sleep(20);
    return trial.Seed % 9 == 0
        ? throw new InvalidOperationException("A trial that fails.")
        : new TrialOutcome(score) { Metrics = [new("budget", trial.Budget)] };
}
