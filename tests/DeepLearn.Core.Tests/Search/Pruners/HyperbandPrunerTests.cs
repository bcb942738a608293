using DeepLearn.Search.Pruners;
using DeepLearn.Search.Trials;
using Xunit;

namespace DeepLearn.Tests.Search.Pruners;

public class HyperbandPrunerTests
{
    [Fact]
    public void HyperbandPruner_brackets_have_the_shares_of_the_paper()
    {
        // R = 81, eta = 3: 81, 34, 15, 8 and 5 of 143 trials.
        var pruner = new HyperbandPruner(1, 81);
        Assert.Equal(5, pruner.Brackets);
        int[] counts = [.. Enumerable.Range(0, 143).CountBy(pruner.BracketOf).OrderBy(pair => pair.Key).Select(pair => pair.Value)];
        Assert.Equal([81, 34, 15, 8, 5], counts);

        // Every beginning has about its share of each.
        Assert.InRange(Enumerable.Range(0, 40).Count(number => pruner.BracketOf(number) == 0), 18, 28);
        Assert.Equal(1, new HyperbandPruner(5, 5).Brackets);
        Assert.Equal(new HyperbandPruner(1, 81), new HyperbandPruner(1, 81));
        Assert.NotEqual(new HyperbandPruner(1, 81), new HyperbandPruner(1, 81, 4));
    }

    [Fact]
    public void HyperbandPruner_compares_a_trial_with_its_bracket_alone_from_its_first_step_on()
    {
        var pruner = new HyperbandPruner(1, 4, 2);

        // Scores that differ more between brackets than within one.
        double Score(int number) => number + (1000 * pruner.BracketOf(number));
        TrialResult[] all = [.. Enumerable.Range(0, 40).Select(number => Result(number, Score(number)))];
        for (int number = 0; number < 40; number++)
        {
            TrialResult[] history = [.. all.Where(result => result.Trial.Number != number)];
            int bracket = pruner.BracketOf(number);
            TrialResult[] rivals = [.. history.Where(result => pruner.BracketOf(result.Trial.Number) == bracket)];
            for (int step = 1; step <= 4; step++)
            {
                TrialReport[] reports = [.. Enumerable.Range(1, step).Select(i => new TrialReport(i, Score(number)))];
                bool expected = bracket < 2 && step is 1 or 2 or 4 && step >= (1 << bracket) && bracket < 2
                    && rivals.Count(rival => rival.Score > Score(number)) >= Math.Max(1, (rivals.Length + 1) / 2);
                Assert.Equal(
                    expected, pruner.ShouldStop(new(Result(number, 0).Trial, reports, new(history), SearchDirection.Maximize)));
            }
        }

        static TrialResult Result(int number, double score) => new(new(0, number, 1, 0, new()), TrialState.Completed, score)
        {
            Reports = [.. Enumerable.Range(1, 4).Select(i => new TrialReport(i, score))],
        };
    }

    [Fact]
    public void HyperbandPruner_impossible_options_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>("firstStep", () => new HyperbandPruner(0, 4));
        Assert.Throws<ArgumentOutOfRangeException>("lastStep", () => new HyperbandPruner(4, 3));
        Assert.Throws<ArgumentOutOfRangeException>("factor", () => new HyperbandPruner(1, 4, 1));
    }
}
