using DeepLearn.Foundation;
using DeepLearn.Search.Samplers;
using DeepLearn.Search.Spaces;
using DeepLearn.Search.Trials;
using Xunit;

namespace DeepLearn.Testing.Tests;

public class SamplerFaultTests
{
    private static Sampler? _first;

    private enum Fault
    {
        None,
        DescribesByCulture,
        GivesMoreThanItSays,
        GoesAstray,
        RepeatsItself,
        RemembersWho,
        SharesScratch,
        HidesHistory,
        SortsInPlace,
        NeedsABest,
        LooksAtTheClock,
    }

    public static TheoryData<Planted> Faults =>
    [
        new Planted("it is an immutable value", () => SamplerContract.Check(new Faulty(Fault.None) { Names = ["a"] })),
        Of("its description is the same in every culture", Fault.DescribesByCulture),
        Of("it says how many trials it can give", Fault.GivesMoreThanItSays),
        Of("every point lies within its space", Fault.GoesAstray),
        Of("no two trials of a stage are the same", Fault.RepeatsItself),
        Of("a trial is a function of its request", Fault.RemembersWho),
        Of("it learns from its stage only if it says so", Fault.HidesHistory),
        Of("it changes nothing that it is told", Fault.SortsInPlace),
        Of("results without a score do no harm", Fault.NeedsABest),
        Of("a search has the same trials however it runs", Fault.LooksAtTheClock),
    ];

    [Theory]
    [MemberData(nameof(Faults))]
    public void SamplerContract_planted_fault_is_found_by_its_check_alone(Planted fault) => fault.AssertFound();

    [Fact]
    public void SamplerContract_every_check_has_a_fault_that_it_finds()
    {
        // That it prints itself the base sees to; an empty description is found by both.
        ContractReport silent = SamplerContract.Check(new Faulty(Fault.None) { Text = "" });
        Assert.Equal(["it prints itself", "its description is the same in every culture"], silent.Failures.Select(failure => failure.Name));
        Planted.AssertComplete(
            SamplerContract.Check(new Faulty(Fault.None)), Faults.Select(row => row.Data).Append(new("it prints itself", () => silent)));
    }

    // A search on threads may find it too.
    [Fact]
    public void SamplerContract_scratch_that_threads_share_is_found() => Assert.Contains(
        "a trial is a function of its request",
        SamplerContract.Check(new Faulty(Fault.SharesScratch)).Failures.Select(failure => failure.Name));

    private static Planted Of(string check, Fault fault) => new(check, () => SamplerContract.Check(new Faulty(fault)));

    /// <summary>A little beside the best result so far.</summary>
    private sealed record Faulty(Fault Fault) : Sampler
    {
        public string[]? Names { get; init; }

        public string? Text { get; init; }

        public override string Description =>
            Text ?? (Fault == Fault.DescribesByCulture ? $"near the best by {0.5}" : $"near the best, {Fault}");

        public override bool UsesHistory => Fault != Fault.HidesHistory;

        public override int MaximumTrials(SearchSpace space) => Fault == Fault.GivesMoreThanItSays ? 15 : int.MaxValue;

        public override SearchPoint Sample(SampleRequest request)
        {
            if (Fault == Fault.GoesAstray && request.Space.Dimensions.Count == 1)
                return new SearchPoint(new NamedValue("elsewhere", new(1)));
            if (Fault == Fault.SortsInPlace && request.EarlierStages is TrialResult[] results)
                Array.Sort(results, new TrialRanking(SearchDirection.Maximize));
            TrialResult? best = new TrialRanking(SearchDirection.Maximize).Rank([.. request.EarlierStages, .. request.History])
                .FirstOrDefault(result => result.State == TrialState.Completed && !double.IsNaN(result.Score));
            if (Fault == Fault.NeedsABest && request.EarlierStages.Count > 0)
                ArgumentNullException.ThrowIfNull(best);
            RandomKey key = Fault == Fault.RepeatsItself ? RandomKey.FromSeed(0) : request.Key;
            double shift = Fault switch
            {
                Fault.RemembersWho => ReferenceEquals(_first ??= this, this) ? 0 : 0.01,
                Fault.SharesScratch => Noise.OthersAreHere() ? 0.01 : 0,
                Fault.LooksAtTheClock => request.EarlierStages.Sum(result => result.Seconds) * 1e3 % 0.01,
                _ => 0,
            };
            return request.Space.Point(dimension =>
            {
                double random = (key.Derive(dimension.Name).Open().NextUniform() * 0.98) + shift;
                double at = best is null ? 0.5 : dimension.PositionOf(best.Trial.Point[dimension.Name]);
                return dimension.At(Math.Clamp((random + (0.01 * Math.Clamp(at, 0, 1))) / 1.02, 0, 1));
            });
        }
    }
}
