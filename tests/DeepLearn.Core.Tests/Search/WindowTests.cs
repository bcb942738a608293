using DeepLearn.Search;
using DeepLearn.Search.Executors;
using DeepLearn.Search.Samplers;
using DeepLearn.Search.Spaces;
using DeepLearn.Search.Stores;
using DeepLearn.Search.Trials;
using Xunit;

namespace DeepLearn.Tests.Search;

/// <summary>Trial n depends on trials 0 to n - L and on no others, whenever they end.</summary>
public class WindowTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    public void Search_window_gives_the_same_results_for_any_executor_and_after_interruption(int window)
    {
        var search = new SingleStageSearch(Searches.Space, 25) { Sampler = new Counting(), Window = window, Seed = 2 };
        SearchResult expected = search.Run(Searches.Restless, new() { Executor = new InlineExecutor() }).Timeless();
        for (int i = 0; i < 25; i++)
            Assert.Equal(Math.Max(0, i - window + 1), expected.Stages[0].Results[i].Trial.Integer("hidden") - 10);
        Assert.Equal(expected, search.Run(Searches.Restless, new() { Executor = new InlineExecutor(window) }).Timeless());
        Assert.Equal(expected, search.Run(Searches.Restless, new() { Executor = new ThreadExecutor(5) }).Timeless());
        for (int stop = 1; stop < 25; stop += 4)
        {
            var store = new MemoryTrialStore();
            using var cancellation = new CancellationTokenSource();
            var progress = Searches.Progress<SearchProgress>(p =>
            {
                if (p.Kind == SearchProgressKind.Finished && p.FinishedTrials >= stop)
                    cancellation.Cancel();
            });
            var options = new SearchRunOptions { Store = store, Progress = progress, Executor = new InlineExecutor(window) };
            Assert.Throws<SearchCanceledException>(() => search.Run(Searches.Restless, options, cancellation.Token));
            Assert.Equal(stop, store.Trials.Count);
            Assert.Equal(expected, search.Run(Searches.Restless, new() { Store = store, Executor = new ThreadExecutor(3) }).Timeless());
        }
    }

    [Fact]
    public void Search_window_lets_later_trials_begin_before_earlier_ones_end()
    {
        // Trial 0 ends only when trial 2 has begun, which a stage in groups of three would allow, and trial 3 when trial 5 has.
        using var second = new ManualResetEventSlim();
        using var fifth = new ManualResetEventSlim();
        SearchResult result = new SingleStageSearch(Searches.Space, 7) { Sampler = new Counting(), Window = 3 }.Run(
            (trial, _, _) =>
            {
                if (trial.Number is 2)
                    second.Set();
                if (trial.Number is 5)
                    fifth.Set();
                if (trial.Number is 0 or 3)
                    Assert.True((trial.Number is 0 ? second : fifth).Wait(TimeSpan.FromSeconds(30)));
                return new(1);
            },
            new() { Executor = new ThreadExecutor(3) });
        Assert.All(result.Ranked, trial => Assert.Null(trial.Error));
    }

    [Fact]
    public void Search_window_is_part_of_its_identity_only_where_it_changes_something()
    {
        var search = new SingleStageSearch(Searches.Space, 3);
        Assert.Equal(search.Identity(), (search with { Window = 3 }).Identity());
        Assert.Equal("3", (search with { Window = 3, Sampler = new Counting() }).Identity().ValueOf("window"));
    }

    /// <summary>Says in a value how much it was shown, and checks that it was shown the right trials.</summary>
    private sealed record Counting : Sampler
    {
        public override string Description => "counting";

        public override SearchPoint Sample(SampleRequest request)
        {
            Assert.Equal(Enumerable.Range(0, request.History.Count), request.History.Select(result => result.Trial.Number));

            // What is under way has the points that it has, or will have when another thread or process makes it.
            int seen = request.History.Count, window = seen == 0 ? int.MaxValue : request.Number - seen + 1;
            Assert.Equal(
                Enumerable.Range(seen, request.Number - seen).Select(number => 10.0 + Math.Max(0, number - window + 1)),
                request.Pending.Select(point => point["hidden"].Number));
            return new RandomSampler().Sample(request) is var point
                ? request.Space.Point(dimension => dimension.Name == "hidden" ? new(10.0 + request.History.Count) : point[dimension.Name])
                : throw new InvalidOperationException();
        }
    }
}
