using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Parameters;
using DeepLearn.Regularizers;
using DeepLearn.Tensors;
using DeepLearn.Tests.Layers;
using DeepLearn.Verification;
using Xunit;

namespace DeepLearn.Tests.Verification;

/// <summary>Points at which the cost has a kink itself: no step is small enough to get away from it.</summary>
public class GradientCheckerKinkTests
{
    public static TheoryData<Layer, Layer> Units => new()
    {
        { new Relu(), new Flatten() },
        { new LeakyRelu(0.1), new Flatten() },
        { new Elu(0.5), new Flatten() },
        { new Relu(), new MaxPool(2) },
        { new Relu(), new Sequential(new Convolution2D(2, 3) { Padding = 1 }, new Relu(), new AveragePool(2)) },
    };

    [Theory]
    [MemberData(nameof(Units))]
    public void GradientChecker_black_patches_and_biases_of_0_pass(Layer unit, Layer behind)
    {
        GradientReport report = Check(Network(unit, behind), Images());
        Assert.True(report.Passed, report.ToString());
        ParameterGradientReport biases = report.Parameters[1];
        Assert.True(biases.Kinks > 0, report.ToString());
        Assert.Equal((3, 0), (biases.Checked, biases.Undecided.Count));
        Assert.Contains($"{biases.Kinks} of them at a kink of the cost", biases.ToString());
    }

    [Theory]
    [MemberData(nameof(Units))]
    public void GradientChecker_finds_a_planted_fault_at_kinks(Layer unit, Layer behind)
    {
        Layer network = Network(unit, behind);
        GradientReport right = Check(network, Images());
        for (int target = 0; target < right.Parameters.Count; target++)
        {
            double[] gradient = Gradient(network, target);
            foreach (LayerFault fault in Enum.GetValues<LayerFault>())
            {
                var mutant = new LayerMutant(network, target, fault);
                if (Gradient(mutant, target).Zip(gradient).All(pair => Math.Abs(pair.First - pair.Second) < 1e-4))
                    continue;
                GradientReport report = Check(mutant, Images());
                foreach (ParameterGradientReport part in report.Parameters)
                    Assert.True(part.Passed == (part.Parameter != report.Parameters[target].Parameter), $"{fault}: {part}");
            }
        }
    }

    [Theory]
    [InlineData(0.0, true)]
    [InlineData(1.0, true)]
    [InlineData(0.99, false)]
    [InlineData(0.01, false)]
    [InlineData(-1.0, false)]
    [InlineData(2.0, false)]
    public void GradientChecker_at_a_kink_the_derivative_of_one_side_passes_and_no_other(double derivative, bool passes)
    {
        // max(0, x) of biases that are 0: the derivative to the left is 0, and that to the right is not.
        var network = new Sequential(new Dense(3) { Weights = new ConstantInitializer(0) }, new GivenAtZero(derivative), new Dense(2));
        GradientReport report = Check(network, Images(), labels: [0, 0]);
        ParameterGradientReport biases = report.Parameters[1];
        Assert.Equal(passes, biases.Passed);
        Assert.Equal(passes ? 0 : 3, biases.Undecided.Count);
        if (passes)
            return;
        Assert.Contains("UNDECIDED, no element compared", biases.ToString());
        Assert.Contains("biases other than 0", Assert.Throws<GradientMismatchException>(report.ThrowIfFailed).Message);
        foreach (GradientKink kink in biases.Undecided)
        {
            Assert.Equal(0, kink.Left, 9);
            Assert.Equal(derivative * kink.Right, kink.Analytic, 9);
        }
    }

