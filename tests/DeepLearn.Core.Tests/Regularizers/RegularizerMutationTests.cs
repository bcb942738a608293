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
/// Breaks the slope of every regulariser in every way listed and expects the gradient checker to object, and to name the weights: a checker
/// that cannot fail proves nothing.
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
    public void AFaultInTheSlopeIsFound(RegularizerCase row)
    {
        GradientReport right = Check(row.Regularizer);
        Assert.True(right.Passed, right.ToString());
        foreach (Fault fault in Enum.GetValues<Fault>())
        {
            // Without a penalty there is no slope to be wrong, but one where none should be.
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

    /// <summary>A regulariser whose slope is broken.</summary>
    private sealed record Mutant(Regularizer Inner, Fault Fault) : Regularizer
    {
        public override bool Covers<T>(Parameter<T> parameter) => Inner.Covers(parameter);

        public override double Penalty<T>(ReadOnlyMatrixView<T> value) => Inner.Penalty(value);

        public override double PenaltyOf<T>(Parameter<T> parameter) => Inner.PenaltyOf(parameter);

        public override void AddSlope<T>(ReadOnlyMatrixView<T> value, MatrixView<T> gradient) => Inner.AddSlope(value, gradient);

        public override void AddSlopeTo<T>(Parameter<T> parameter)
        {
            T[] before = parameter.Gradient.AsSpan().ToArray();
            Inner.AddSlopeTo(parameter);
            Span<T> gradient = parameter.Gradient.AsSpan();
            T[] slopes = [.. gradient.ToArray().Zip(before, (after, first) => after - first)];
            T factor = T.CreateChecked(Fault switch { Fault.WrongSign => -1, Fault.MissingFactor => 0.5, Fault.Nothing => 0, _ => 1 });
            T more = T.CreateChecked(0.1);
            bool isWeights = parameter.Role == ParameterRole.Weights;
            for (int i = 0; i < slopes.Length; i++)
            {
                T slope = slopes[Fault == Fault.OneOff ? (i + 1) % slopes.Length : i] * factor;
                if (Fault == Fault.DroppedTerm && i == slopes.Length - 1)
                    slope = T.Zero;
                if (Fault == (isWeights ? Fault.Superfluous : Fault.OfBiasesToo))
                    slope += more * parameter.Value.AsSpan()[i];
                gradient[i] = before[i] + slope;
            }
        }
    }
}
