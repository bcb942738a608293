using DeepLearn.Layers;
using DeepLearn.Parameters;
using DeepLearn.Tensors;
using Xunit;

namespace DeepLearn.Tests.Layers;

/// <summary>That the numbers of the layer proof are clear of kinks is only worth something where a kink is seen.</summary>
public class KinksTests
{
    private static readonly Shape Image = new(2, 2, 1);

    [Theory]
    [InlineData(1e-6, false)]
    [InlineData(-1e-6, false)]
    [InlineData(1e-3, true)]
    [InlineData(-1e-3, true)]
    public void Kinks_input_near_a_kink_of_an_activation_is_found(double distance, bool isClear)
    {
        foreach (Layer kinked in new Layer[] { new Relu(), new LeakyRelu(0.1), new Elu(0.5) })
        {
            var sample = new LayerSample(kinked, Image, 1, 3);
            double first = sample.Examples<double>()[0, 0];
            sample = sample with
            { Layer = new Sequential(new Shifted(0, distance - first), new Residual(new Sequential(new Tanh(), kinked)), kinked) };
            Assert.Equal(isClear, Kinks.AreClear(sample, out _));
            Assert.True(Kinks.AreClear(sample.Clear(), out _));
        }
    }

    [Theory]
    [InlineData(1e-6, false)]
    [InlineData(1e-3, true)]
    public void Kinks_near_tie_in_a_MaxPool_window_is_found(double distance, bool isClear)
    {
        var sample = new LayerSample(new MaxPool(2), Image, 1, 3);
        double[] numbers = [.. sample.Examples<double>().AsSpan()];
        int[] order = [.. Enumerable.Range(0, 4).OrderByDescending(i => numbers[i])];
        double shift = numbers[order[0]] - numbers[order[1]] - distance;
        Assert.Equal(isClear, Kinks.AreClear(sample with { Layer = new Sequential(new Shifted(order[1], shift), new MaxPool(2)) }, out _));
    }

    [Fact]
    public void Kinks_inputs_dropped_to_zero_are_clear()
    {
        var sample = new LayerSample(new Sequential(new Dropout(0.9), new Relu(), new MaxPool(2)), new Shape(4, 4, 3), 3, 5);
        Assert.True(Kinks.AreClear(sample, out Matrix<double> outputs));
        Assert.Contains(0.0, outputs.AsSpan().ToArray());
    }

    /// <summary>Moves one element.</summary>
    private sealed record Shifted(int Place, double By) : Layer
    {
        public override Shape OutputShape(Shape input) => input;

        public override LayerRuntime<T> CreateRuntime<T>(LayerBuild build) => new Runtime<T>(build.Input, Place, T.CreateChecked(By));

        private sealed class Runtime<T>(Shape shape, int place, T by) : LayerRuntime<T>(shape, shape)
            where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
        {
            public override void Forward(LayerInput<T> input, MatrixView<T> output, LayerWorkspace<T> workspace)
            {
                input.Numbers.CopyTo(output);
                for (int row = 0; row < output.Rows; row++)
                    output[row, place] += by;
            }

            public override void Backward(
                LayerInput<T> input,
                ReadOnlyMatrixView<T> output,
                MatrixView<T> outputGradient,
                MatrixView<T> inputGradient,
                GradientTargets<T> gradients,
                LayerWorkspace<T> workspace) => throw new NotSupportedException();
        }
    }
}
