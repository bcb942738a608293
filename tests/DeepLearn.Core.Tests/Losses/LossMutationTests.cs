using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Regularizers;
using DeepLearn.Tensors;
using DeepLearn.Verification;
using Xunit;

namespace DeepLearn.Tests.Losses;

/// <summary>
/// Breaks the gradient of every loss in every way listed and expects the gradient checker to object: a checker that cannot fail proves
/// nothing.
/// </summary>
public class LossMutationTests
{
    private enum Fault
    {
        WrongSign,
        MissingFactor,
        SumInsteadOfMean,
        DroppedTerm,
        DroppedExample,
        OneOff,
    }

    public static TheoryData<LossCase> Rows => [.. LossCase.All];

    [Theory]
    [MemberData(nameof(Rows))]
    public void GradientChecker_finds_every_planted_fault_in_the_gradient_of_a_loss(LossCase row)
    {
        int planted = 0;
        for (int seed = 0; seed < 4; seed++)
        {
            var example = new LossExample(row, 3, 4, 2, seed);
            GradientReport right = Check(example, example.Loss);
            Assert.True(right.Passed, right.ToString());
            foreach (Fault fault in Enum.GetValues<Fault>())
            {
                var mutant = new Mutant(example.Loss, fault);
                if (!Changes(example, mutant))
                    continue;
                planted++;
                Assert.False(Check(example, mutant).Passed, $"{fault} of {example} was not found.");
            }
        }

        // Of four batches some have a derivative everywhere, so that every fault was planted in one at least.
        Assert.True(planted >= 12, $"Only {planted} faults made a difference.");
    }

    /// <summary>The scores are the examples, and the network passes them through: the gradient of the input is that of the loss.</summary>
    private static GradientReport Check(LossExample example, Loss loss) => GradientChecker.Check(
        new Flatten().Build<double>(example.Outputs, 1), loss, Regularizer.None, example.Scores, example.Targets,
        new() { IncludesInput = true });

    private static bool Changes(LossExample example, Loss mutant)
    {
        double[] right = Gradient(example.Loss), wrong = Gradient(mutant);
        return right.Zip(wrong).Any(
            pair => Math.Abs(pair.First - pair.Second) > 1e-4 * (Math.Abs(pair.First) + Math.Abs(pair.Second) + 1e-2));

        double[] Gradient(Loss loss)
        {
            var gradient = new Matrix<double>(example.Batch, example.Outputs);
            loss.Compute<double>(example.Scores, example.Targets, gradient);
            return gradient.AsSpan().ToArray();
        }
    }

    /// <summary>A loss whose gradient is broken.</summary>
    private sealed record Mutant(Loss Inner, Fault Fault) : Loss
    {
        public override bool TakesLabels => Inner.TakesLabels;

        public override bool TakesValues => Inner.TakesValues;

        protected override double ComputeChecked<T>(ReadOnlyMatrixView<T> outputs, Targets<T> targets, MatrixView<T> gradient)
        {
            double loss = Inner.Compute(outputs, targets, gradient);
            if (gradient.IsEmpty)
                return loss;
            Span<T> derivatives = gradient.AsSpan();
            switch (Fault)
            {
                case Fault.DroppedTerm:
                    int largest = 0;
                    for (int i = 0; i < derivatives.Length; i++)
                        largest = T.Abs(derivatives[i]) > T.Abs(derivatives[largest]) ? i : largest;
                    derivatives[largest] = T.Zero;
                    break;
                case Fault.DroppedExample:
                    gradient.Row(gradient.Rows - 1).Clear();
                    break;
                case Fault.OneOff:
                    T first = derivatives[0];
                    derivatives[1..].CopyTo(derivatives);
                    derivatives[^1] = first;
                    break;
                default:
                    T factor = T.CreateChecked(Fault switch { Fault.WrongSign => -1, Fault.MissingFactor => 0.99, _ => outputs.Rows });
                    foreach (ref T derivative in derivatives)
                        derivative *= factor;
                    break;
            }
            return loss;
        }
    }
}
