using DeepLearn.Search.Samplers;
using DeepLearn.Search.Trials;
using Xunit;

namespace DeepLearn.Tests.Search.Samplers;

public class RankedTrialsTests
{
    [Fact]
    public void RankedTrials_order_is_that_of_sorting_however_the_history_grew()
    {
        var random = new Random(1);
        TrialResult[] all = [.. Enumerable.Range(0, 300).Select(number => new TrialResult(
            new(0, number / 2, 1, 0, new()), (TrialState)random.Next(3), random.Next(20)))];
        foreach (int[] counts in new int[][] { [300], [1, 2, 3, 40, 41, 300], [5, 200, 7, 210, 300, 10], [.. Enumerable.Range(0, 301)] })
        {
            var ranked = new RankedTrials(new SearchGoals(SearchDirection.Minimize));
            foreach (int count in counts)
            {
                var ranking = new TrialRanking(SearchDirection.Minimize);
                IEnumerable<int> expected = Enumerable.Range(0, count).OrderBy(place => all[place], ranking).ThenBy(place => place);
                Assert.Equal(expected, ranked.Of(new(all[..count])));
            }
        }
    }
}
