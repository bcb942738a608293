using System.Globalization;
using DeepLearn.Foundation;
using DeepLearn.Search;
using DeepLearn.Search.Executors;
using DeepLearn.Search.Pruners;
using DeepLearn.Search.Samplers;
using DeepLearn.Search.Spaces;
using DeepLearn.Search.Stores;
using DeepLearn.Search.Trials;

namespace DeepLearn.Testing.Checks;

/// <summary>A small search whose objective is arithmetic: what samplers, pruners and stores are tried with.</summary>
internal static class SmallSearch
{
    /// <summary>How far a trial looks back: trial n sees trials 0 to n - Window of its stage.</summary>
    public const int Window = 3;

    private const int ReportsPerTrial = 6;

    /// <summary>One hyper-parameter of each kind.</summary>
    public static SearchSpace Space { get; } = new(
        new LogUniformDimension("lambda", 1e-5, 1e-1),
        new UniformDimension("momentum", 0, 0.99),
        new IntegerDimension("hidden", 10, 100),
        new CategoricalDimension("activation", "relu", "tanh", "gelu"));

    /// <summary>Two stages, the second around the best of the first.</summary>
    public static CoarseToFineSearch Of(SearchSpace space, int trials, Sampler? sampler = null, Pruner? pruner = null) =>
        new(space, new SearchStage(trials, 1), new SearchStage(trials, 2))
        {
            Seed = 7,
            Window = Window,
            Subject = "a contract",
            Sampler = sampler ?? new RandomSampler(),
            Pruner = pruner ?? new NoPruner(),
        };

    /// <summary>
    /// A learning curve that rises to a score, which is a function of the trial alone. One trial in six fails, and one has no number.
    /// </summary>
    public static TrialOutcome Objective(Trial trial, TrialContext context, CancellationToken cancellationToken)
    {
        double score = 0;
        for (int step = 0; step < ReportsPerTrial; step++)
        {
            score = Score(trial) - (1.0 / (1 + step));
            if (!context.Report(step, score))
                break;
        }
        return (trial.Seed % 6) switch
        {
            0 => throw new InvalidOperationException("A trial of the contract that fails."),
            1 => new TrialOutcome(double.NaN),
            _ => new TrialOutcome(score),
        };
    }

    public static double Score(Trial trial) => new Random((int)trial.Seed).NextDouble();

    /// <summary>The results of a search, without the seconds that they took.</summary>
    public static TrialResult[] Results(CoarseToFineSearch search, TrialExecutor executor, TrialStore? store = null)
    {
        SearchResult result = ResultOf(() => search.Run(Objective, new() { Executor = executor, Store = store }));
        return [.. result.Stages.SelectMany(stage => stage.Results).Select(trial => trial with { Seconds = 0, Run = null })];
    }

    /// <summary>What a search found, also where none of its trials was completed, as with a pruner that spares none.</summary>
    public static SearchResult ResultOf(Func<SearchResult> run)
    {
        try
        {
            return run();
        }
        catch (SearchFailedException exception)
        {
            return exception.Partial;
        }
    }

    /// <summary>Runs a search from its store until some more trials have ended.</summary>
    public static void Interrupt(CoarseToFineSearch search, TrialStore store, int trials)
    {
        int runs = 0;
        using var cancellation = new CancellationTokenSource();
        try
        {
            search.Run(CancelOr, new() { Store = store, Executor = new InlineExecutor(Window) }, cancellation.Token);
        }
        catch (SearchCanceledException)
        {
            return;
        }
        throw new ExpectationException($"a search that is canceled after {trials} trials", "one that ended before");

        TrialOutcome CancelOr(Trial trial, TrialContext context, CancellationToken cancellationToken)
        {
            if (runs++ == trials)
                cancellation.Cancel();
            cancellationToken.ThrowIfCancellationRequested();
            return Objective(trial, context, cancellationToken);
        }
    }

    /// <summary>Expects that a search has the same results forward, backwards and on threads.</summary>
    public static void ExpectSameHoweverRun(CoarseToFineSearch search)
    {
        TrialResult[] expected = Results(search, new InlineExecutor());
        ExpectSame(expected, Results(search, new InlineExecutor(Window)), "run backwards within its window");
        ExpectSame(expected, Results(search, new ThreadExecutor(3)), "run on three threads");
    }

    public static void ExpectSame(IReadOnlyList<TrialResult> expected, IReadOnlyList<TrialResult> found, string how)
    {
        Expect.Equal(expected.Count, found.Count, $"the number of trials of a search {how}");
        for (int i = 0; i < expected.Count; i++)
            Expect.Equal(expected[i], found[i], $"trial {i} of a search {how}");
    }

    /// <summary>What a trial sees of its stage.</summary>
    public static TrialHistory HistoryOf(int stage, int number, SearchSpace space) =>
        new(Results(stage, Math.Max(0, number - Window + 1), space));

    /// <summary>
    /// Results as earlier trials leave them: completed, pruned, failed, with a score that is no number, with and without reports.
    /// </summary>
    public static TrialResult[] Results(int stage, int count, SearchSpace space)
    {
        var results = new TrialResult[count];
        for (int i = 0; i < count; i++)
        {
            RandomKey key = RandomKey.FromSeed(3).Derive(stage).Derive(i);
            SearchPoint point = space.Point(dimension => dimension.At(key.Derive(dimension.Name).Open().NextUniform()));
            var trial = new Trial(stage, i, 1, key.BitsAt(0) >> 33, point);
            TrialState state = (i % 5) switch { 1 => TrialState.Pruned, 3 => TrialState.Failed, _ => TrialState.Completed };
            int reports = state == TrialState.Completed ? ReportsPerTrial : i % 3;
            results[i] = new(trial, state, state == TrialState.Failed ? double.NaN : Score(trial))
            {
                Reports =
                [
                    .. Enumerable.Range(0, reports)
                        .Select(step => new TrialReport(step, i % 7 == 4 ? double.NaN : Score(trial) - (1.0 / (1 + step)))),
                ],
                Error = state == TrialState.Failed ? "A trial of the contract that fails." : null,
            };
        }
        return results;
    }

    /// <summary>Expects that a description is there and is the same where a comma stands for the point.</summary>
    public static void ExpectDescription(Func<string> description)
    {
        string expected = description();
        Expect.That(!string.IsNullOrWhiteSpace(expected), "a name with all options", $"\"{expected}\"");
        CultureInfo culture = CultureInfo.CurrentCulture;
        try
        {
            var commas = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            (commas.NumberFormat.NumberDecimalSeparator, commas.NumberFormat.NegativeSign) = (",", "~");
            CultureInfo.CurrentCulture = commas;
            Expect.Equal(expected, description(), "the description in a culture that writes numbers otherwise");
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }
}
