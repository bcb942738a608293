using System.Text.Json;
using DeepLearn.Models.Predictors;
using Xunit;

namespace DeepLearn.Tests.Models.Predictors;

/// <summary>What becomes of the values that a user has: of a record, a data reader, a request in JSON.</summary>
public class FeatureValueTests
{
    public static TheoryData<string, object?, FeatureValue> Values => new()
    {
        { "null", null, FeatureValue.Missing },
        { "DBNull, as a data reader has it", DBNull.Value, FeatureValue.Missing },
        { "an empty text", "", FeatureValue.Missing },
        { "NaN", double.NaN, FeatureValue.Missing },
        { "a text", "Oslo", "Oslo" },
        { "a double", 1.5, 1.5 },
        { "a float", 0.5f, 0.5 },
        { "an int", -3, -3.0 },
        { "a long", 1L << 40, 1099511627776.0 },
        { "a decimal", 2.25m, 2.25 },
        { "a byte", (byte)200, 200.0 },
        { "an enumeration", DayOfWeek.Tuesday, 2.0 },
        { "true", true, 1.0 },
        { "false", false, 0.0 },
        { "itself", (FeatureValue)7.0, 7.0 },
        { "null in JSON", JsonElement.Parse("null"), FeatureValue.Missing },
        { "a number in JSON", JsonElement.Parse("1e3"), 1000.0 },
        { "a text in JSON", JsonElement.Parse("\"Rome\""), "Rome" },
        { "true in JSON", JsonElement.Parse("true"), 1.0 },
        { "false in JSON", JsonElement.Parse("false"), 0.0 },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void FeatureValue_of_an_object_is_its_number_or_its_text_or_missing(string name, object? value, FeatureValue expected) =>
        Assert.True(FeatureValue.From(value) == expected, $"{name} became {FeatureValue.From(value)}");

    [Fact]
    public void FeatureValue_of_what_is_none_is_refused_by_its_type()
    {
        Assert.Contains("found DateTime", Refused(new DateTime(2026, 1, 1)));
        Assert.Contains("found Char", Refused('x'));
        Assert.Contains("found JSON's Array", Refused(JsonElement.Parse("[1]")));

        static string Refused(object value) => Assert.Throws<ArgumentException>(() => FeatureValue.From(value)).Message;
    }

    [Fact]
    public void FeatureValue_of_nullable_numbers_and_flags_is_implicit()
    {
        FeatureValue none = (double?)null, some = (double?)4, flag = true;
        Assert.Equal((FeatureValue.Missing, 4.0, 1.0), (none, some.Number, flag.Number));
        Assert.Equal(("nothing", "4", "'a'"), (none.ToString(), some.ToString(), ((FeatureValue)"a").ToString()));
    }
}
