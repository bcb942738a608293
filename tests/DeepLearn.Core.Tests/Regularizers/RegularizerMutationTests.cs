using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Parameters;
using DeepLearn.Regularizers;
using DeepLearn.Tensors;
using DeepLearn.Tests.Layers;
using DeepLearn.Verification;
using Xunit;

namespace DeepLearn.Tests.Regularizers;

/// <summary>
/// Breaks the derivative of every regularizer in every way listed and expects the gradient checker to object, and to name the weights: a
/// checker that cannot fail proves nothing.
/// </summary>
public class RegularizerMutationTests
{
    private enum Fault
    {
        WrongSign,
        MissingFactor,
        Nothing,
        DroppedTerm,
        OneOff,
        Superfluous,
        OfBiasesToo,
    }

    public static TheoryData<RegularizerCase> Rows => [.. RegularizerCase.All];

    [Theory]
    [MemberData(nameof(Rows))]
    public void GradientChecker_finds_every_planted_fault_in_the_gradient_of_a_regularizer(RegularizerCase row)
    {
        GradientReport right = Check(row.Regularizer);
        Assert.True(right.Passed, right.ToString());
        foreach (Fault fault in Enum.GetValues<Fault>())
        {
            // Without a penalty there is no derivative to be wrong, but one where none should be.
            if (row.Penalty(1) == 0 && fault is not (Fault.Superfluous or Fault.OfBiasesToo))
                continue;
            GradientReport report = Check(new Mutant(row.Regularizer, fault));
            string wrong = fault == Fault.OfBiasesToo ? "biases" : "weights";
            Assert.All(report.Parameters, part => Assert.True(part.Passed != (part.Parameter == wrong), $"{fault}: {part}"));
        }
    }

    private static GradientReport Check(Regularizer regularizer)
    {
        var sample = new LayerSample(new Dense(4), 3, 2, 5);
        Targets<double> targets = Targets<double>.FromValues(sample.Numbers<double>("targets", 4));
        return GradientChecker.Check(sample.Build<double>(), new MeanSquaredError(), regularizer, sample.Examples<double>(), targets);
    }

    /// <summary>A regularizer whose derivative is broken.</summary>
    private sealed record Mutant(Regularizer Inner, Fault Fault) : Regularizer
    {
        public override bool Covers<T>(Parameter<T> parameter) => Inner.Covers(parameter);

        public override double Penalty<T>(ReadOnlyMatrixView<T> value) => Inner.Penalty(value);

        public override double PenaltyOf<T>(Parameter<T> parameter) => Inner.PenaltyOf(parameter);

        public override PenaltyGradient Gradient => Inner.Gradient;

        public override void AddGradientTo<T>(Parameter<T> parameter)
        {
            T[] before = parameter.Gradient.AsSpan().ToArray();
            Inner.AddGradientTo(parameter);
            Span<T> gradient = parameter.Gradient.AsSpan();
            T[] derivatives = [.. gradient.ToArray().Zip(before, (after, first) => after - first)];
            T factor = T.CreateChecked(Fault switch { Fault.WrongSign => -1, Fault.MissingFactor => 0.5, Fault.Nothing => 0, _ => 1 });
            T more = T.CreateChecked(0.1);
            bool isWeights = parameter.Role == ParameterRole.Weights;
            for (int i = 0; i < derivatives.Length; i++)
            {
                T derivative = derivatives[Fault == Fault.OneOff ? (i + 1) % derivatives.Length : i] * factor;
                if (Fault == Fault.DroppedTerm && i == derivatives.Length - 1)
                    derivative = T.Zero;
                if (Fault == (isWeights ? Fault.Superfluous : Fault.OfBiasesToo))
                    derivative += more * parameter.Value.AsSpan()[i];
                gradient[i] = before[i] + derivative;
            }
        }
    }
}
