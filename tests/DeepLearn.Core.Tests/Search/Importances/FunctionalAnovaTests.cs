using DeepLearn.Foundation;
using DeepLearn.Search;
using DeepLearn.Search.Importances;
using DeepLearn.Search.Spaces;
using DeepLearn.Search.Trials;
using Xunit;

namespace DeepLearn.Tests.Search.Importances;

public class FunctionalAnovaTests
{
    private static readonly SearchSpace Cube =
        new([.. Enumerable.Range(0, 3).Select(i => (Dimension)new UniformDimension($"x{i}", 0, 1))]);

    [Fact]
    public void FunctionalAnova_of_a_sum_is_shared_by_the_variances_of_its_terms()
    {
        // Variances 4/12 and 1/12.
        ValueList<ParameterImportance> found = Of(Cube, trial => (2 * trial.Value("x0")) + trial.Value("x2"), new() { Pairs = true });
        Assert.Equal(["x0", "x2"], found.Take(2).Select(importance => importance.Names.Single()));
        Assert.Equal(0.8, found[0].Fraction, 0.05);
        Assert.Equal(0.2, found[1].Fraction, 0.05);
        Assert.True(found.Sum(importance => importance.Fraction) is <= 1 and > 0.95);
        Assert.All(found.Skip(2), importance => Assert.InRange(importance.Fraction, 0, 0.03));
    }

    [Fact]
    public void FunctionalAnova_of_a_product_about_its_middle_is_due_to_the_pair()
    {
        ValueList<ParameterImportance> found =
            Of(Cube, trial => (trial.Value("x0") - 0.5) * (trial.Value("x1") - 0.5), new() { Pairs = true });
        Assert.Equal("x0, x1", string.Join(", ", found[0].Names));
        Assert.True(found[0].Fraction > 0.6, $"{found[0]}");
        Assert.Equal(3, Of(Cube, trial => trial.Value("x0"), new()).Count);
    }

    [Fact]
    public void FunctionalAnova_knows_choices_conditions_and_metrics()
    {
        var space = new SearchSpace(
            new CategoricalDimension("kind", "a", "b", "c"),
            new UniformDimension("momentum", 0, 1).When("kind", "b"),
            new ConstantDimension("constant", 3),
            new LogUniformDimension("lambda", 1e-4, 1));
        double Score(Trial trial) => trial.Choice("kind") == "b" ? 1 : 0;
        Assert.Equal("kind", Of(space, Score, new())[0].Names.Single());
        Assert.True(Of(space, Score, new())[0].Fraction > 0.95);
        Assert.Equal("lambda", Of(space, Score, new() { Metric = "log" })[0].Names.Single());
    }

    [Fact]
    public void VarianceDecomposition_of_a_tree_is_that_of_its_function()
    {
        // Values 0..11 of a grid of 3 x 4, each a leaf; brute force over the cells.
        var space = new SearchSpace(new IntegerDimension("i", 0, 2), new IntegerDimension("j", 0, 3));
        double[] values = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8];
        double[][] points = [.. Enumerable.Range(0, 12).Select(k => new[] { ((k / 4) + 0.5) / 3, ((k % 4) + 0.5) / 4 })];
        RandomStream random = RandomKey.FromSeed(1).Open();
        var tree = new VarianceDecomposition(
            RegressionTree.Grow(space, points, values, [.. Enumerable.Range(0, 12)], 1, ref random), 2);
        double mean = values.Average();
        double rows = Enumerable.Range(0, 3).Average(i => Square(Enumerable.Range(0, 4).Average(j => values[(4 * i) + j]) - mean));
        double columns = Enumerable.Range(0, 4).Average(j => Square(Enumerable.Range(0, 3).Average(i => values[(4 * i) + j]) - mean));
        double total = values.Average(value => Square(value - mean));
        Assert.Equal(total, tree.Total, 12);
        Assert.Equal(rows, tree.Of(0), 12);
        Assert.Equal(columns, tree.Of(1), 12);
        Assert.Equal(total - rows - columns, tree.Of(0, 1), 12);

        static double Square(double x) => x * x;
    }

    [Fact]
    public void FunctionalAnova_is_a_function_of_the_results_and_not_of_their_order()
    {
        SearchResult result = new SingleStageSearch(Searches.Space, 60).Run(Searches.Objective);
        var anova = new FunctionalAnova { Trees = 8, Pairs = true };
        Assert.Equal(anova.Of(Searches.Space, result.Ranked), anova.Of(Searches.Space, result.Stages[0].Results));
        Assert.NotEqual(anova.Of(Searches.Space, result.Ranked), (anova with { Seed = 1 }).Of(Searches.Space, result.Ranked));
        Assert.Equal("lambda", anova.Of(Searches.Space, result.Ranked)[0].Names.Single());
    }

    [Fact]
    public void FunctionalAnova_equal_scores_give_no_importance_and_what_does_not_fit_is_refused()
    {
        Assert.All(Of(Cube, _ => 1, new()), importance => Assert.Equal(0, importance.Fraction));
        SearchResult result = new SingleStageSearch(Cube, 3).Run((trial, _, _) => new(trial.Number == 0 ? double.NaN : trial.Number));
        Assert.Equal(3, new FunctionalAnova().Of(Cube, result.Ranked).Count);
        Assert.Contains("found 1", Assert.Throws<ArgumentException>(() => new FunctionalAnova().Of(Cube, result.Ranked.Take(1))).Message);
        Assert.Contains("stage 0, trial", Assert.Throws<ArgumentException>(
            () => new FunctionalAnova().Of(Searches.Space, result.Ranked)).Message);
        Assert.Contains("metric \"loss\"", Assert.Throws<ArgumentException>(
            () => new FunctionalAnova { Metric = "loss" }.Of(Cube, result.Ranked)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new FunctionalAnova { Trees = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new FunctionalAnova { LeafTrials = 0 });
    }

    private static ValueList<ParameterImportance> Of(SearchSpace space, Func<Trial, double> score, FunctionalAnova anova)
    {
        SearchResult result = new SingleStageSearch(space, 300) { Seed = 4 }.Run((trial, _, _) => new(score(trial))
        {
            Metrics = [new("log", Math.Log(trial.Point.Find("lambda")?.Number ?? 1))],
        });
        return anova.Of(space, result.Ranked);
    }
}
