using DeepLearn.Foundation;
using DeepLearn.Search;
using DeepLearn.Search.Executors;
using DeepLearn.Search.Pruners;
using DeepLearn.Search.Samplers;
using DeepLearn.Search.Spaces;
using DeepLearn.Search.Stores;
using DeepLearn.Search.Trials;
using DeepLearn.Testing;
using Xunit;

namespace DeepLearn.Tests.Search.Stores;

/// <summary>The contract of stores. A new one joins by a row of <see cref="All"/>: its name, and how to make one in a folder.</summary>
public sealed class TrialStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Names => [.. All.Keys];

    private static Dictionary<string, Func<TemporaryFolder, TrialStore>> All { get; } = new()
    {
        ["memory"] = _ => new MemoryTrialStore(),
        ["journal"] = folder => new JournalTrialStore(folder.File("trials.jsonl")),
        ["shared journal"] = folder => new SharedJournalTrialStore(folder.File("trials.jsonl")),
    };

    public static TheoryData<string> NamesOfUnshared => [.. All.Keys.Except(["shared journal"])];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void TrialStore_keeps_the_contract(string name)
    {
        var memory = new Dictionary<string, TrialStore>();
        TrialStoreContract.Check(store =>
        {
            if (name == "journal")
                return new JournalTrialStore(_folder.File($"{store}.jsonl"));
            if (name == "shared journal")
                return new SharedJournalTrialStore(_folder.File($"{store}.jsonl"));
            if (!memory.TryGetValue(store, out TrialStore? known))
                memory[store] = known = All[name](_folder);
            return known;
        }).ThrowIfFailed();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void TrialStore_search_goes_on_from_where_it_stopped(string name)
    {
        CoarseToFineSearch search = Searches.TwoStages(4);
        SearchResult expected = search.Run(Searches.Restless).Timeless();
        TrialStore store = All[name](_folder);
        int runs = 0;
        for (int stop = 0; stop <= 9; stop += 3)
        {
            using var cancellation = new CancellationTokenSource();
            TrialOutcome Objective(Trial trial, TrialContext context, CancellationToken cancellationToken)
            {
                if (runs == stop)
                    cancellation.Cancel();
                cancellationToken.ThrowIfCancellationRequested();
                runs++;
                return Searches.Restless(trial, context, cancellationToken);
            }
            var options = new SearchRunOptions { Store = store, Executor = InlineExecutor.Backwards };
            if (stop < 9)
                Assert.Throws<SearchCanceledException>(() => search.Run(Objective, options, cancellation.Token));
            else
                Assert.Equal(expected, search.Run(Objective, options, cancellation.Token).Timeless());
        }
        Assert.Equal(9, runs);

        // Nothing is left to run, and progress says so.
        var told = new List<SearchProgress>();
        SearchResult again = search.Run(
            (_, _, _) => throw new InvalidOperationException(),
            new() { Store = store, Progress = Searches.Progress<SearchProgress>(told.Add) });
        Assert.Equal(expected, again.Timeless());
        Assert.Equal(9, told.Count);
        Assert.All(told, progress => Assert.Equal(SearchProgressKind.Resumed, progress.Kind));
    }

    [Theory]
    [MemberData(nameof(NamesOfUnshared))]
    public void TrialStore_second_search_at_the_same_time_is_refused(string name)
    {
        TrialStore store = All[name](_folder);
        CoarseToFineSearch search = Searches.TwoStages();
        var seen = new List<string>();
        search.Run((trial, context, token) =>
        {
            TrialStore other = name == "memory" ? store : All[name](_folder);
            string message = Assert.Throws<TrialStoreException>(() => search.Run(Searches.Objective, new() { Store = other })).Message;
            lock (seen)
                seen.Add(message);
            return Searches.Objective(trial, context, token);
        }, new() { Store = store });
        Assert.Equal(7, seen.Count);
        Assert.All(seen, message => Assert.Contains("in use by another search", message));
        Assert.Equal(7, search.Run(Searches.Objective, new() { Store = store }).Ranked.Count(r => r.State == TrialState.Completed));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void TrialStore_another_search_is_refused_with_what_differs(string name)
    {
        TrialStore store = All[name](_folder);
        CoarseToFineSearch search = Searches.TwoStages();
        search.Run(Searches.Objective, new() { Store = store });
        SearchSpace wider = Searches.Space.With(new IntegerDimension("hidden", 10, 200));
        var others = new (HyperparameterSearch Search, string Field, string Expected, string Found)[]
        {
            (search with { Seed = 8 }, "seed", "8", "7"),
            (search with { Subject = "another test" }, "subject", "another test", "a test"),
            (search with { Direction = SearchDirection.Minimize }, "direction", "minimize", "maximize"),
            (search with { Sampler = new GridSampler(2) }, "sampler", "grid of 2 points", "random"),
            (search with { Pruner = new MedianPruner() }, "pruner", new MedianPruner().Description, "none"),
            (new CoarseToFineSearch(wider, [.. search.Stages]) { Seed = 7, Subject = "a test" },
                "space", wider.ToString(), search.Space.ToString()),
            (new CoarseToFineSearch(Searches.Space, search.Stages[0], new SearchStage(4, 4)) { Seed = 7, Subject = "a test" },
                "stage 1",
                "budget 4, around the best 3 of the stages before on its budget, margin 0.1",
                "budget 3, around the best 3 of the stages before on its budget, margin 0.1"),
        };
        foreach ((HyperparameterSearch other, string field, string expected, string found) in others)
        {
            var exception = Assert.Throws<IdentityMismatchException>(() => other.Run(Searches.Objective, new() { Store = store }));
            Assert.Equal((field, expected, found), (exception.Field, exception.Expected, exception.Found));
            Assert.Contains($"expected {field} \"{expected}\", found \"{found}\"", exception.Message);
        }

        // It is left as it was.
        search.Run((trial, _, _) => throw new InvalidOperationException($"{trial} was run again"), new() { Store = store });
        Assert.Equal(7, search.Run(Searches.Objective, new() { Store = store }).Ranked.Count(r => r.State == TrialState.Completed));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void TrialStore_more_trials_may_be_added_later(string name)
    {
        TrialStore store = All[name](_folder);
        var search = new SingleStageSearch(Searches.Space, 4) { Seed = 3 };
        SearchResult few = search.Run(Searches.Objective, new() { Store = store });
        int runs = 0;
        SearchResult many = new SingleStageSearch(Searches.Space, 10) { Seed = 3 }.Run(
            (trial, context, token) =>
            {
                Interlocked.Increment(ref runs);
                return Searches.Objective(trial, context, token);
            },
            new() { Store = store });
        Assert.Equal(6, runs);
        Assert.Equal(few.Stages[0].Results, many.Stages[0].Results.Take(4));
        Assert.Equal(4, search.Run(Searches.Objective, new() { Store = store }).Ranked.Count);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void TrialStore_sampler_that_changed_under_the_same_description_is_found_out(string name)
    {
        TrialStore store = All[name](_folder);
        HyperparameterSearch search = Searches.TwoStages() with { Sampler = new Middle(0.4) };
        search.Run(Searches.Objective, new() { Store = store });

        // The first trial takes longest to be found out.
        var exception = Assert.Throws<IdentityMismatchException>(
            () => (search with { Sampler = new Middle(0.6, DawdlesAtFirst: true) }).Run(
                Searches.Objective, new() { Store = store, Executor = new ThreadExecutor(4) }));

        // All trials differ; on any number of threads the first is named.
        Assert.Equal("trial 0 of stage 0", exception.Field);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void TrialStore_trial_that_ends_the_process_again_and_again_becomes_a_failed_one(string name)
    {
        TrialStore store = All[name](_folder);
        CoarseToFineSearch search = Searches.TwoStages();
        Trial poison = search.Run(Searches.Objective).Stages[0].Results[1].Trial;
        for (int start = 1; start <= 3; start++)
        {
            using TrialLog log = store.Open(search.Identity());
            Assert.Equal(start - 1, log.StartsOf(poison));
            log.Start(poison);
        }
        var run = new HashSet<int>();
        SearchResult result = search.Run(
            (trial, context, token) =>
            {
                if (trial.Stage == 0)
                    run.Add(trial.Number);
                return Searches.Objective(trial, context, token);
            },
            new() { Store = store, Executor = new InlineExecutor() });
        Assert.Equal([0, 2], run);
        Assert.Equal(TrialState.Failed, result.Stages[0].Results[1].State);
        Assert.Contains("ended 3 times while the trial was under way", result.Stages[0].Results[1].Error);
        Assert.Equal(result, search.Run((_, _, _) => throw new InvalidOperationException(), new() { Store = store }));

        // One more crash is allowed, so that it is begun again.
        SearchResult again = search.Run(Searches.Objective, new() { Store = store, RunFailedAgain = true });
        Assert.Equal(search.Run(Searches.Objective).Timeless(), again.Timeless());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void TrialStore_canceled_trials_do_not_count_as_ones_that_ended_the_process(string name)
    {
        TrialStore store = All[name](_folder);
        CoarseToFineSearch search = Searches.TwoStages();
        for (int i = 0; i < 5; i++)
        {
            using var cancellation = new CancellationTokenSource();
            Assert.Throws<SearchCanceledException>(() => search.Run(
                (_, _, token) =>
                {
                    cancellation.Cancel();
                    token.ThrowIfCancellationRequested();
                    return new(1);
                },
                new() { Store = store },
                cancellation.Token));
        }
        SearchResult result = search.Run(Searches.Objective, new() { Store = store });
        Assert.All(result.Ranked, trial => Assert.Equal(TrialState.Completed, trial.State));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void TrialStore_failed_trials_run_again_give_what_the_search_would_have_found_without_the_failures(string name)
    {
        TrialStore store = All[name](_folder);
        CoarseToFineSearch search = Searches.TwoStages(6);
        SearchResult expected = search.Run(Searches.Objective).Timeless();
        int best = expected.Stages[0].Ranked[0].Trial.Number;
        search.Run(
            (trial, context, token) => trial is { Stage: 0 } && trial.Number == best
                ? throw new InvalidOperationException("a path that is wrong")
                : Searches.Objective(trial, context, token),
            new() { Store = store });
        int runs = 0;
        SearchResult mended = search.Run(
            (trial, context, token) =>
            {
                Interlocked.Increment(ref runs);
                return Searches.Objective(trial, context, token);
            },
            new() { Store = store, RunFailedAgain = true });
        Assert.Equal(expected, mended.Timeless());
        Assert.InRange(runs, 2, 8);
        Assert.Equal(mended, search.Run((_, _, _) => throw new InvalidOperationException(), new() { Store = store }));
    }

    private sealed record Middle(double Position, bool DawdlesAtFirst = false) : Sampler
    {
        public override string Description => "middle";

        public override SearchPoint Sample(SampleRequest request)
        {
            if (DawdlesAtFirst && request.Number == 0)
                Thread.Sleep(50);
            return request.Space.Point(dimension => dimension.At(Position));
        }
    }
}
