using DeepLearn.Search;
using DeepLearn.Search.Pruners;
using DeepLearn.Search.Stores;
using DeepLearn.Search.Trials;
using DeepLearn.Testing.Checks;

namespace DeepLearn.Testing;

/// <summary>What every <see cref="Pruner"/> promises, checked on one of them.</summary>
/// <example><code>PrunerContract.Check(new LimitPruner(0.3)).ThrowIfFailed();</code></example>
public static class PrunerContract
{
    // How many trials a search that is interrupted again and again ends each time.
    private const int MoreTrials = 3;

    /// <summary>Checks a pruner.</summary>
    /// <param name="pruner">The pruner.</param>
    /// <param name="options">What it is tried on; null for the defaults.</param>
    /// <returns>A check for each promise.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number in the options is too small.</exception>
    public static ContractReport Check(Pruner pruner, PrunerContractOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(pruner);
        options ??= new();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.EarlierResults, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Trials, 1);
        var checks = new CheckList(nameof(PrunerContract), pruner);
        ValueChecks.Add(checks, pruner, pruner with { });
        checks.Add("its description is the same in every culture", () => SmallSearch.ExpectDescription(() => pruner.Description));
        checks.Add(
            "reports and results of every kind are answered",
            () => Requests(options).ForEach(request => pruner.ShouldStop(request)));
        checks.Add("a decision is a function of its request", () => CheckPurity(pruner, options));
        checks.AddIf(!pruner.UsesHistory, "it says that it compares trials", "it compares trials only if it says so", () =>
        {
            foreach (PruneRequest request in Requests(options))
            {
                Expect.Equal(
                    Answer(pruner, request with { History = TrialHistory.Empty }),
                    Answer(pruner, request),
                    $"whether to stop at {request.Reports[^1]}, with {request.History.Count} earlier results as without");
            }
        });
        checks.Add("it changes nothing that it is told", () => CheckUntouched(pruner, options));
        checks.Add(
            "a search has the same results however it runs",
            () => CheckSearches(SmallSearch.Of(SmallSearch.Space, options.Trials, pruner: pruner)));
        return checks.ToReport();
    }

    // A trial with one report and with several, numbers and none, both directions, compared with nothing, with some and with all.
    private static List<PruneRequest> Requests(PrunerContractOptions options)
    {
        TrialResult[] all = SmallSearch.Results(0, options.EarlierResults + 1, SmallSearch.Space);
        Trial trial = all[^1].Trial;
        var requests = new List<PruneRequest>();
        foreach (SearchDirection direction in Enum.GetValues<SearchDirection>())
        {
            foreach (int earlier in new[] { 0, options.EarlierResults / 2, options.EarlierResults })
            {
                var history = new TrialHistory(all[..earlier]);
                foreach (double score in new[] { -1, 0.2, 0.5, 0.8, 1, double.NaN })
                {
                    requests.Add(new(trial, [new(0, score)], history, direction));
                    requests.Add(new(trial, [new(0, 0.3), new(2, double.NaN), new(5, score)], history, direction));
                }
            }
        }
        return requests;
    }

    private static string[] Answers(Pruner pruner, List<PruneRequest> requests) => [.. requests.Select(request => Answer(pruner, request))];

    // What it cannot answer is another check's affair.
    private static string Answer(Pruner pruner, PruneRequest request)
    {
        try
        {
            return pruner.ShouldStop(request) ? "stop" : "go on";
        }
        catch (Exception exception)
        {
            return exception.GetType().Name;
        }
    }

    private static void CheckPurity(Pruner pruner, PrunerContractOptions options)
    {
        List<PruneRequest> requests = Requests(options);
        string[] answers = Answers(pruner, requests);
        Pruner copy = pruner with { };
        for (int i = answers.Length - 1; i >= 0; i--)
        {
            string what =
                $"whether to stop at {requests[i].Reports[^1]} among {requests[i].History.Count} earlier results ({requests[i].Direction})";
            Expect.Equal(answers[i], Answer(pruner, requests[i]), $"{what}, asked again from the last request to the first");
            Expect.Equal(answers[i], Answer(copy, requests[i]), $"{what}, by an equal pruner");
        }
        Concurrently.ExpectSame(answers, () => Answers(pruner, requests), (expected, found) =>
            Expect.That(expected.SequenceEqual(found), "the same decisions", "others"));
    }

    private static void CheckUntouched(Pruner pruner, PrunerContractOptions options)
    {
        TrialResult[] earlier = SmallSearch.Results(0, options.EarlierResults, SmallSearch.Space);
        TrialReport[] reports = [new(0, 0.9), new(1, 0.1), new(2, 0.5)], reportsBefore = [.. reports];
        pruner.ShouldStop(new(earlier[0].Trial, reports, new TrialHistory(earlier), SearchDirection.Maximize));
        Expect.That(reports.SequenceEqual(reportsBefore), "the reports as they were", "others, or in another order");
    }

    // Forward, backwards, on threads; and canceled after the first trial, and then after a few more each time.
    private static void CheckSearches(CoarseToFineSearch search)
    {
        SmallSearch.ExpectSameHoweverRun(search);
        IReadOnlyList<TrialResult> expected = SmallSearch.Results(search, new InlineExecutor());
        var store = new MemoryTrialStore();
        while (store.Trials.Count + MoreTrials < search.TotalTrials)
            SmallSearch.Interrupt(search, store, MoreTrials);
        SmallSearch.ExpectSame(expected, SmallSearch.Results(search, new InlineExecutor(), store), "interrupted and resumed");
    }
}
