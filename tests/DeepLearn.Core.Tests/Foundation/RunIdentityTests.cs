using DeepLearn.Foundation;
using Xunit;

namespace DeepLearn.Tests.Foundation;

public class RunIdentityTests
{
    private static readonly RunIdentity Run = new(new("seed", "7"), new("loss", "hinge"));

    [Fact]
    public void RunIdentity_same_fields_in_any_order_are_the_same_run() =>
        Run.RequireSame(new(new("loss", "hinge"), new("seed", "7")), "The file");

    [Fact]
    public void RunIdentity_other_missing_or_further_field_is_refused_by_name()
    {
        AssertRefused(new(new("seed", "8"), new("loss", "hinge")), "seed", "7", "8");
        AssertRefused(new(new IdentityField("seed", "7")), "loss", "hinge", "nothing");
        AssertRefused(new([.. Run.Fields, new("pruner", "median")]), "pruner", "nothing", "median");

        static void AssertRefused(RunIdentity found, string field, string expected, string value)
        {
            var exception = Assert.Throws<IdentityMismatchException>(() => Run.RequireSame(found, "The file \"a\""));
            Assert.Equal((field, expected, value), (exception.Field, exception.Expected, exception.Found));
            Assert.Equal($"The file \"a\" belongs to another run: expected {field} \"{expected}\", found \"{value}\".", exception.Message);
        }
    }

    [Fact]
    public void RunIdentity_field_named_twice_or_not_at_all_is_refused()
    {
        Assert.Contains(
            "\"seed\" twice", Assert.Throws<ArgumentException>("fields", () => new RunIdentity([.. Run.Fields, new("seed", "7")])).Message);
        Assert.Throws<ArgumentException>("fields", () => new RunIdentity(new IdentityField("", "7")));
    }

    [Fact]
    public void ProcessorShare_jobs_share_the_processors_and_each_has_at_least_one()
    {
        Assert.Equal(ProcessorShare.All, ProcessorShare.OfOneIn(1));
        Assert.Equal(Environment.ProcessorCount, ProcessorShare.All.Processors);
        Assert.Equal(new ProcessorShare(1), ProcessorShare.OfOneIn(1000 * Environment.ProcessorCount));
        Assert.Throws<ArgumentOutOfRangeException>("jobs", () => ProcessorShare.OfOneIn(0));
        Assert.Throws<ArgumentOutOfRangeException>("processors", () => new ProcessorShare(0));
    }
}
