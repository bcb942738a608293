using DeepLearn.Foundation;
using DeepLearn.Optimizers;
using DeepLearn.Schedules;
using DeepLearn.Tests.Support;
using DeepLearn.Training;
using FsCheck;
using Xunit;

namespace DeepLearn.Tests.Foundation;

/// <summary>Lists that are values.</summary>
public sealed class ValueListTests
{
    [Property]
    public bool ValueList_equals_what_has_the_same_elements_in_order(int[] left, int[] right)
    {
        ValueList<int> one = ValueList.Create<int>(left), other = ValueList.Create<int>(right), again = [.. left];
        return one.Equals(again) && one.GetHashCode() == again.GetHashCode() && one.Equals(other) == left.SequenceEqual(right)
            && one.SequenceEqual(left) && one.Count == left.Length;
    }

    [Fact]
    public void ValueList_does_not_follow_the_array_that_it_was_made_of()
    {
        string[] names = ["a", "b"];
        ValueList<string> list = ValueList.Create<string>(names);
        names[0] = "c";
        Assert.Equal("[a, b]", list.ToString());
    }

    [Fact]
    public void ValueList_position_outside_is_named_with_the_length()
    {
        ValueList<int> list = [1, 2, 3];
        Assert.Contains("from 0 to 2", Assert.Throws<ArgumentOutOfRangeException>(() => list[3]).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => list[-1]);
        Assert.Contains("The list is empty.", Assert.Throws<ArgumentOutOfRangeException>(() => ValueList<int>.Empty[^1]).Message);
    }

    [Fact]
    public void ValueList_null_element_is_refused_by_its_position()
    {
        ArgumentException refused = Assert.Throws<ArgumentException>(() => ValueList.Create<string>("a", null!, "c"));
        Assert.Contains("position 1 of 3", refused.Message);
        Assert.Throws<ArgumentException>(() => new TrainingPlan
        {
            Schedule = 0.1,
            Length = TrainingLength.Steps(1),
            Parameters = [new ParameterRule("*"), null!],
        });
    }
}
