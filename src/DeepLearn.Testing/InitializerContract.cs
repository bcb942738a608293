using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Parameters;
using DeepLearn.Tensors;
using DeepLearn.Testing.Checks;

namespace DeepLearn.Testing;

/// <summary>What every <see cref="Initializer"/> promises, checked on one of them.</summary>
/// <example><code>InitializerContract.Check(new Signs(0.02), new() { Variance = 0.0004 }).ThrowIfFailed();</code></example>
public static class InitializerContract
{
    // The tolerance in standard deviations of a mean of independent numbers: a right initializer exceeds it once in two million draws.
    private const double Chance = 5;

    /// <summary>Checks an initializer.</summary>
    /// <param name="initializer">The initializer.</param>
    /// <param name="options">What is known of it; null for nothing.</param>
    /// <returns>A check for each promise.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A fan is below 1.</exception>
    public static ContractReport Check(Initializer initializer, InitializerContractOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(initializer);
        options ??= new();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.FanIn, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.FanOut, 1);
        var checks = new CheckList(nameof(InitializerContract), initializer);
        ValueChecks.Add(checks, initializer, initializer with { });
        checks.Add("every element is written, and nothing beside them", () => CheckWriting(initializer, options));
        checks.Add("the numbers are finite", () => Expect.Finite<double>(Draw<double>(initializer, options), "the numbers"));
        checks.Add("the same key gives the same bits", () => CheckRepeats(initializer, options));
        bool isConstant = IsConstant(initializer, options);
        checks.AddIf(!isConstant, "the numbers are all one", "another key gives other numbers", () => Expect.That(
            !Draw<double>(initializer, options)
                .SequenceEqual(Draw<double>(initializer, options with { Key = options.Key.Derive("other") })),
            "other numbers of another key",
            "the same"));
        checks.AddIf(
            !isConstant && options.FanIn > 1,
            "the numbers are all one",
            "no row repeats the one before it",
            () => CheckRows(initializer, options));
        checks.Add("a float is the double rounded", () =>
        {
            float[] expected = Array.ConvertAll(Draw<double>(initializer, options), value => (float)value);
            Expect.SameBits(expected, Draw<float>(initializer, options), "the numbers at float");
        });
        checks.AddIf(
            options.Variance is not null, "the options do not say it", "mean and variance are those of its source", () => CheckMoments(
                initializer, options));
        return checks.ToReport();
    }

    private static T[] Draw<T>(Initializer initializer, InitializerContractOptions options)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Matrix<T> matrix = Numbers.Filled(options.FanIn, options.FanOut, T.NaN);
        initializer.Fill(options.FanIn, options.FanOut, options.Key, matrix.View);
        return matrix.AsSpan().ToArray();
    }

    // Where it throws, the checks tell what.
    private static bool IsConstant(Initializer initializer, InitializerContractOptions options) =>
        CheckList.Try(() => Draw<double>(initializer, options))?.Distinct().Count() == 1;

    private static void CheckWriting(Initializer initializer, InitializerContractOptions options)
    {
        var window = new Window<double>(options.FanIn, options.FanOut);
        initializer.Fill(options.FanIn, options.FanOut, options.Key, window.View);
        double[] found = window.ToArray();
        int left = Array.FindIndex(found, double.IsNaN);
        Expect.That(left < 0, "a number in every element", $"element {left} of {found.Length}, row by row, left as it was or NaN");
        window.ExpectMarginsUntouched("the parameter");
        Expect.SameBits(Draw<double>(initializer, options), found, "the numbers of a matrix whose rows have gaps between them");
    }

    private static void CheckRepeats(Initializer initializer, InitializerContractOptions options)
    {
        double[] numbers = Draw<double>(initializer, options);
        Draw<double>(initializer, options with { Key = options.Key.Derive("between") });
        Expect.SameBits(numbers, Draw<double>(initializer, options), "the numbers, drawn a second time");
        Expect.SameBits(numbers, Draw<double>(initializer with { }, options), "the numbers of an equal initializer");
        Concurrently.ExpectSame(
            numbers, () => Draw<double>(initializer, options), (expected, found) => Expect.SameBits(expected, found, "the numbers"));
    }

    private static void CheckRows(Initializer initializer, InitializerContractOptions options)
    {
        double[] numbers = Draw<double>(initializer, options);
        for (int row = 1; row < options.FanIn; row++)
        {
            ReadOnlySpan<double> one = numbers.AsSpan(row * options.FanOut, options.FanOut), before = numbers.AsSpan(
                (row - 1) * options.FanOut, options.FanOut);
            Expect.That(!one.SequenceEqual(before), $"numbers of its own in row {row}", $"those of row {row - 1}");
        }
    }

    private static void CheckMoments(Initializer initializer, InitializerContractOptions options)
    {
        double[] numbers = Draw<double>(initializer, options);
        double variance = options.Variance!.Value, mean = numbers.Average(), square = numbers.Average(x => x * x);
        double room = Chance * Math.Sqrt(variance / numbers.Length);
        Expect.That(Math.Abs(mean) <= room, $"a mean of {numbers.Length} numbers within {room:g3} of 0", $"{mean:g6}");
        room = Chance * variance * Math.Sqrt(2.0 / numbers.Length);
        Expect.That(
            Math.Abs(square - variance) <= room, $"a mean of squares within {room:g3} of the variance {variance:g6}", $"{square:g6}");
    }
}
