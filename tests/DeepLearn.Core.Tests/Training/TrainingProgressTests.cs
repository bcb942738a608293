using DeepLearn.Training;
using Xunit;

namespace DeepLearn.Tests.Training;

public class TrainingProgressTests
{
    [Fact]
    public void TrainingProgress_Remaining_is_the_time_that_is_left_at_the_rate_so_far()
    {
        Assert.Equal(TimeSpan.FromSeconds(9), new TrainingProgress(10, 100, 1, 1, null).Remaining);
        Assert.Null(new TrainingProgress(0, 100, 1, 1, null).Remaining);
    }

    /// <summary>A training that its callbacks end may be as long as a number of steps can be.</summary>
    [Fact]
    public void TrainingProgress_Remaining_is_unknown_where_no_time_is_as_long() =>
        Assert.Null(new TrainingProgress(1000, long.MaxValue, 1, 1, null).Remaining);
}
