using DeepLearn.Search.Samplers;
using DeepLearn.Search.Spaces;
using DeepLearn.Search.Trials;
using DeepLearn.Testing.Checks;

namespace DeepLearn.Testing;

/// <summary>What every <see cref="Sampler"/> promises, checked on one of them.</summary>
/// <example><code>SamplerContract.Check(new MiddleFirst()).ThrowIfFailed();</code></example>
public static class SamplerContract
{
    private const int Results = 12, SearchTrials = 8;

    /// <summary>Checks a sampler.</summary>
    /// <param name="sampler">The sampler.</param>
    /// <param name="options">What it is tried on; null for the defaults.</param>
    /// <returns>A check for each promise.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than two trials are to be looked at.</exception>
    public static ContractReport Check(Sampler sampler, SamplerContractOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(sampler);
        options ??= new();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Trials, 2);
        SearchSpace space = options.Space ?? SmallSearch.Space;
        var checks = new CheckList(nameof(SamplerContract), sampler);
        ValueChecks.Add(checks, sampler, sampler with { });
        checks.Add("its description is the same in every culture", () => SmallSearch.ExpectDescription(() => sampler.Description));
        checks.Add("it says how many trials it can give", () => CheckMaximum(sampler, space, options));
        checks.Add("every point lies within its space", () => CheckPoints(sampler, space, options));
        checks.AddIf(options.TrialsDiffer, "the options say that trials may repeat", "no two trials of a stage are the same", () =>
        {
            SearchPoint[] points = Sample(sampler, Requests(sampler, space, options, 0, []));
            Expect.Equal(points.Length, points.Distinct().Count(), "the number of different points in one stage");
        });
        checks.Add("a trial is a function of its request", () => CheckPurity(sampler, space, options));
        checks.AddIf(!sampler.UsesHistory, "it says that it learns from its stage", "it learns from its stage only if it says so", () =>
        {
            SampleRequest[] requests = Requests(sampler, space, options, 1, SmallSearch.Results(0, Results, space));
            SearchPoint[] points = Sample(sampler, [.. requests.Select(request => request with { History = TrialHistory.Empty })]);
            for (int i = 0; i < requests.Length; i++)
                Expect.Equal(points[i], sampler.Sample(requests[i]), $"the point of trial {i}, with results of its stage as without");
        });
        checks.Add("it changes nothing that it is told", () => CheckUntouched(sampler, space, options));
        checks.Add("results without a score do no harm", () => CheckFailures(sampler, space, options));
        checks.Add("a search has the same trials however it runs", () =>
            SmallSearch.ExpectSameHoweverRun(SmallSearch.Of(space, Math.Min(SearchTrials, sampler.MaximumTrials(space)), sampler)));
        return checks.ToReport();
    }

    private static SampleRequest Request(
        SearchSpace space, SamplerContractOptions options, int stage, int number, IReadOnlyList<TrialResult> earlier) =>
        new(space, options.Key.Derive(stage), stage, number)
        {
            History = SmallSearch.HistoryOf(stage, number, space),
            EarlierStages = earlier,
        };

    private static SampleRequest[] Requests(
        Sampler sampler, SearchSpace space, SamplerContractOptions options, int stage, IReadOnlyList<TrialResult> earlier) =>
    [
        .. Enumerable.Range(0, Math.Min(options.Trials, sampler.MaximumTrials(space)))
            .Select(number => Request(space, options, stage, number, earlier)),
    ];

    private static SearchPoint[] Sample(Sampler sampler, SampleRequest[] requests) => [.. requests.Select(sampler.Sample)];

    private static void CheckMaximum(Sampler sampler, SearchSpace space, SamplerContractOptions options)
    {
        int most = sampler.MaximumTrials(space);
        Expect.That(most >= 1, "one trial at least", $"{most}");
        Expect.Equal(most, sampler.MaximumTrials(space), "the number of trials, asked a second time");
        if (most < int.MaxValue)
        {
            Expect.Throws<ArgumentOutOfRangeException>(
                () => sampler.Sample(Request(space, options, 0, most, [])), $"trial number {most}, one more than it can give");
        }
    }

    // The whole space, half of it (as a later stage has it), and each hyper-parameter by itself.
    private static void CheckPoints(Sampler sampler, SearchSpace space, SamplerContractOptions options)
    {
        ExpectWithin(space, 0, []);
        SearchSpace half = new([.. space.Dimensions.Select(dimension => dimension.Between(0.25, 0.75))]);
        ExpectWithin(half, 1, SmallSearch.Results(0, Results, space));
        foreach (Dimension dimension in space.Dimensions)
        {
            SearchSpace alone = new(dimension with { Condition = null });
            ExpectWithin(alone, 1, SmallSearch.Results(0, Results, alone));
        }

        void ExpectWithin(SearchSpace around, int stage, TrialResult[] earlier)
        {
            foreach (SearchPoint point in Sample(sampler, Requests(sampler, around, options, stage, earlier)))
                Expect.That(around.Contains(point), $"in stage {stage}, a point of {around}", $"{point}");
        }
    }

    // The threads share the histories, and with them what a sampler keeps there.
    private static void CheckPurity(Sampler sampler, SearchSpace space, SamplerContractOptions options)
    {
        TrialResult[] earlier = SmallSearch.Results(0, Results, space);
        SampleRequest[] requests = Requests(sampler, space, options, 1, earlier);
        SearchPoint[] points = Sample(sampler, requests);
        Sample(sampler, Requests(sampler, space, options, 0, []));
        Sampler copy = sampler with { };
        for (int i = points.Length - 1; i >= 0; i--)
        {
            Expect.Equal(points[i], sampler.Sample(requests[i]), $"the point of trial {i}, asked again from the last to the first");
            Expect.Equal(points[i], copy.Sample(Request(space, options, 1, i, earlier)), $"the point of trial {i} by an equal sampler");
        }
        SampleRequest[] anew = Requests(sampler, space, options, 1, earlier);
        Concurrently.ExpectSame(points, () => Sample(sampler, anew), (expected, found) =>
        {
            for (int i = 0; i < expected.Length; i++)
                Expect.Equal(expected[i], found[i], $"the point of trial {i}");
        });
    }

    private static void CheckUntouched(Sampler sampler, SearchSpace space, SamplerContractOptions options)
    {
        TrialResult[] earlier = SmallSearch.Results(0, Results, space), before = [.. earlier];
        Sample(sampler, Requests(sampler, space, options, 1, earlier));
        for (int i = 0; i < before.Length; i++)
        {
            Expect.That(
                ReferenceEquals(before[i], earlier[i]),
                $"{before[i].Trial} at position {i} of the earlier results still",
                $"{earlier[i].Trial}");
        }
    }

    private static void CheckFailures(Sampler sampler, SearchSpace space, SamplerContractOptions options)
    {
        foreach (SampleRequest request in Requests(sampler, space, options, 1, Failed(SmallSearch.Results(0, Results, space))))
        {
            SearchPoint point = sampler.Sample(request with { History = new TrialHistory(Failed(request.History)) });
            Expect.That(space.Contains(point), $"when every trial before it failed, a point of {space}", $"{point}");
        }
    }

    private static TrialResult[] Failed(IEnumerable<TrialResult> results) =>
        [.. results.Select(result => result with { State = TrialState.Failed, Score = double.NaN, Reports = [] })];
}
