using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Models;
using DeepLearn.Parameters;
using DeepLearn.Tensors;
using DeepLearn.Testing;
using DeepLearn.Tests.Support;
using Xunit;

namespace DeepLearn.Tests.Parameters;

/// <summary>What every initializer draws has the mean, variance and shape that its source gives it; a new one joins by a row.</summary>
public class InitializerTests
{
    private const int FanIn = 300;
    private const int FanOut = 500;

    /// <summary>The initializer, its variance by the book, and whether it is uniform.</summary>
    public static TheoryData<Initializer, double, bool> Random => new()
    {
        { NormalInitializer.He, 2.0 / FanIn, false },
        { NormalInitializer.LeCun, 1.0 / FanIn, false },
        { NormalInitializer.Glorot, 2.0 / (FanIn + FanOut), false },
        { NormalInitializer.WithStandardDeviation(0.7), 0.49, false },
        { UniformInitializer.He, 2.0 / FanIn, true },
        { UniformInitializer.LeCun, 1.0 / FanIn, true },
        { UniformInitializer.Glorot, 2.0 / (FanIn + FanOut), true },
        { new OrthogonalInitializer(2), 4.0 / FanOut, false },
        { Initializer.Automatic, 2.0 / (FanIn + FanOut), false },
    };

    [Theory]
    [MemberData(nameof(Random))]
    public void Initializer_draws_have_the_mean_variance_and_distribution_of_their_source(
        Initializer initializer, double variance, bool isUniform)
    {
        InitializerContract.Check(initializer, new() { FanIn = FanIn, FanOut = FanOut, Variance = variance }).ThrowIfFailed();
        double[] numbers = Draw(initializer, 1);
        double deviation = Math.Sqrt(variance);
        double within = numbers.Count(x => Math.Abs(x) < deviation) / (double)numbers.Length;
        Assert.Equal(isUniform ? 1 / Math.Sqrt(3) : 0.6826894921370859, within, 0.01);
        if (isUniform)
            Assert.InRange(numbers.Max(Math.Abs) / (deviation * Math.Sqrt(3)), 0.999, 1);
        else
            Assert.InRange(numbers.Max(Math.Abs) / deviation, 3.5, 7);

        // As many of either sign.
        Assert.Equal(0.5, numbers.Count(x => x > 0) / (double)numbers.Length, 0.01);
    }

    [Fact]
    public void Initializers_of_the_library_all_have_a_contract_row() => Assert.Empty(
        LibraryTypes.Of<Initializer>().Except(
            [typeof(ConstantInitializer), typeof(DiracInitializer), typeof(GivenInitializer),
                .. Random.Select(row => row.Data.Item1.GetType())]));

    [Fact]
    public void ConstantInitializer_fills_every_element_with_its_value()
    {
        InitializerContract.Check(new ConstantInitializer(0.25)).ThrowIfFailed();
        Assert.All(Draw(new ConstantInitializer(0.25), 1), x => Assert.Equal(0.25, x));
        Assert.All(Draw(ConstantInitializer.Zero, 1), x => Assert.Equal(0, x));
    }

    [Fact]
    public void Initializers_with_impossible_options_are_refused()
    {
        Assert.Contains("found NaN", Assert.Throws<ArgumentOutOfRangeException>(() => new ConstantInitializer(double.NaN)).Message);
        Assert.Contains(
            "finite", Assert.Throws<ArgumentOutOfRangeException>(() => ConstantInitializer.Zero with { Value = 1 / 0.0 }).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => NormalInitializer.WithStandardDeviation(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => NormalInitializer.WithStandardDeviation(double.NaN));
    }

    [Fact]
    public void Layers_give_their_initializers_fan_in_and_fan_out()
    {
        var seen = new List<(int, int)>();
        var spy = new Spy(seen);
        new Dense(7) { Weights = spy, Biases = spy }.Build<float>(new Shape(2, 5), 1);
        Assert.Equal([(10, 7), (10, 7)], seen);
        seen.Clear();

        // Kernels of 3x2; of 6 channels and 9 filters in three groups, each filter sees 2 channels and each channel 3 filters.
        new Convolution2D(9, new(3, 2)) { Groups = 3, Weights = spy }.Build<float>(new Shape(5, 5, 6), 1);
        Assert.Equal([(12, 18)], seen);
    }

    private static double[] Draw(Initializer initializer, ulong seed)
    {
        var matrix = new Matrix<double>(FanIn, FanOut);
        matrix.View.Fill(double.NaN);
        initializer.Fill(FanIn, FanOut, RandomKey.FromSeed(seed), matrix.View);
        return matrix.AsSpan().ToArray();
    }

    private sealed record Spy(List<(int In, int Out)> Seen) : Initializer
    {
        public override void Fill<T>(int fanIn, int fanOut, RandomKey key, MatrixView<T> destination) => Seen.Add((fanIn, fanOut));
    }
}
