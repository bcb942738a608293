using DeepLearn.Search;
using DeepLearn.Search.Samplers;
using DeepLearn.Search.Spaces;
using DeepLearn.Search.Trials;
using Xunit;

namespace DeepLearn.Tests.Search.Spaces;

public class SearchSpaceTests
{
    private static readonly CategoricalDimension OptimizerName = new("optimizer", "sgd", "adam", "none");
    private static readonly UniformDimension Momentum = new("momentum", 0, 0.99);

    private static readonly SearchSpace Nested = new(
        OptimizerName,
        Momentum.When("optimizer", "sgd"),
        new IntegerDimension("warmup", 1, 3).When("optimizer", "sgd", "adam"),
        new UniformDimension("ramp", 0, 1).When("warmup", 2, 3));

    [Fact]
    public void SearchSpace_point_has_the_parameters_whose_conditions_are_met_and_no_others()
    {
        SearchPoint Of(string optimizer, double warmup) => Nested.Point(
            dimension => dimension.Name == "optimizer" ? optimizer : dimension.Name == "warmup" ? warmup : dimension.At(0.5));
        Assert.Equal("optimizer = sgd, momentum = 0.495, warmup = 2, ramp = 0.5", Of("sgd", 2).ToString());
        Assert.Equal("optimizer = sgd, momentum = 0.495, warmup = 1", Of("sgd", 1).ToString());
        Assert.Equal("optimizer = adam, warmup = 3, ramp = 0.5", Of("adam", 3).ToString());
        Assert.Equal("optimizer = none", Of("none", 3).ToString());
        Assert.Null(Of("none", 3).Find("warmup"));
        Assert.True(Nested.Contains(Of("none", 3)) && Nested.Contains(Of("sgd", 2)));
        Assert.False(Nested.Contains(new(new NamedValue("optimizer", "sgd"))));
        Assert.False(Nested.Contains(new(new NamedValue("optimizer", "none"), new NamedValue("warmup", 1.0))));
    }

    [Fact]
    public void SearchSpace_impossible_conditions_are_refused()
    {
        Assert.Contains("expected \"optimizer\" before it", Assert.Throws<ArgumentException>(
            "dimensions", () => new SearchSpace(Momentum.When("optimizer", "sgd"), OptimizerName)).Message);
        Assert.Contains("found sdg", Assert.Throws<ArgumentException>(
            "dimensions", () => new SearchSpace(OptimizerName, Momentum.When("optimizer", "sdg"))).Message);
        Assert.Throws<ArgumentException>("values", () => Momentum.When("optimizer"));
        Assert.Throws<ArgumentException>("parent", () => Momentum.When("", "sgd"));
    }

    [Fact]
    public void SearchSpace_conditions_are_part_of_its_description() =>
        Assert.Equal(
            "optimizer: one of \"sgd\", \"adam\", \"none\"; momentum: uniform 0..0.99 when optimizer is \"sgd\"; "
            + "warmup: integer 1..3 when optimizer is \"sgd\" or \"adam\"; ramp: uniform 0..1 when warmup is 2 or 3",
            Nested.ToString());

    [Fact]
    public void SearchSpace_conditional_space_is_searched_narrowed_and_resumed()
    {
        var search = new CoarseToFineSearch(Nested, new SearchStage(20), new SearchStage(20, 2)) { Seed = 2 };
        SearchResult result = search.Run((trial, _, _) => new(trial.Point.Parameters.Count + trial.Value("warmup", 0)));
        Assert.All(result.Ranked, trial => Assert.Null(trial.Error));
        Assert.All(result.Stages[1].Results, trial => Assert.True(Nested.Contains(trial.Trial.Point)));
        Assert.NotNull(result.Stages[1].Space["ramp"].Condition);
    }

    [Fact]
    public void SearchPoint_values_are_read_in_the_type_of_their_dimension()
    {
        var hidden = new IntegerDimension("hidden", int.MinValue, int.MaxValue);
        SearchPoint point = new SearchSpace(hidden, Momentum, OptimizerName).Point(dimension => dimension.At(0));
        Assert.Equal(int.MinValue, point.Value(hidden));
        Assert.Equal(int.MinValue, point.Integer("hidden"));
        Assert.Equal(0.0, point.Value(Momentum));
        Assert.Equal("sgd", point.Value(OptimizerName));
        Assert.Throws<InvalidOperationException>(() => point.Value(new CategoricalDimension("hidden", "a")));
        Assert.Throws<ArgumentException>(() => point.Value(new UniformDimension("x", 0, 1)));
    }

    [Fact]
    public void SearchSpace_text_with_half_a_surrogate_pair_is_refused_where_it_is_given()
    {
        const string Half = "a\ud83d";
        Assert.Contains(
            "U+D83D, at position 1", Assert.Throws<ArgumentException>("choices", () => new CategoricalDimension("x", Half)).Message);
        Assert.Throws<ArgumentException>("name", () => new UniformDimension(Half, 0, 1));
        Assert.Throws<ArgumentException>("text", () => new ParameterValue(Half));
        Assert.Throws<ArgumentException>(() => new TrialOutcome(1) { Metrics = [new(Half, 1)] });
        Assert.Throws<ArgumentException>(() => new SingleStageSearch(Nested, 1) { Subject = Half });
        Assert.Equal("a😀", new ParameterValue("a😀").Text);
    }
}

internal static class TrialValues
{
    public static double Value(this Trial trial, string name, double absent) => trial.Point.Find(name)?.Number ?? absent;
}
