using DeepLearn.Foundation;
using DeepLearn.Parameters;
using DeepLearn.Tensors;
using Xunit;

namespace DeepLearn.Testing.Tests;

public class InitializerFaultTests
{
    private enum Fault
    {
        None,
        LastRowLeft,
        Infinite,
        Impure,
        IgnoresKey,
        RepeatsRows,
        DrawsInFloat,
        Shifted,
    }

    private static readonly InitializerContractOptions Known = new() { Variance = 1.0 / 3 };

    public static TheoryData<Planted> Faults =>
    [
        new Planted("it is an immutable value", () => InitializerContract.Check(new Faulty(Fault.None) { Names = ["a"] }, Known)),
        new Planted("it prints itself", () => InitializerContract.Check(new Faulty(Fault.None) { Text = "" }, Known)),
        Of("every element is written, and nothing beside them", Fault.LastRowLeft),
        Of("the numbers are finite", Fault.Infinite, new()),
        Of("the same key gives the same bits", Fault.Impure),
        Of("another key gives other numbers", Fault.IgnoresKey),
        Of("no row repeats the one before it", Fault.RepeatsRows),
        Of("a float is the double rounded", Fault.DrawsInFloat),
        Of("mean and variance are those of its source", Fault.Shifted),
    ];

    [Theory]
    [MemberData(nameof(Faults))]
    public void InitializerContract_planted_fault_is_found_by_its_check_alone(Planted fault) => fault.AssertFound();

    [Fact]
    public void InitializerContract_every_check_has_a_fault_that_it_finds() =>
        Planted.AssertComplete(InitializerContract.Check(new Faulty(Fault.None), Known), Faults.Select(row => row.Data));

    private static Planted Of(string check, Fault fault, InitializerContractOptions? options = null) =>
        new(check, () => InitializerContract.Check(new Faulty(fault), options ?? Known));

    /// <summary>Numbers evenly spread from -1 to 1.</summary>
    private sealed record Faulty(Fault Fault) : Initializer
    {
        public string[]? Names { get; init; }

        public string? Text { get; init; }

        public override void Fill<T>(int fanIn, int fanOut, RandomKey key, MatrixView<T> destination)
        {
            RandomStream random = (Fault == Fault.IgnoresKey ? RandomKey.FromSeed(0) : key).Open();
            for (int row = 0; row < destination.Rows; row++)
            {
                if (Fault == Fault.LastRowLeft && row == destination.Rows - 1 && !destination.IsContiguous)
                    break;
                for (int column = 0; column < destination.Columns; column++)
                {
                    double number = (2 * random.NextUniform()) - 1;
                    number = Fault switch
                    {
                        Fault.Infinite when row + column == 0 => double.PositiveInfinity,
                        Fault.Impure when row + column == 0 => number / (Noise.OthersAreHere() ? 2 : 1),
                        Fault.Shifted => number + 0.1,
                        _ => number,
                    };
                    destination[row, column] = Fault == Fault.DrawsInFloat && typeof(T) == typeof(float)
                        ? (T.One + T.One) * T.CreateChecked((float)(number / 2)) * T.CreateChecked(1.0000001f)
                        : T.CreateChecked(number);
                }
                if (Fault == Fault.RepeatsRows && row == 7)
                    destination.Row(row - 1).CopyTo(destination.Row(row));
            }
        }

        public override string ToString() => Text ?? $"Faulty {{ Fault = {Fault} }}";
    }
}
