using System.Numerics;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Parameters;
using DeepLearn.Regularizers;
using DeepLearn.Tensors;
using DeepLearn.Tests.Support;
using DeepLearn.Verification;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace DeepLearn.Tests.Layers;

/// <summary>
/// Breaks the backward pass of every layer in every way listed, one gradient at a time, and expects the checker to object: a checker that
/// cannot fail proves nothing.
/// </summary>
public class LayerMutationTests
{
    public static TheoryData<LayerCase> Layers => [.. LayerCase.All];

    [Theory]
    [MemberData(nameof(Layers))]
    public void GradientChecker_finds_a_planted_fault_in_any_one_gradient_of_a_layer(LayerCase layer)
    {
        int planted = 0;
        var samples = LayerSample.ArbitraryOf(layer.Layers).Generator.Where(sample => sample.Input.Count <= 60);
        Prop.ForAll(Arb.From(samples), sample =>
        {
            sample = (sample with { Batch = 2 }).Clear();
            int parameters = sample.Build<double>().Parameters.Count;
            for (int target = -1; target < parameters; target++)
            {
                foreach (LayerFault fault in Enum.GetValues<LayerFault>())
                {
                    if (!Changes(sample, target, fault))
                        continue;
                    planted++;
                    GradientReport report = Check(sample with { Layer = new LayerMutant(sample.Layer, target, fault) });
                    string name = target < 0 ? "input" : report.Parameters[target].Parameter;
                    foreach (ParameterGradientReport part in report.Parameters)
                        Assert.True(part.Passed == (part.Parameter != name), $"{fault} of {name}: {part}");
                }
            }
        }).Check(RandomCases.Of(3).WithName(layer.Name));
        Assert.True(planted > 0);
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void GradientChecker_checks_every_gradient_of_a_layer(LayerCase layer)
    {
        // Of a small random instance a gradient may be 0 altogether, and have no wrong sign. Of a large one none is.
        LayerSample sample = (layer.Large with { Batch = 2 }).Clear();
        int parameters = sample.Build<double>().Parameters.Count;
        for (int target = -1; target < parameters; target++)
        {
            // A bias before a batch normalization has none, wherever it stands.
            double largest = Gradient(sample, sample.Layer, target).Max(Math.Abs);
            bool isNone = sample.Layer is Residual or Ensemble or TestTimeAugmentation && largest < 1e-12;
            Assert.True(isNone || largest > 1e-6, $"The largest gradient of {target} is {largest}.");
            if (isNone)
                continue;
            foreach (LayerFault fault in new[] { LayerFault.WrongSign, LayerFault.MissingFactor, LayerFault.SumInsteadOfMean })
            {
                GradientReport report = Check(sample with { Layer = new LayerMutant(sample.Layer, target, fault) }, elements: 12);
                ParameterGradientReport part = report.Parameters[target < 0 ? parameters : target];
                Assert.False(part.Passed, $"{fault}: {part}");
            }
        }
    }

    [Fact]
    public void GradientChecker_finds_a_Residual_that_forgets_its_input() => AssertFound(
        new Residual(new Tanh()),
        (_, _, outputGradient, inputGradient) =>
        {
            for (int i = 0; i < inputGradient.Columns; i++)
                inputGradient[0, i] -= outputGradient[0, i];
        });

    [Fact]
    public void GradientChecker_finds_a_BatchNorm_that_takes_mean_and_variance_for_constants() => AssertFound(
        new BatchNorm(),
        (input, scale, outputGradient, inputGradient) =>
        {
            for (int j = 0; j < input.Columns; j++)
            {
                double mean = 0, square = 0;
                for (int i = 0; i < input.Rows; i++)
                    (mean, square) = (mean + (input[i, j] / input.Rows), square + (input[i, j] * input[i, j] / input.Rows));
                for (int i = 0; i < input.Rows; i++)
                    inputGradient[i, j] = outputGradient[i, j] * scale[0, j] / Math.Sqrt(square - (mean * mean) + 1e-5);
            }
        });

    private static void AssertFound(Layer layer, Tampering tampering)
    {
        var sample = new LayerSample(layer, 5, 4, 7);
        Assert.True(Check(sample).Passed);
        GradientReport report = Check(sample with { Layer = new Tampered(layer, tampering) });
        Assert.Equal(["input"], report.Parameters.Where(parameter => !parameter.Passed).Select(parameter => parameter.Parameter));
    }

    private static GradientReport Check(LayerSample sample, int elements = 0)
    {
        Model<double> model = sample.Build<double>();
        Targets<double> targets = Targets<double>.FromValues(sample.Numbers<double>("targets", model.OutputShape.Count));
        var options = new GradientCheckOptions { IncludesInput = true, Key = sample.Noise, ElementsPerParameter = elements };
        return GradientChecker.Check(model, new MeanSquaredError(), Regularizer.None, sample.Examples<double>(), targets, options);
    }

    /// <summary>Whether a fault makes a difference here: a gradient of zeros has no wrong sign.</summary>
    private static bool Changes(LayerSample sample, int target, LayerFault fault)
    {
        double[] right = Gradient(sample, sample.Layer, target);
        double[] wrong = Gradient(sample, new LayerMutant(sample.Layer, target, fault), target);
        return right.Zip(wrong)
            .Any(pair => Math.Abs(pair.First - pair.Second) > 1e-3 * (Math.Abs(pair.First) + Math.Abs(pair.Second) + 1e-2));
    }

    /// <summary>The gradient of a parameter, or of the input, of a layer in the place of the sample's.</summary>
    private static double[] Gradient(LayerSample sample, Layer layer, int target)
    {
        Model<double> model = (sample with { Layer = layer }).Build<double>();
        ModelWorkspace<double> workspace = model.CreateWorkspace(sample.Batch, RunMode.Training);
        Matrix<double> examples = sample.Examples<double>(), input = new(sample.Batch, sample.Input.Count);
        Targets<double> targets = Targets<double>.FromValues(sample.Numbers<double>("targets", model.OutputShape.Count));
        workspace.SetNoise(sample.Noise);
        new MeanSquaredError().Compute(workspace.Forward(examples), targets, workspace.OutputGradient);
        workspace.Backward(examples, input);
        return (target < 0 ? input : model.Parameters[target].Gradient).AsSpan().ToArray();
    }

    private sealed record Tampered(Layer Inner, Tampering Tampering) : Layer
    {
        public override string Kind => Inner.Kind;

        public override Shape OutputShape(Shape input) => Inner.OutputShape(input);

        public override LayerRuntime<T> CreateRuntime<T>(LayerBuild build) => (LayerRuntime<T>)(object)new WrappedRuntime<double>(
            Inner.CreateRuntime<double>(build),
            (runtime, input, outputGradient, inputGradient) =>
                Tampering(input, runtime.Parameters.Count > 0 ? runtime.Parameters[0].Value.View : default, outputGradient, inputGradient));
    }

    private delegate void Tampering(
        ReadOnlyMatrixView<double> input,
        ReadOnlyMatrixView<double> scale,
        ReadOnlyMatrixView<double> outputGradient,
        MatrixView<double> inputGradient);
}
