using DeepLearn.Foundation;
using DeepLearn.Search.Spaces;
using DeepLearn.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace DeepLearn.Tests.Search.Spaces;

/// <summary>The contract of dimensions. A new one joins by a row of <see cref="All"/>.</summary>
public class DimensionTests
{
    public static TheoryData<string> Names => [.. All.Keys];

    private static Dictionary<string, Dimension> All { get; } = new()
    {
        ["uniform"] = new UniformDimension("x", -3, 5),
        ["uniform constant"] = new UniformDimension("x", 2, 2),
        ["log-uniform"] = new LogUniformDimension("x", 1e-5, 1e-1),
        ["log-uniform wide"] = new LogUniformDimension("x", 1e-300, 1e300),
        ["log-uniform constant"] = new LogUniformDimension("x", 0.3, 0.3),
        ["integer"] = new IntegerDimension("x", -3, 4),
        ["integer widest"] = new IntegerDimension("x", int.MinValue, int.MaxValue),
        ["integer constant"] = new IntegerDimension("x", 4, 4),
        ["integer by step"] = new IntegerDimension("x", -3, 40, 7),
        ["integer widest by step"] = new IntegerDimension("x", int.MinValue, int.MaxValue, int.MaxValue),
        ["log integer"] = new LogIntegerDimension("x", 1, 1000),
        ["log integer widest"] = new LogIntegerDimension("x", 1, int.MaxValue),
        ["log integer constant"] = new LogIntegerDimension("x", 7, 7),
        ["stepped"] = new SteppedDimension("x", 0.1, 0.9, 0.1),
        ["stepped short of the end"] = new SteppedDimension("x", -1, 1, 0.3),
        ["stepped constant"] = new SteppedDimension("x", 3, 3, 0.5),
        ["ordered numbers"] = new OrderedDimension("x", 16, 64, 256, 1024),
        ["ordered texts"] = new OrderedDimension("x", "small", "middle", "large"),
        ["constant number"] = new ConstantDimension("x", 0.25),
        ["constant text"] = new ConstantDimension("x", "adam"),
        ["conditional"] = new UniformDimension("x", 1, 2).When("optimizer", "sgd"),
        ["categorical"] = new CategoricalDimension("x", "a", "b", "c"),
        ["categorical constant"] = new CategoricalDimension("x", "a"),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void Dimension_values_are_within_the_range_and_positions_within_0_to_1(string name)
    {
        Dimension dimension = All[name];
        RandomStream random = RandomKey.FromSeed(1).Open();
        double[] positions =
        [
            -1, 0, double.Epsilon, Math.BitDecrement(1.0), 1, 2, .. Enumerable.Range(0, 300).Select(_ => random.NextUniform()),
        ];
        foreach (double position in positions)
        {
            ParameterValue value = dimension.At(position);
            Assert.True(dimension.Contains(value), $"{position} gives {value}");
            Assert.InRange(dimension.PositionOf(value), 0, 1);
            Assert.True(Near(value, dimension.At(dimension.PositionOf(value))), $"{value} is at {dimension.PositionOf(value)}");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Dimension_positions_rise_with_values(string name)
    {
        Dimension dimension = All[name];
        double[] positions = [.. Enumerable.Range(0, 101).Select(i => dimension.PositionOf(dimension.At(i / 100.0)))];
        Assert.Equal(positions.Order(), positions);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Dimension_part_stays_within_the_whole(string name)
    {
        Dimension dimension = All[name];
        RandomStream random = RandomKey.FromSeed(2).Open();
        for (int i = 0; i < 100; i++)
        {
            double low = random.NextUniform(), high = low + ((1 - low) * random.NextUniform());
            Dimension part = dimension.Between(low, high);
            Assert.Equal((dimension.Name, dimension.Condition), (part.Name, part.Condition));
            for (int j = 0; j <= 10; j++)
                Assert.True(dimension.Contains(part.At(j / 10.0)));
            Assert.True(part.Contains(dimension.At((low + high) / 2)), $"{part} lacks {dimension.At((low + high) / 2)}");
            Dimension around = dimension.Around([part.At(0), part.At(1)], 0.05);
            Assert.Equal(dimension.Condition, around.Condition);
            Assert.True(around.Contains(part.At(0)) && around.Contains(part.At(1)), $"{around} lacks an end of {part}");
            Assert.True(dimension.Contains(around.At(0)) && dimension.Contains(around.At(1)));
        }
        Assert.Equal(dimension, dimension.Between(0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => dimension.Between(0.5, 0.4));
        Assert.Throws<ArgumentOutOfRangeException>(() => dimension.Between(-0.1, 0.4));
        Assert.Throws<ArgumentOutOfRangeException>(() => dimension.Between(0, double.NaN));
        Assert.Throws<ArgumentException>(() => dimension.Around([], 0.1));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Dimension_grid_has_different_values_within_the_range(string name)
    {
        Dimension dimension = All[name];
        for (int points = 1; points <= 12; points++)
        {
            int count = dimension.GridCount(points);
            ParameterValue[] values = [.. Enumerable.Range(0, count).Select(i => dimension.GridPoint(i, count))];
            Assert.All(values, value => Assert.True(dimension.Contains(value)));
            if (dimension.At(0) != dimension.At(1))
                Assert.Equal(count, values.Distinct().Count());
            if (count > 1)
                Assert.Equal((dimension.At(0), dimension.At(1)), (values[0], values[^1]));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Dimension_is_a_value_with_a_description_of_its_own(string name)
    {
        Assert.Equal(All[name], All[name] with { });
        Assert.Single(All.Values, other => other.ToString() == All[name].ToString());
    }

    [Fact]
    public void LogUniformDimension_is_uniform_in_the_logarithm()
    {
        var dimension = new LogUniformDimension("x", 1e-5, 1e-1);
        AssertUniform(stream => (Math.Log10(dimension.At(stream).Number) + 5) / 4);
    }

    [Fact]
    public void UniformDimension_values_are_uniform()
    {
        var dimension = new UniformDimension("x", -3, 5);
        AssertUniform(stream => (dimension.At(stream).Number + 3) / 8);
    }

    [Fact]
    public void IntegerDimension_and_CategoricalDimension_values_are_equally_likely()
    {
        var integer = new IntegerDimension("x", 3, 7);
        var categorical = new CategoricalDimension("y", "a", "b", "c", "d", "e");
        RandomStream random = RandomKey.FromSeed(3).Open();
        var counts = new Dictionary<ParameterValue, int>();
        for (int i = 0; i < 5000; i++)
        {
            foreach (ParameterValue value in new[] { integer.At(random.NextUniform()), categorical.At(random.NextUniform()) })
                counts[value] = counts.GetValueOrDefault(value) + 1;
        }
        Assert.Equal(10, counts.Count);
        Assert.All(counts.Values, count => Assert.InRange(count, 880, 1120));
    }

    [Property(MaxTest = 100)]
    public Property LogUniformDimension_narrows_on_the_scale_of_the_logarithm() => Prop.ForAll(
        (from a in Gen.Choose(0, 400)
         from b in Gen.Choose(0, 400)
         from m in Gen.Choose(0, 20)
         select (a / 100.0, b / 100.0, m / 100.0)).ToArbitrary(),
        test =>
        {
            (double a, double b, double margin) = test;
            var dimension = new LogUniformDimension("x", 1e-5, 1e-1);
            var narrowed = (LogUniformDimension)dimension.Around([new(Math.Pow(10, a - 5)), new(Math.Pow(10, b - 5))], margin);
            Assert.Equal(Math.Max(-5, Math.Min(a, b) - 5 - (4 * margin)), Math.Log10(narrowed.Minimum), 1e-9);
            Assert.Equal(Math.Min(-1, Math.Max(a, b) - 5 + (4 * margin)), Math.Log10(narrowed.Maximum), 1e-9);
        });

    [Fact]
    public void CategoricalDimension_narrows_to_the_choices_that_the_best_have() =>
        Assert.Equal(
            new CategoricalDimension("x", "a", "c"),
            new CategoricalDimension("x", "a", "b", "c").Around([new("c"), new("a"), new("c")], 0.5));

    [Fact]
    public void Dimension_impossible_ranges_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>("minimum", () => new LogUniformDimension("x", 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>("minimum", () => new UniformDimension("x", double.NaN, 1));
        Assert.Throws<ArgumentOutOfRangeException>("maximum", () => new UniformDimension("x", 2, 1));
        Assert.Throws<ArgumentOutOfRangeException>("maximum", () => new UniformDimension("x", -1e308, 1e308));
        Assert.Throws<ArgumentOutOfRangeException>("maximum", () => new LogUniformDimension("x", 1, double.PositiveInfinity));
        Assert.Throws<ArgumentOutOfRangeException>("maximum", () => new IntegerDimension("x", 2, 1));
        Assert.Throws<ArgumentOutOfRangeException>("step", () => new IntegerDimension("x", 1, 2, 0));
        Assert.Throws<ArgumentOutOfRangeException>("minimum", () => new LogIntegerDimension("x", 0, 2));
        Assert.Throws<ArgumentOutOfRangeException>("step", () => new SteppedDimension("x", 0, 1, 0));
        Assert.Throws<ArgumentOutOfRangeException>("step", () => new SteppedDimension("x", 0, 1, 1e-20));
        Assert.Throws<ArgumentException>("values", () => new OrderedDimension("x"));
        Assert.Throws<ArgumentException>("values", () => new OrderedDimension("x", 1, 2, 1));
        Assert.Throws<ArgumentException>("values", () => new OrderedDimension("x", 1, "a"));
        Assert.Throws<ArgumentException>("choices", () => new CategoricalDimension("x"));
        Assert.Throws<ArgumentException>("choices", () => new CategoricalDimension("x", "a", "a"));
        Assert.Throws<ArgumentException>("name", () => new UniformDimension("", 0, 1));
        Assert.Throws<ArgumentException>("dimensions", () => new SearchSpace());
        Assert.Contains("\"x\"", Assert.Throws<ArgumentException>(
            () => new SearchSpace(new UniformDimension("x", 0, 1), new IntegerDimension("x", 0, 1))).Message);
        Assert.Contains("\"lamda\"", Assert.Throws<ArgumentException>(() => Searches.Space["lamda"]).Message);
    }

    [Fact]
    public void SearchSpace_description_is_the_same_in_every_culture()
    {
        Assert.Equal(
            "lambda: log-uniform 1E-05..0.1; momentum: uniform 0..0.99; hidden: integer 10..100; "
            + "activation: one of \"relu\", \"tanh\", \"gelu\"",
            Searches.Space.ToString());
    }

    [Fact]
    public void SearchPoint_asked_for_another_kind_of_value_names_what_it_has()
    {
        SearchPoint point = Searches.Space.Point(dimension => dimension.At(0.5));
        Assert.Equal(1e-3, point.Number("lambda"), 1e-12);
        Assert.Equal("tanh", point.Choice("activation"));
        Assert.Equal(55, point.Integer("hidden"));
        Assert.Throws<InvalidOperationException>(() => point.Integer("lambda"));
        Assert.Throws<InvalidOperationException>(() => point.Number("activation"));
        Assert.Throws<InvalidOperationException>(() => point.Choice("hidden"));
        Assert.Contains("\"activation\"", Assert.Throws<ArgumentException>(() => point["depth"]).Message);
    }

    // The Kolmogorov-Smirnov test at the 1 % level.
    private static void AssertUniform(Func<double, double> sample)
    {
        const int Count = 4000;
        RandomStream random = RandomKey.FromSeed(11).Open();
        double[] values = [.. Enumerable.Range(0, Count).Select(_ => sample(random.NextUniform())).Order()];
        double distance = values.Select((value, i) => Math.Max(value - ((double)i / Count), ((double)(i + 1) / Count) - value)).Max();
        Assert.True(distance < 1.63 / Math.Sqrt(Count), $"The Kolmogorov distance is {distance}.");
    }

    private static bool Near(ParameterValue expected, ParameterValue actual) =>
        expected == actual || (expected.IsNumber && Math.Abs(expected.Number - actual.Number) <= 1e-10 * Math.Abs(expected.Number) + 1e-12);
}
