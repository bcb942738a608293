using System.Collections.Concurrent;
using System.Diagnostics;
using DeepLearn.Foundation;
using DeepLearn.Search;
using DeepLearn.Search.Executors;
using DeepLearn.Search.Samplers;
using DeepLearn.Search.Spaces;
using DeepLearn.Search.Stores;
using DeepLearn.Search.Trials;

namespace DeepLearn.Benchmarks.Searches;

/// <summary>The time of the search itself: loading a journal, and suggesting the next trial.</summary>
internal static class SearchSpeed
{
    private const int Dimensions = 10, Suggestions = 21, JournalTrials = 100_000;

    private static readonly SearchSpace Space =
        new([.. Enumerable.Range(0, Dimensions).Select(i => (Dimension)new UniformDimension($"x{i}", -5, 10))]);

    /// <summary>Measures everything.</summary>
    public static IEnumerable<SpeedRow> Run()
    {
        foreach (SpeedRow row in new LoadSpeed(null).Run().Concat(Resume()))
            yield return row;
        foreach (int count in new[] { 1000, 10_000 })
        {
            foreach (Sampler sampler in new Sampler[]
            {
                new RandomSampler(), new SobolSampler(), new TpeSampler(), new CmaEsSampler(), new NsgaSampler(),
                new GaussianProcessSampler(),
            })
            {
                foreach (SpeedRow row in Suggest(sampler, count))
                    yield return row;
            }
        }
    }

    // The next trial of a running search, and the first trial after a journal was loaded.
    private static IEnumerable<SpeedRow> Suggest(Sampler sampler, int count)
    {
        TrialResult[] results = [.. Results(count + Suggestions)];
        var next = new List<double>();
        double first = 0;

        // All histories share one cache, as the histories of a stage do.
        ConcurrentDictionary<object, object> caches = [];
        for (int i = 0; i < Suggestions; i++)
        {
            var request = new SampleRequest(Space, RandomKey.FromSeed(1), 0, count + i)
            {
                History = new TrialHistory(results, count + i, caches),
                Direction = SearchDirection.Minimize,
            };
            long begin = Stopwatch.GetTimestamp();
            sampler.Sample(request);
            double took = Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
            if (i == 0)
                first = took;
            else
                next.Add(took);
        }
        yield return new($"{sampler.GetType().Name}, next trial", count, next.Order().ElementAt(next.Count / 2));
        yield return new($"{sampler.GetType().Name}, first trial after loading", count, first);
    }

    private static IEnumerable<SpeedRow> Resume()
    {
        string path = Path.Combine(Path.GetTempPath(), $"{Path.GetRandomFileName()}.jsonl");
        try
        {
            var search = new SingleStageSearch(Space, JournalTrials) { Seed = 1 };
            using (FileStream file = File.Create(path))
            {
                file.Write(JournalLine.Header(search.Identity()));
                foreach (TrialResult result in search.Run((trial, _, _) => new(trial.Value("x0"))).Stages[0].Results)
                {
                    file.Write(JournalLine.Started(result.Trial));
                    file.Write(JournalLine.Encode(result));
                }
            }
            var options = new SearchRunOptions { Store = new JournalTrialStore(path), Executor = new ThreadExecutor(1) };
            foreach (string how in new[] { "for the first time", "again" })
            {
                long begin = Stopwatch.GetTimestamp();
                search.Run((_, _, _) => throw new InvalidOperationException(), options);
                double resume = Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
                yield return new($"resuming a search of random trials to its end {how}", JournalTrials, resume);
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static IEnumerable<TrialResult> Results(int count)
    {
        for (int i = 0; i < count; i++)
        {
            SearchPoint point = new RandomSampler().Sample(new(Space, RandomKey.FromSeed(1), 0, i));
            double score = point.Parameters.Sum(parameter => parameter.Value.Number * parameter.Value.Number);
            yield return new(new Trial(0, i, 1, 0, point), TrialState.Completed, score);
        }
    }
}
