using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Tensors;
using Xunit;

namespace DeepLearn.Testing.Tests;

public class LayerFaultTests
{
    private static readonly Shape Input = new(2, 3);
    private static readonly LayerContractOptions Known = new() { RefusedShapes = [new Shape(7)] };

    public static TheoryData<Planted> Faults =>
    [
        Of("it is an immutable value", new FaultyLayer(LayerFault.None) { Names = ["a"] }),
        Of("it prints itself", new FaultyLayer(LayerFault.None) { Text = "" }),
        Of("it has a short lower-case name", LayerFault.LongKind),
        Of("the shapes of layer and runtime agree", LayerFault.OtherShape),
        Of("a shape that does not fit is refused", LayerFault.TakesAnyShape),
        Of("what is saved has names of its own under the layer's path", LayerFault.NamesNoPath),
        Of("the same seed gives the same parameters", LayerFault.OtherByIdentity),
        Of("parameters at float begin as those at double, rounded", LayerFault.OtherAtFloat),
        Of("the traits never change", LayerFault.OtherTraits),
        Of("the memory of a workspace is told", LayerFault.NegativeMemory),
        Of("a saved model goes on to the same bits", LayerFault.HidesItsBuffer),
        new Planted("gradients do not depend on what stood where they go", () => LayerContract.Check(new Last(), Input)),
        Of("the gradient is the derivative", LayerFault.WrongGradient),
        Of("float follows double", LayerFault.WrongAtFloat),
        Of("a pass repeated gives the same bits", LayerFault.SharesScratch),
        Of("nobody has to want the gradient of the input", LayerFault.NeedsInputWanted),
        Of("inference is neither random nor remembered", LayerFault.CountsInference),
        Of("an example gives the same bits in any batch", LayerFault.OtherAlone),
        Of("a smaller batch after a larger one gives the same bits", LayerFault.UsesCapacity),
        Of("threads change no bit", LayerFault.OtherOnThreads),
        Of("nested in a network it gives the same bits", LayerFault.OtherWhenNested),
        Of("a pass allocates nothing", LayerFault.Allocates),
        Of("the backward pass reads only what it declares", LayerFault.ReadsOutput),
        Of("nothing is read or written beside the rows", LayerFault.LastRowLeft),
        Of("in place it gives the same bits", new FaultyActivation(ActivationKind.Negative, IsWrong: true)),
        Of("the output's gradient is kept", LayerFault.ClearsOutputGradient),
        Of("it is a ReLU and no more", new FaultyActivation(ActivationKind.Relu, IsWrong: true)),
        Of("a fused ReLU gives the bits of two passes", new FaultyLayer(LayerFault.FusesNearly, Fuses: true)),
        Of("the gradient through a fused ReLU is the derivative", new FaultyLayer(LayerFault.FusesWronglyInDouble, Fuses: true)),
        Of("a fused backward pass gives the bits of two", new FaultyLayer(LayerFault.FusesBackwardNearly, Fuses: true)),
        Of("what it reports is its output, each number once", new FaultyLayer(LayerFault.ReportsTwice, Fuses: true)),
        Of("it gives the same bits whether or not it follows its input", new FaultyLayer(LayerFault.FollowsNearly, Fuses: true)),
        Of("bytes give the bits of the numbers that they stand for", LayerFault.ForgetsOffsetOfBytes),
        Of("gradients that accumulate into the values are a step of gradient descent", LayerFault.IgnoresTargets),
        Of("nobody has to want the gradient of a parameter", LayerFault.NeedsParameterWanted),
    ];

    [Theory]
    [MemberData(nameof(Faults))]
    public void LayerContract_planted_fault_is_found_by_its_check_alone(Planted fault) => fault.AssertFound();

    [Fact]
    public void LayerContract_sound_layers_pass_and_every_check_has_a_fault_that_it_finds()
    {
        LayerContract.Check(new FaultyLayer(LayerFault.None), Input, Known).ThrowIfFailed();
        foreach (ActivationKind function in Enum.GetValues<ActivationKind>())
            LayerContract.Check(new FaultyActivation(function, IsWrong: false), Input).ThrowIfFailed();
        const string PassThrough = "it passes on what it is given";
        Planted.AssertComplete(
            LayerContract.Check(new FaultyLayer(LayerFault.None, Fuses: true), Input, Known),
            Faults.Select(row => row.Data).Append(new(PassThrough, () => LayerContract.Check(new FaultyLayer(LayerFault.None), Input))));
    }

    [Fact]
    public void LayerContract_layer_that_claims_to_pass_through_is_found()
    {
        // A network does not run such a layer at its front, so that it computes something else there too.
        ContractReport report = LayerContract.Check(new FaultyActivation(ActivationKind.Identity, IsWrong: true), Input);
        Assert.Equal(
            ["nested in a network it gives the same bits", "it passes on what it is given"],
            report.Failures.Select(failure => failure.Name));
    }

    [Fact]
    public void LayerContract_examples_of_the_caller_are_used()
    {
        var options = new LayerContractOptions { DrawExamples = (key, rows, columns) => Positive(key, rows, columns) };
        LayerContract.Check(new FaultyLayer(LayerFault.None), Input, options).ThrowIfFailed();

        static Matrix<double> Positive(RandomKey key, int rows, int columns)
        {
            RandomStream random = key.Open();
            var matrix = new Matrix<double>(rows, columns);
            foreach (ref double value in matrix.AsSpan())
                value = 0.1 + random.NextUniform();
            return matrix;
        }
    }

    private static Planted Of(string check, LayerFault fault) => Of(check, new FaultyLayer(fault));

    private static Planted Of(string check, Layer layer) =>
        new(check, () => LayerContract.Check(layer, Input, layer is FaultyLayer ? Known : null));

    /// <summary>All but the last feature, whose gradient is 0 and is not written.</summary>
    private sealed record Last : Layer
    {
        public override Shape OutputShape(Shape input) => input.Count - 1;

        public override LayerRuntime<T> CreateRuntime<T>(LayerBuild build) => new Runtime<T>(build.Input);

        private sealed class Runtime<T>(Shape input) : LayerRuntime<T>(input, input.Count - 1)
            where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
        {
            public override LayerTraits Traits { get; } = new() { BackwardNeeds = BackwardNeeds.None };

            public override void Forward(LayerInput<T> input, MatrixView<T> output, LayerWorkspace<T> workspace)
            {
                for (int row = 0; row < output.Rows; row++)
                    input.Numbers.Row(row)[..output.Columns].CopyTo(output.Row(row));
            }

            public override void Backward(
                LayerInput<T> input,
                ReadOnlyMatrixView<T> output,
                MatrixView<T> outputGradient,
                MatrixView<T> inputGradient,
                Parameters.GradientTargets<T> gradients,
                LayerWorkspace<T> workspace)
            {
                for (int row = 0; row < inputGradient.Rows; row++)
                    outputGradient.Row(row).CopyTo(inputGradient.Row(row));
            }
        }
    }
}