    [Fact]
    public void GradientChecker_wrong_gradient_beside_a_kink_fails()
    {
        // Kinks lie within the largest step and outside the smallest one: nothing there is at a kink.
        foreach (double distance in new[] { 1e-3, 1e-4, 1e-5, 1e-6, -1e-3, -1e-4, -1e-5, -1e-6 })
        {
            var network = new Sequential(new Dense(3) { Weights = new ConstantInitializer(0) }, new Relu(), new Dense(2));
            GradientReport right = Check(network, Images(), distance, [0, 0]);
            Assert.True(right.Passed, $"{distance}: {right}");
            Assert.Equal(0, right.Parameters[1].Kinks);
            var mutant = new LayerMutant(network, 1, LayerFault.MissingFactor);
            ParameterGradientReport wrong = Check(mutant, Images(), distance, [0, 0]).Parameters[1];
            Assert.Equal(distance < 0, wrong.Passed);    // below it the gradient is 0, which no factor changes
            Assert.Equal((0, 0), (wrong.Kinks, wrong.Undecided.Count));
        }
    }

    [Fact]
    public void GradientChecker_weights_of_0_pass_under_an_L1_penalty()
    {
        var network = new Sequential(new Dense(3) { Weights = new ConstantInitializer(0) }, new Tanh(), new Dense(2));
        Model<double> model = network.Build<double>(64, 1);
        GradientReport report = GradientChecker.Check(
            model, new SoftmaxCrossEntropy(), new L1(0.1), Images(), Targets<double>.FromLabels([0, 1]));
        Assert.True(report.Passed, report.ToString());
    }

    private static Sequential Network(Layer unit, Layer behind) =>
        new(new Convolution2D(3, 3) { Padding = 1 }, unit, behind, new Flatten(), new Dense(2));

    private static GradientReport Check(Layer network, Matrix<double> examples, double biases = 0, int[]? labels = null) =>
        GradientChecker.Check(
            Build(network, biases), new SoftmaxCrossEntropy(), Regularizer.None, examples, Targets<double>.FromLabels(labels ?? [0, 1]));

    private static Model<double> Build(Layer network, double biases = 0)
    {
        Model<double> model = network.Build<double>(new Shape(8, 8, 1), seed: 1);
        if (biases != 0)
            model.Parameters[1].Value.View.Fill(biases);
        return model;
    }

    private static double[] Gradient(Layer network, int parameter)
    {
        Model<double> model = Build(network);
        GradientChecker.Check(
            model, new SoftmaxCrossEntropy(), Regularizer.None, Images(), Targets<double>.FromLabels([0, 1]),
            new() { ElementsPerParameter = 1 });
        return model.Parameters[parameter].Gradient.AsSpan().ToArray();
    }

    /// <summary>Two images that are black but for four pixels.</summary>
    private static Matrix<double> Images()
    {
        var images = new Matrix<double>(2, 64);
        RandomStream random = RandomKey.FromSeed(1).Open();
        for (int i = 0; i < images.Rows; i++)
        {
            foreach (int pixel in (int[])[27, 28, 35, 36])
                images[i, pixel] = random.NextUniform();
        }
        return images;
    }

    /// <summary><c>max(0, x)</c>, whose backward pass takes a derivative of its own at 0.</summary>
    private sealed record GivenAtZero(double Derivative) : Layer
    {
        public override Shape OutputShape(Shape input) => input;

        public override LayerRuntime<T> CreateRuntime<T>(LayerBuild build) => new Runtime<T>(build.Input, Derivative);

        private sealed class Runtime<T>(Shape shape, double derivative) : SimpleLayerRuntime<T>(shape, shape)
            where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
        {
            protected override void Forward(ReadOnlyMatrixView<T> input, MatrixView<T> output)
            {
                for (int i = 0; i < input.Rows; i++)
                {
                    for (int j = 0; j < input.Columns; j++)
                        output[i, j] = T.Max(T.Zero, input[i, j]);
                }
            }

            protected override void Backward(
                ReadOnlyMatrixView<T> input,
                ReadOnlyMatrixView<T> output,
                ReadOnlyMatrixView<T> outputGradient,
                MatrixView<T> inputGradient)
            {
                for (int i = 0; i < input.Rows; i++)
                {
                    for (int j = 0; j < input.Columns; j++)
                    {
                        inputGradient[i, j] = outputGradient[i, j]
                            * (input[i, j] == T.Zero ? T.CreateChecked(derivative) : input[i, j] > T.Zero ? T.One : T.Zero);
                    }
                }
            }
        }
    }
}
