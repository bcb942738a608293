using DeepLearn.Search.Pruners;
using DeepLearn.Search.Trials;
using Xunit;

namespace DeepLearn.Tests.Search.Pruners;

public class WilcoxonPrunerTests
{
    [Fact]
    public void SignedRanks_probabilities_are_those_of_the_book()
    {
        // Five differences of one sign: one case in 2^5.
        Assert.Equal(1.0 / 32, SignedRanks.ProbabilityOfMore([1, 2, 3, 4, 5]));
        Assert.Equal(1, SignedRanks.ProbabilityOfMore([-1, -2, -3, -4, -5]), 15);
        Assert.Equal(1, SignedRanks.ProbabilityOfMore([]));

        // Heights of Zea mays, crossed and self-fertilized (Darwin, 1876): W = 96 of 120.
        double[] maize = [6, 8, 14, 16, 23, 24, 28, 29, 41, -48, 49, 56, 60, -67, 75];
        Assert.Equal(0.041259765625 / 2, SignedRanks.ProbabilityOfMore(maize), 15);

        // Two of the same size share ranks 1 and 2: sums of 1.5 and 3 to either side.
        Assert.Equal(0.25, SignedRanks.ProbabilityOfMore([2, 2]));
        Assert.Equal(0.75, SignedRanks.ProbabilityOfMore([2, -2]));
        Assert.Equal(0.75, SignedRanks.ProbabilityOfMore([-2, 2]));
    }

    [Fact]
    public void SignedRanks_normal_probability_is_near_the_exact_one()
    {
        // 60 differences whose signs alternate but for the largest ten.
        double[] differences = [.. Enumerable.Range(1, 60).Select(i => i > 50 || i % 2 == 0 ? i : -(double)i)];
        double exact = 0, total = 0;
        var counts = new double[(60 * 61 / 2) + 1];
        counts[0] = 1;
        for (int rank = 1; rank <= 60; rank++)
        {
            for (int sum = counts.Length - 1; sum >= rank; sum--)
                counts[sum] += counts[sum - rank];
        }
        double positive = differences.Where(difference => difference > 0).Sum();
        for (int sum = 0; sum < counts.Length; sum++)
        {
            total += counts[sum];
            exact += sum >= positive ? counts[sum] : 0;
        }
        Assert.Equal(exact / total, SignedRanks.ProbabilityOfMore(differences), 3);
    }

    [Theory]
    [InlineData(SearchDirection.Maximize)]
    [InlineData(SearchDirection.Minimize)]
    public void WilcoxonPruner_stops_a_trial_that_is_worse_than_the_best_on_fold_after_fold(SearchDirection direction)
    {
        double sign = direction == SearchDirection.Maximize ? 1 : -1;
        var pruner = new WilcoxonPruner();
        TrialHistory history = new(Result(0, 0.5 * sign, 0.6), Result(1, 0.9 * sign, 0.8), Result(2, 0.7 * sign, 0.9));
        Assert.False(Stops(-0.1, -0.1, -0.1));
        Assert.True(Stops(-0.1, -0.12, -0.13, -0.14));
        Assert.False(Stops(0.1, 0.12, 0.13, 0.14));
        Assert.False(Stops(-0.1, 0.12, -0.13, 0.14));
        Assert.False(Stops(0, 0, 0, 0, 0, 0));
        Assert.True(Stops(-0.1, -0.12, -0.13, double.NaN));
        Assert.False(new WilcoxonPruner(0.05).ShouldStop(Request(-0.1, -0.12, -0.13, -0.14)));
        Assert.False(pruner.ShouldStop(Request(-0.1, -0.2, -0.3, -0.4) with { History = TrialHistory.Empty }));
        Assert.False((pruner with { MinimumFolds = 5 }).ShouldStop(Request(-0.1, -0.2, -0.3, -0.4)));

        bool Stops(params double[] beside) => pruner.ShouldStop(Request(beside));

        // Scores beside those of the best trial, 0.8 on every fold.
        PruneRequest Request(params double[] beside) => new(
            Result(5, 0, 0).Trial,
            [.. beside.Select((difference, fold) => new TrialReport(fold, sign * (0.8 + difference)))],
            history,
            direction);

        TrialResult Result(int number, double score, double fold) => new(new(0, number, 1, 0, new()), TrialState.Completed, score)
        {
            Reports = [.. Enumerable.Range(0, 8).Select(i => new TrialReport(i, sign * fold))],
        };
    }

    [Fact]
    public void WilcoxonPruner_impossible_options_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>("level", () => new WilcoxonPruner(0));
        Assert.Throws<ArgumentOutOfRangeException>("level", () => new WilcoxonPruner(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => new WilcoxonPruner { MinimumFolds = 0 });
    }
}
