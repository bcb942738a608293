using DeepLearn.Layers;
using DeepLearn.Models;
using DeepLearn.Tensors;
using DeepLearn.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace DeepLearn.Tests.Layers;

/// <summary>
/// Convolutions against their definition, bit by bit: each result is one chain of fused multiply-adds in the order that is documented,
/// zeros of the padding included.
/// </summary>
public class ConvolutionReferenceTests
{
    [Theory]
    [InlineData("Convolution2D")]
    [InlineData("Convolution2D, strided")]
    [InlineData("Convolution2D, depthwise")]
    [InlineData("Convolution2D, depthwise, several filters of each channel")]
    public void Convolution2D_outputs_and_input_gradients_equal_the_defining_chain_bit_for_bit(string name)
    {
        LayerCase row = LayerCase.All.Single(layer => layer.Name == name);
        Prop.ForAll(LayerSample.ArbitraryOf(row.Layers), AssertIsTheDefinition).Check(RandomCases.Of(60));
        AssertIsTheDefinition(row.Large);
    }

    private static void AssertIsTheDefinition(LayerSample sample)
    {
        var layer = (Convolution2D)sample.Layer;
        Model<float> model = sample.Build<float>();
        LayerRun<float> run = LayerRun<float>.Train(sample, model, model.CreateWorkspace(sample.Batch, RunMode.Training));
        Matrix<float> examples = sample.Examples<float>(), derivatives = sample.Numbers<float>("derivatives", model.OutputShape.Count);
        Matrix<float> weights = model.Parameters[0].Value;
        int inputs = sample.Input[2] / layer.Groups, filters = layer.Filters / layer.Groups;
        int height = model.OutputShape[0], width = model.OutputShape[1];
        (int top, int left) = Before(layer, sample.Input, model.OutputShape);
        int i = 0;
        for (int example = 0; example < sample.Batch; example++)
        {
            for (int y = 0; y < height; y++)
            {
                for (int x = 0; x < width; x++)
                {
                    for (int filter = 0; filter < layer.Filters; filter++)
                    {
                        float sum = layer.HasBiases ? model.Parameters[1].Value[0, filter] : 0;
                        for (int k = 0; k < weights.Rows; k++)
                        {
                            (int row, int column, int channel) = Patch(k);
                            int down = (y * layer.Stride.Height) - top + (row * layer.Dilation.Height);
                            int across = (x * layer.Stride.Width) - left + (column * layer.Dilation.Width);
                            bool isInside = down >= 0 && down < sample.Input[0] && across >= 0 && across < sample.Input[1];
                            int place = (((down * sample.Input[1]) + across) * sample.Input[2]) + (filter / filters * inputs) + channel;
                            sum = MathF.FusedMultiplyAdd(isInside ? examples[example, place] : 0, weights[k, filter], sum);
                        }
                        Assert.Equal(sum, run.Outputs[i++]);
                    }
                }
            }
        }
        i = 0;
        for (int example = 0; example < sample.Batch; example++)
        {
            for (int place = 0; place < sample.Input.Count; place++)
            {
                int channel = place % sample.Input[2], across = place / sample.Input[2] % sample.Input[1];
                int down = place / sample.Input[2] / sample.Input[1], group = channel / inputs;
                float sum = 0;
                for (int row = layer.Kernel.Height - 1; row >= 0; row--)
                {
                    for (int column = layer.Kernel.Width - 1; column >= 0; column--)
                    {
                        int y = down + top - (row * layer.Dilation.Height), x = across + left - (column * layer.Dilation.Width);
                        if (y % layer.Stride.Height != 0 || x % layer.Stride.Width != 0)
                            continue;
                        (y, x) = (y / layer.Stride.Height, x / layer.Stride.Width);
                        bool isInside = y >= 0 && y < height && x >= 0 && x < width;
                        for (int filter = group * filters; filter < (group + 1) * filters; filter++)
                        {
                            float derivative = isInside ? derivatives[example, (((y * width) + x) * layer.Filters) + filter] : 0;
                            int k = (((row * layer.Kernel.Width) + column) * inputs) + (channel % inputs);
                            sum = MathF.FusedMultiplyAdd(derivative, weights[k, filter], sum);
                        }
                    }
                }
                Assert.Equal(sum, run.InputGradient[i++]);
            }
        }

        (int Row, int Column, int Channel) Patch(int k) =>
            (k / inputs / layer.Kernel.Width, k / inputs % layer.Kernel.Width, k % inputs);
    }

    private static (int Top, int Left) Before(Convolution2D layer, Shape input, Shape output)
    {
        if (layer.Padding != Padding2D.Same)
            return (layer.Padding.Height, layer.Padding.Width);
        int down = ((output[0] - 1) * layer.Stride.Height) + ((layer.Kernel.Height - 1) * layer.Dilation.Height) + 1 - input[0];
        int across = ((output[1] - 1) * layer.Stride.Width) + ((layer.Kernel.Width - 1) * layer.Dilation.Width) + 1 - input[1];
        return (Math.Max(0, down) / 2, Math.Max(0, across) / 2);
    }
}
