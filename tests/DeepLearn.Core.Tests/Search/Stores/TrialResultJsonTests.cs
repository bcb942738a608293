using System.Text.Json.Nodes;
using DeepLearn.Foundation;
using DeepLearn.Search.Spaces;
using DeepLearn.Search.Stores;
using DeepLearn.Search.Trials;
using DeepLearn.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace DeepLearn.Tests.Search.Stores;

/// <summary>The JSON of a trial that has ended, which stores in databases write into a column.</summary>
public class TrialResultJsonTests
{
    private static readonly string[] Texts =
        ["", "relu", "\"quoted\" \\ and / more", "two\nlines\t\0", "Größe 大 🙂", "{\"state\":\"failed\"}"];

    private static readonly double[] Numbers =
        [0, -0.0, 1, 0.1, 1e-310, double.Epsilon, double.MaxValue, -1e300, double.NaN, double.PositiveInfinity, double.NegativeInfinity];

    private static readonly TrialResult Plain = new(
        new(0, 3, 1, 17, new SearchPoint(new NamedValue("lambda", 0.001))), TrialState.Completed, 0.5)
    { Seconds = 2 };

    [Property(MaxTest = 300)]
    public Property TrialResultJson_what_is_written_is_read_again() =>
        Prop.ForAll(Results.ToArbitrary(), result => Assert.Equal(result, TrialResultJson.Read(TrialResultJson.Write(result))));

    [Property(MaxTest = 100)]
    public Property TrialResultJson_members_in_any_order_and_unknown_ones_are_read() => Prop.ForAll(
        (from result in Results
         from seed in Gen.Choose(0, int.MaxValue)
         select (result, seed)).ToArbitrary(),
        test =>
        {
            JsonObject written = JsonNode.Parse(TrialResultJson.Write(test.result))!.AsObject();
            written.Add("unknown", new JsonObject { ["score"] = 7, ["reports"] = new JsonArray(1, "two") });
            KeyValuePair<string, JsonNode?>[] members = [.. written];
            written.Clear();
            new Random(test.seed).Shuffle(members);
            Assert.Equal(test.result, TrialResultJson.Read(new JsonObject(members).ToJsonString()));
        });

    [Property(MaxTest = 100)]
    public Property TrialResultJson_cut_short_is_refused_by_a_FormatException() => Prop.ForAll(Results.ToArbitrary(), result =>
    {
        string json = TrialResultJson.Write(result);
        for (int length = 0; length < json.Length; length += Math.Max(1, json.Length / 17))
            Assert.Throws<FormatException>(() => TrialResultJson.Read(json[..length]));
    });

    [Theory]
    [InlineData("stage", "\"zero\"")]
    [InlineData("number", "3.5")]
    [InlineData("budget", "null")]
    [InlineData("seed", "-1")]
    [InlineData("values", "[0.001]")]
    [InlineData("values", "{\"lambda\":true}")]
    [InlineData("state", "\"started\"")]
    [InlineData("state", "\"over\"")]
    [InlineData("score", "\"much\"")]
    [InlineData("metrics", "[]")]
    [InlineData("reports", "[[1,2]]")]
    public void TrialResultJson_member_of_another_kind_or_absent_is_refused(string member, string value)
    {
        JsonObject json = JsonNode.Parse(TrialResultJson.Write(Plain))!.AsObject();
        json[member] = JsonNode.Parse(value);
        Assert.Throws<FormatException>(() => TrialResultJson.Read(json.ToJsonString()));
        json.Remove(member);
        Assert.Throws<FormatException>(() => TrialResultJson.Read(json.ToJsonString()));
    }

    [Fact]
    public void TrialResultJson_null_is_refused()
    {
        Assert.Throws<ArgumentNullException>(() => TrialResultJson.Write(null!));
        Assert.Throws<ArgumentNullException>(() => TrialResultJson.Read((string)null!));
    }

    private static Gen<TrialResult> Results =>
        from stage in Gen.Choose(0, 3)
        from number in Gen.Choose(0, int.MaxValue)
        from budget in Gen.Choose(1, 100)
        from seed in Gen.Choose(0, int.MaxValue)
        from text in Gen.Elements(Texts)
        from finite in Gen.Elements(Numbers.Where(double.IsFinite))
        from state in Gen.Elements(TrialState.Completed, TrialState.Pruned, TrialState.Failed)
        from score in Gen.Elements(Numbers)
        from metrics in Gen.Elements(Numbers).ListOf(2)
        from reports in Gen.Elements(Numbers).ListOf()
        from error in Gen.Elements([null, .. Texts])
        from milliseconds in Gen.Choose(-1, int.MaxValue)
        select new TrialResult(
            new(stage, number, budget, (ulong)seed, new SearchPoint(new NamedValue("a " + text, finite), new NamedValue("b", text))),
            state,
            score)
        {
            Seconds = Math.Abs(finite),
            Run = milliseconds < 0 ? null : new("worker " + text, DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)),
            Metrics = [.. metrics.Select((value, index) => new TrialMetric($"{index}{text}", value))],
            Reports = [.. reports.Select((value, index) => new TrialReport(index, value))],
            Error = error,
        };
}
