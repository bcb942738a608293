using DeepLearn.Foundation;
using DeepLearn.Search;
using DeepLearn.Search.Spaces;
using DeepLearn.Search.Trials;

namespace DeepLearn.Tests.Search;

/// <summary>What the tests of searches share.</summary>
internal static class Searches
{
    public static SearchSpace Space { get; } = new(
        new LogUniformDimension("lambda", 1e-5, 1e-1),
        new UniformDimension("momentum", 0, 0.99),
        new IntegerDimension("hidden", 10, 100),
        new CategoricalDimension("activation", "relu", "tanh", "gelu"));

    public static CoarseToFineSearch TwoStages(int trials = 3, ulong seed = 7) =>
        new(Space, new SearchStage(trials, 2), new SearchStage(trials + 1, 3)) { Seed = seed, Subject = "a test" };

    /// <summary>A score with one summit, a function of the trial alone.</summary>
    public static double Score(Trial trial)
    {
        double magnitude = Math.Log10(trial.Value("lambda")) + 2.6;
        double choice = trial.Choice("activation") == "relu" ? 0.1 : 0;
        return choice - (magnitude * magnitude) - (0.001 * Math.Abs(trial.Integer("hidden") - 50)) + (0.1 * trial.Value("momentum"));
    }

    public static TrialOutcome Objective(Trial trial, TrialContext context, CancellationToken cancellationToken) =>
        new(Score(trial)) { Metrics = [new("budget", trial.Budget), new("nothing", double.NaN)] };

    /// <summary>The same, with a wait that shuffles the order in which trials end, and with one trial in five that fails.</summary>
    public static TrialOutcome Restless(Trial trial, TrialContext context, CancellationToken cancellationToken)
    {
        Thread.Sleep(new Random().Next(3));
        return (trial.Seed % 10) switch
        {
            0 => throw new InvalidOperationException("no luck"),
            1 => new TrialOutcome(double.NaN),
            _ => Objective(trial, context, cancellationToken),
        };
    }

    /// <summary>The results without the one thing that differs from run to run.</summary>
    public static SearchResult Timeless(this SearchResult result) => new(
        [.. result.Stages.Select(stage => stage with { Results = Timeless(stage.Results), Ranked = Timeless(stage.Ranked) })],
        Timeless(result.Ranked));

    public static ValueList<TrialResult> Timeless(IEnumerable<TrialResult> results) =>
        [.. results.Select(result => result with { Seconds = 0, Run = null })];

    /// <summary>Progress that is told at once.</summary>
    public static IProgress<T> Progress<T>(Action<T> tell) => new Direct<T>(tell);

    private sealed class Direct<T>(Action<T> tell) : IProgress<T>
    {
        public void Report(T value) => tell(value);
    }
}
