using DeepLearn.Search.Pruners;
using DeepLearn.Search.Trials;
using Xunit;

namespace DeepLearn.Testing.Tests;

public class PrunerFaultTests
{
    private static Pruner? _first;
    private static int _last;

    private enum Fault
    {
        None,
        DescribesByCulture,
        RefusesNaN,
        RemembersWho,
        HidesHistory,
        SortsInPlace,
        RemembersTheLastAsked,
    }

    public static TheoryData<Planted> Faults =>
    [
        new Planted("it is an immutable value", () => PrunerContract.Check(new Faulty(Fault.None) { Names = ["a"] })),
        Of("its description is the same in every culture", Fault.DescribesByCulture),
        Of("reports and results of every kind are answered", Fault.RefusesNaN),
        Of("a decision is a function of its request", Fault.RemembersWho),
        Of("it compares trials only if it says so", Fault.HidesHistory),
        Of("it changes nothing that it is told", Fault.SortsInPlace),
        Of("a search has the same results however it runs", Fault.RemembersTheLastAsked),
    ];

    [Theory]
    [MemberData(nameof(Faults))]
    public void PrunerContract_planted_fault_is_found_by_its_check_alone(Planted fault) => fault.AssertFound();

    [Fact]
    public void PrunerContract_every_check_has_a_fault_that_it_finds()
    {
        // That it prints itself the base sees to; an empty description is found by both.
        ContractReport silent = PrunerContract.Check(new Faulty(Fault.None) { Text = "" });
        Assert.Equal(["it prints itself", "its description is the same in every culture"], silent.Failures.Select(failure => failure.Name));
        Planted.AssertComplete(
            PrunerContract.Check(new Faulty(Fault.None)), Faults.Select(row => row.Data).Append(new("it prints itself", () => silent)));
    }

    private static Planted Of(string check, Fault fault) => new(check, () => PrunerContract.Check(new Faulty(fault)));

    /// <summary>Stops a trial whose best report is worse than the mean of the earlier scores.</summary>
    private sealed record Faulty(Fault Fault) : Pruner
    {
        public string[]? Names { get; init; }

        public string? Text { get; init; }

        public override string Description => Text ?? (Fault == Fault.DescribesByCulture ? $"mean {0.5}" : $"mean, {Fault}");

        public override bool UsesHistory => Fault != Fault.HidesHistory;

        public override bool ShouldStop(PruneRequest request)
        {
            if (Fault == Fault.RefusesNaN && double.IsNaN(request.Reports[^1].Score))
                throw new ArithmeticException("NaN");
            if (Fault == Fault.SortsInPlace && request.Reports is TrialReport[] reports)
                Array.Sort(reports, (a, b) => a.Score.CompareTo(b.Score));
            if (Fault == Fault.RemembersTheLastAsked && request.Trial.Number < Interlocked.Exchange(ref _last, request.Trial.Number))
                return true;
            if (Fault == Fault.RemembersWho && !ReferenceEquals(_first ??= this, this))
                return true;
            double[] scores = [.. request.History.Select(result => result.Score).Where(double.IsFinite)];
            return scores.Length > 0 && request.Reports.Max(report => report.Score) < scores.Average() - 0.4;
        }
    }
}
