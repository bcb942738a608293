using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Parameters;
using DeepLearn.Regularizers;
using DeepLearn.Tensors;
using DeepLearn.Tests.Support;
using DeepLearn.Verification;
using Xunit;

namespace DeepLearn.Tests.Verification;

public class GradientCheckerTests
{
    [Theory]
    [InlineData(1, 0.0)]
    [InlineData(20, 0.0)]
    [InlineData(20, 1.0)]
    public void GradientChecker_two_layer_network_passes_within_the_reported_tolerances(int batch, double lambda)
    {
        Model<double> model = TwoLayers().Build<double>(20, 1);
        (Matrix<double> examples, int[] labels) = Examples(batch, 20, 10);
        Regularizer penalty = lambda == 0 ? Regularizer.None : new L2(lambda);
        GradientReport report = GradientChecker.Check(
            model, new SoftmaxCrossEntropy(), penalty, examples, Targets<double>.FromLabels(labels), new() { IncludesInput = true });
        report.ThrowIfFailed();
        Assert.Equal(
            ["dense1/weights", "dense1/biases", "dense2/weights", "dense2/biases", "input"], report.Parameters.Select(p => p.Parameter));
        Assert.All(report.Parameters, parameter => Assert.True(parameter.MaxAbsoluteDifference < 1.85e-10, report.ToString()));
        Assert.All(report.Parameters, parameter => Assert.True(parameter.MaxRelativeDifference < 5.4e-6, report.ToString()));
    }

    [Fact]
    public void GradientChecker_wrong_gradient_is_reported_with_parameter_and_both_values()
    {
        Model<double> model = new Sequential(new Dense(4), new CrookedLayer(), new Dense(3)).Build<double>(5, 1);
        (Matrix<double> examples, int[] labels) = Examples(6, 5, 3);
        GradientReport report = GradientChecker.Check(
            model, new SoftmaxCrossEntropy(), Regularizer.None, examples, Targets<double>.FromLabels(labels));
        Assert.False(report.Passed);
        var exception = Assert.Throws<GradientMismatchException>(report.ThrowIfFailed);
        Assert.Contains("dense1/weights: FAILED", exception.Message);
        Assert.Contains("dense2/weights: passed", exception.Message);
        ParameterGradientReport worst = report.Parameters[0];
        Assert.Equal(1.1, worst.Analytic / worst.Numeric, 6);
    }

    [Fact]
    public void GradientChecker_NaN_weight_never_passes()
    {
        Model<double> model = TwoLayers().Build<double>(20, 1);
        (Matrix<double> examples, int[] labels) = Examples(3, 20, 10);
        model.Parameters[2].Value[4, 1] = double.NaN;
        GradientReport report = GradientChecker.Check(
            model, new SoftmaxCrossEntropy(), Regularizer.None, examples, Targets<double>.FromLabels(labels));
        Assert.False(report.Passed);
        Assert.True(double.IsNaN(report.Parameters[2].MaxRelativeDifference));
    }

    [Fact]
    public void GradientChecker_leaves_the_model_unchanged()
    {
        Model<double> model = TwoLayers().Build<double>(20, 1);
        Matrix<double>[] before = [.. model.Parameters.Select(parameter => Matrix<double>.CopyOf(parameter.Value.View))];
        (Matrix<double> examples, int[] labels) = Examples(3, 20, 10);
        GradientChecker.Check(model, new SoftmaxCrossEntropy(), new L2(0.5), examples, Targets<double>.FromLabels(labels));
        for (int i = 0; i < before.Length; i++)
            Assert.Equal(before[i].AsSpan().ToArray(), model.Parameters[i].Value.AsSpan().ToArray());
    }

    [Fact]
    public void GradientChecker_ElementsPerParameter_limits_what_is_checked()
    {
        Model<double> model = TwoLayers().Build<double>(20, 1);
        (Matrix<double> examples, int[] labels) = Examples(3, 20, 10);
        GradientReport report = GradientChecker.Check(
            model, new SoftmaxCrossEntropy(), Regularizer.None, examples, Targets<double>.FromLabels(labels),
            new() { ElementsPerParameter = 12 });
        Assert.Equal([12, 12, 12, 10], report.Parameters.Select(parameter => parameter.Checked));
    }

    private static Sequential TwoLayers() => new(
        new Dense(50) { Weights = NormalInitializer.LeCun }, new Relu(), new Dense(10) { Weights = NormalInitializer.LeCun });

    private static (Matrix<double> Examples, int[] Labels) Examples(int count, int features, int classes)
    {
        var examples = new Matrix<double>(count, features);
        NormalInitializer.WithStandardDeviation(1).Fill(1, 1, RandomKey.FromSeed(7), examples.View);
        RandomStream stream = RandomKey.FromSeed(8).Open();
        var labels = new int[count];
        for (int i = 0; i < count; i++)
            labels[i] = stream.NextIndex(classes);
        return (examples, labels);
    }

    /// <summary>The identity with a backward pass that is a tenth too steep.</summary>
    private sealed record CrookedLayer : Layer
    {
        public override Shape OutputShape(Shape input) => input;

        public override LayerRuntime<T> CreateRuntime<T>(LayerBuild build) => new Runtime<T>(build.Input);

        private sealed class Runtime<T>(Shape shape) : IdentityRuntime<T>(shape)
            where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
        {
            public override void Backward(
                LayerInput<T> input,
                ReadOnlyMatrixView<T> output,
                MatrixView<T> outputGradient,
                MatrixView<T> inputGradient,
                GradientTargets<T> gradients,
                LayerWorkspace<T> workspace)
            {
                for (int row = 0; row < outputGradient.Rows; row++)
                {
                    for (int column = 0; column < outputGradient.Columns; column++)
                        inputGradient[row, column] = T.CreateChecked(1.1) * outputGradient[row, column];
                }
            }
        }
    }
}
