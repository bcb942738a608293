using DeepLearn.Losses;
using DeepLearn.Tensors;
using Xunit;

namespace DeepLearn.Testing.Tests;

public class LossFaultTests
{
    private static int _lastBatch;

    private enum Fault
    {
        None,
        TakesNothing,
        WrongGradient,
        WrongAtFloat,
        SumInsteadOfMean,
        RemembersBatch,
        OtherWithoutGradient,
        LastRowLeft,
        Overflows,
        SkipsNaN,
        Allocates,
    }

    public static TheoryData<Planted> Faults =>
    [
        new Planted("it is an immutable value", () => LossContract.Check(new Squares(Fault.None) { Names = ["a"] })),
        new Planted("it prints itself", () => LossContract.Check(new Squares(Fault.None) { Text = "" })),
        Of("it takes labels, values or both", Fault.TakesNothing),
        Of("the gradient is the derivative", Fault.WrongGradient),
        Of("float follows double", Fault.WrongAtFloat),
        Of("the loss is the mean over the examples", Fault.SumInsteadOfMean),
        Of("the loss is a function of its arguments alone", Fault.RemembersBatch),
        Of("the loss is the same without a gradient", Fault.OtherWithoutGradient),
        Of("nothing is read or written beside the rows", Fault.LastRowLeft),
        Of("huge outputs give finite numbers", Fault.Overflows),
        Of("a NaN reaches the loss", Fault.SkipsNaN),
        Of("a batch allocates nothing", Fault.Allocates),
        new Planted("what does not fit is refused", () => LossContract.Check(new Choice(MoreClasses: 1))),
    ];

    [Theory]
    [MemberData(nameof(Faults))]
    public void LossContract_planted_fault_is_found_by_its_check_alone(Planted fault) => fault.AssertFound();

    [Fact]
    public void LossContract_every_check_has_a_fault_that_it_finds() =>
        Planted.AssertComplete(LossContract.Check(new Squares(Fault.None)), Faults.Select(row => row.Data));

    [Fact]
    public void LossContract_sound_loss_of_labels_passes() => LossContract.Check(new Choice(0)).ThrowIfFailed();

    private static Planted Of(string check, Fault fault) => new(check, () => LossContract.Check(new Squares(fault)));

    /// <summary>The squared error, summed over the outputs.</summary>
    private sealed record Squares(Fault Fault) : Loss
    {
        public string[]? Names { get; init; }

        public string? Text { get; init; }

        public override bool TakesLabels => false;

        public override bool TakesValues => Fault != Fault.TakesNothing;

        public override string ToString() => Text ?? $"Squares {{ Fault = {Fault} }}";

        protected override double ComputeChecked<T>(ReadOnlyMatrixView<T> outputs, Targets<T> targets, MatrixView<T> gradient)
        {
            double sum = 0;
            double share = Fault == Fault.SumInsteadOfMean ? 1 : 1.0 / outputs.Rows;
            for (int row = 0; row < outputs.Rows; row++)
            {
                bool writes = !gradient.IsEmpty && (Fault != Fault.LastRowLeft || row < outputs.Rows - 1 || gradient.IsContiguous);
                for (int j = 0; j < outputs.Columns; j++)
                {
                    T error = outputs[row, j] - targets.Values[row, j];
                    if (Fault == Fault.SkipsNaN && T.IsNaN(error))
                        continue;
                    double number = double.CreateChecked(error);
                    sum += Fault == Fault.Overflows && number > 1000 ? double.PositiveInfinity : number * number;
                    if (writes)
                        gradient[row, j] = T.CreateChecked(share * (Fault == Fault.WrongGradient ? 1.98 : 2)) * error;
                }
            }
            double loss = sum * share;
            int last = Interlocked.Exchange(ref _lastBatch, outputs.Rows);
            return Fault switch
            {
                Fault.WrongAtFloat when typeof(T) == typeof(float) => loss + 1e-3,
                Fault.RemembersBatch when last == 1 && outputs.Rows > 1 => Math.BitIncrement(loss),
                Fault.OtherWithoutGradient when gradient.IsEmpty => loss * (1 + 1e-10),
                Fault.Allocates => loss + Noise.Allocate(),
                _ => loss,
            };
        }
    }

    /// <summary>Minus the output of the label; one that says that there is a class more than outputs takes such a label for the last
    /// one.</summary>
    private sealed record Choice(int MoreClasses) : Loss
    {
        public override bool TakesLabels => true;

        public override bool TakesValues => false;

        protected override int ClassCount(int outputs) => outputs + MoreClasses;

        protected override double ComputeChecked<T>(ReadOnlyMatrixView<T> outputs, Targets<T> targets, MatrixView<T> gradient)
        {
            double sum = 0;
            for (int row = 0; row < outputs.Rows; row++)
            {
                int label = Math.Min(targets.Labels[row], outputs.Columns - 1);
                foreach (T output in outputs.Row(row))
                    sum += 0 * double.CreateChecked(output);
                sum -= double.CreateChecked(outputs[row, label]);
                if (gradient.IsEmpty)
                    continue;
                gradient.Row(row).Clear();
                gradient[row, label] = T.CreateChecked(-1.0 / outputs.Rows);
            }
            return sum / outputs.Rows;
        }
    }
}
