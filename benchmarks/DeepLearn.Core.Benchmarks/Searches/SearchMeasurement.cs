using DeepLearn.Search;
using DeepLearn.Search.Executors;
using DeepLearn.Search.Samplers;
using DeepLearn.Search.Trials;

namespace DeepLearn.Benchmarks.Searches;

/// <summary>Searches for the minima of functions with each sampler, for a number of seeds.</summary>
/// <param name="trials">The number of trials of a search.</param>
/// <param name="seeds">The number of searches.</param>
/// <param name="firstSeed">The seed of the first.</param>
internal sealed class SearchMeasurement(int trials, int seeds, int firstSeed)
{
    /// <summary>The samplers by name, each with the window of its search.</summary>
    public IReadOnlyList<(string Name, Sampler Sampler, int Window)> Samplers { get; } =
    [
        ("random", new RandomSampler(), 1),
        ("Sobol", new SobolSampler(), 1),
        ("Latin hypercube", new LatinHypercubeSampler(trials), 1),
        ("TPE", new TpeSampler(), 1),
        ("TPE, window 10", new TpeSampler(), 10),
        ("CMA-ES", new CmaEsSampler(), 1),
        ("CMA-ES, window 10", new CmaEsSampler(), 10),
        ("Gaussian process", new GaussianProcessSampler(), 1),
        ("Gaussian process, window 10", new GaussianProcessSampler(), 10),
    ];

    /// <summary>Runs the searches of a sampler on a function.</summary>
    public SearchRow Run((string Name, Sampler Sampler, int Window) sampler, TestFunction function)
    {
        double[] regrets =
        [
            .. Enumerable.Range(firstSeed, seeds).Select(seed => RegretOf(sampler.Sampler, sampler.Window, function, (ulong)seed)),
        ];
        return new(sampler.Name, function.Name, trials, regrets) { Window = sampler.Window };
    }

    private double RegretOf(Sampler sampler, int window, TestFunction function, ulong seed)
    {
        var search = new SingleStageSearch(function.Space, trials)
        {
            Sampler = sampler,
            Seed = seed,
            Window = window,
            Direction = SearchDirection.Minimize,
        };
        return search.Run((trial, _, _) => new(function.Regret(trial)), new() { Executor = new ThreadExecutor(1) }).Best!.Score;
    }
}
