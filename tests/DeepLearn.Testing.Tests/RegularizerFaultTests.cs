using DeepLearn.Parameters;
using DeepLearn.Regularizers;
using DeepLearn.Tensors;
using Xunit;

namespace DeepLearn.Testing.Tests;

public class RegularizerFaultTests
{
    private enum Fault
    {
        None,
        Negative,
        Doubled,
        WrongDerivative,
        LosesDigits,
        WrongFactor,
        ProjectsUnsaid,
        ProjectsTwice,
        WrongAtFloat,
        LastRowLeft,
        Impure,
        Allocates,
    }

    private static readonly RegularizerContractOptions Known = new() { PenaltyOfOne = w => w * w };

    public static TheoryData<Planted> Faults =>
    [
        new Planted("it is an immutable value", () => RegularizerContract.Check(new Squares(Fault.None) { Names = ["a"] })),
        new Planted("it prints itself", () => RegularizerContract.Check(new Squares(Fault.None) { Text = "" })),
        Of("the penalty is finite and at least 0", Fault.Negative),
        Of("the penalty is what the book says", Fault.Doubled, Known),
        Of("the gradient is the derivative of the penalty", Fault.WrongDerivative),
        Of("the gradient is added to what stands there", Fault.LosesDigits),
        Of("the gradient is the derivative of the penalty", Fault.WrongFactor),
        Of("the projection is made once", Fault.ProjectsUnsaid),
        Of("the projection is made once", Fault.ProjectsTwice),
        Of("float follows double", Fault.WrongAtFloat),
        Of("nothing is read or written beside the rows", Fault.LastRowLeft),
        Of("it is a function of its arguments alone", Fault.Impure),
        Of("nothing is allocated", Fault.Allocates),
    ];

    [Theory]
    [MemberData(nameof(Faults))]
    public void RegularizerContract_planted_fault_is_found_by_its_check_alone(Planted fault) => fault.AssertFound();

    [Fact]
    public void RegularizerContract_every_check_has_a_fault_that_it_finds() =>
        Planted.AssertComplete(RegularizerContract.Check(new Squares(Fault.None), Known), Faults.Select(row => row.Data));

    private static Planted Of(string check, Fault fault, RegularizerContractOptions? options = null) =>
        new(check, () => RegularizerContract.Check(new Squares(fault), options), fault.ToString());

    private sealed record Squares(Fault Fault) : Regularizer
    {
        public string[]? Names { get; init; }

        public string? Text { get; init; }

        // Two for the square; one that says so and is wrong has no other terms.
        public override PenaltyGradient Gradient => Fault == Fault.WrongFactor ? new(1.98, 0) : PenaltyGradient.Other;

        public override bool HasConstraint => Fault == Fault.ProjectsTwice;

        private double Factor => Fault switch { Fault.Negative => -1, Fault.Doubled => 2, _ => 1 };

        public override string ToString() => Text ?? $"Squares {{ Fault = {Fault} }}";

        public override double Penalty<T>(ReadOnlyMatrixView<T> value)
        {
            double sum = 0;
            for (int row = 0; row < value.Rows; row++)
            {
                foreach (T x in value.Row(row))
                    sum += double.CreateChecked(x) * double.CreateChecked(x);
            }
            sum *= Factor;
            return Fault switch
            {
                Fault.WrongAtFloat when typeof(T) == typeof(float) => sum + 1e-3,
                Fault.Impure => sum * (1 + (1e-15 * Noise.Turn())),
                Fault.Allocates => sum + Noise.Allocate(),
                _ => sum,
            };
        }

        public override void AddOtherGradient<T>(ReadOnlyMatrixView<T> value, MatrixView<T> gradient)
        {
            T factor = T.CreateChecked(2 * Factor * (Fault == Fault.WrongDerivative ? 0.99 : 1));
            for (int row = 0; row < value.Rows; row++)
            {
                if (Fault == Fault.LastRowLeft && !gradient.IsContiguous && row == value.Rows - 1)
                    break;
                for (int j = 0; j < value.Columns; j++)
                {
                    T before = gradient[row, j] * T.CreateChecked(Fault == Fault.LosesDigits ? 1 + 1e-9 : 1);
                    gradient[row, j] = before + (factor * value[row, j]);
                }
            }
        }

        public override void Project<T>(MatrixView<T> value)
        {
            if (Fault is not (Fault.ProjectsTwice or Fault.ProjectsUnsaid))
                return;
            for (int row = 0; row < value.Rows; row++)
            {
                foreach (ref T x in value.Row(row))
                    x *= T.CreateChecked(0.5);
            }
        }
    }
}
