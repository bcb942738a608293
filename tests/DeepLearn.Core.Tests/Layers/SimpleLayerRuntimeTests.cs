using System.Numerics;
using DeepLearn.Layers;
using DeepLearn.Losses;
using DeepLearn.Models;
using DeepLearn.Optimizers;
using DeepLearn.Parameters;
using DeepLearn.Regularizers;
using DeepLearn.Tensors;
using DeepLearn.Training;
using DeepLearn.Verification;
using Xunit;

namespace DeepLearn.Tests.Layers;

/// <summary>A layer in its simplest form is as good as any other, wherever it stands.</summary>
public class SimpleLayerRuntimeTests
{
    public static TheoryData<Layer> Networks =>
    [
        new Scaling(),
        new Sequential(new Scaling(), new Dense(3)),
        new Sequential(new Dense(4), new Relu(), new Scaling(), new Relu(), new Dense(3)),
        new Residual(new Sequential(new Scaling(), new Tanh(), new Scaling())),
    ];

    [Theory]
    [MemberData(nameof(Networks))]
    public void SimpleLayerRuntime_gradient_is_that_of_its_function(Layer network)
    {
        Model<double> model = network.Build<double>(4, seed: 3);
        var sample = new LayerSample(network, 4, 3, 5);
        Targets<double> targets = Targets<double>.FromValues(sample.Numbers<double>("targets", model.OutputShape.Count));
        GradientChecker.Check(
            model, new MeanSquaredError(), Regularizer.None, sample.Examples<double>(), targets,
            new() { IncludesInput = true }).ThrowIfFailed();
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void SimpleLayerRuntime_gradient_of_the_input_unwanted_changes_no_gradient(Layer network)
    {
        var sample = new LayerSample(network, 4, 3, 5);
        Model<float> model = sample.Build<float>();
        LayerRun<float> wanted = LayerRun<float>.Train(sample);
        LayerRun<float> unwanted = LayerRun<float>.Train(sample, model, model.CreateWorkspace(5, RunMode.Training), wantsInput: false);
        Assert.Equal(wanted.Gradients, unwanted.Gradients);
        Assert.DoesNotContain(wanted.All, float.IsNaN);
    }

    [Fact]
    public void SimpleLayerRuntime_step_of_gradient_descent_equals_that_by_way_of_the_gradient()
    {
        var sample = new LayerSample(new Sequential(new Scaling(), new Dense(3), new Scaling()), 4, 3, 5);
        Model<float> model = sample.Build<float>();
        LayerRun<float> gradients = LayerRun<float>.Train(sample);
        Assert.DoesNotContain(gradients.All, float.IsNaN);
        float[][] expected = [.. model.Parameters.Select(
            (parameter, i) =>
                parameter.Value.AsSpan().ToArray().Zip(
                    gradients.Gradients[i], (value, g) => MathF.FusedMultiplyAdd(-0.1f, g, value)).ToArray())];
        GradientTarget<float>[] targets = [.. model.Parameters.Select(parameter => new GradientTarget<float>(parameter.Value, -0.1f, 1))];
        LayerRun<float>.Train(sample, model, model.CreateWorkspace(5, RunMode.Training), targets: targets);
        foreach (int i in new[] { 0, model.Parameters.Count - 1 })
            Assert.Equal(expected[i], model.Parameters[i].Value.AsSpan().ToArray());
    }

    [Fact]
    public void SimpleLayerRuntime_step_allocates_nothing()
    {
        var sample = new LayerSample(new Sequential(new Scaling(), new Dense(3), new Scaling()), 4, 3, 5);
        Model<float> model = sample.Build<float>();
        var step = new TrainingStep<float>(model, new MeanSquaredError(), new L2(0.01), new Sgd(), 5);
        Matrix<float> examples = sample.Examples<float>(), targets = sample.Numbers<float>("targets", 3);
        int i = 0;
        Assert.Equal(0, Allocation.Of(() => step.Run(examples, Targets<float>.FromValues(targets), 0.01, i++, default)));
    }

    /// <summary>y = factor x, with a factor for each feature: the shortest layer with a parameter.</summary>
    private sealed record Scaling : Layer
    {
        public override Shape OutputShape(Shape input) => input;

        public override LayerRuntime<T> CreateRuntime<T>(LayerBuild build) => new Runtime<T>(build);

        private sealed class Runtime<T>(LayerBuild build) : SimpleLayerRuntime<T>(build.Input, build.Input)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            private readonly Parameter<T>[] _parameters = [Create(build)];

            public override IReadOnlyList<Parameter<T>> Parameters => _parameters;

            protected override void Forward(ReadOnlyMatrixView<T> input, MatrixView<T> output)
            {
                for (int row = 0; row < input.Rows; row++)
                {
                    for (int j = 0; j < input.Columns; j++)
                        output[row, j] = _parameters[0].Value[0, j] * input[row, j];
                }
            }

            protected override void Backward(
                ReadOnlyMatrixView<T> input, ReadOnlyMatrixView<T> output, ReadOnlyMatrixView<T> outputGradient,
                MatrixView<T> inputGradient)
            {
                for (int row = 0; row < input.Rows; row++)
                {
                    for (int j = 0; j < input.Columns; j++)
                    {
                        inputGradient[row, j] = _parameters[0].Value[0, j] * outputGradient[row, j];
                        _parameters[0].Gradient[0, j] += input[row, j] * outputGradient[row, j];
                    }
                }
            }

            private static Parameter<T> Create(LayerBuild build)
            {
                var factor = new Parameter<T>(build.NameOf("factor"), ParameterRole.NormalizationScale, 1, build.Input.Count);
                for (int j = 0; j < factor.Value.Columns; j++)
                    factor.Value[0, j] = T.CreateChecked(0.5 + (0.25 * j));
                return factor;
            }
        }
    }
}
