using DeepLearn.Data;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Models;
using DeepLearn.Tensors;
using DeepLearn.Tests.Layers;
using DeepLearn.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace DeepLearn.Onnx.Tests;

/// <summary>A model that was exported is, by the graph alone, the model that it was.</summary>
public class RoundTripTests
{
    private static readonly OnnxImportOptions GraphAlone = new() { GraphAlone = true };

    [Fact]
    public void Random_network_predicts_the_same_bits_after_a_round_trip() =>
        Prop.ForAll(NetworkSample.Arbitrary, sample =>
        {
            LayerSample network = sample.Network with { Layer = LayerParts.ReadOfGraph(sample.Network.Layer) };
            foreach (PixelOrder order in new[] { PixelOrder.ChannelsLast, PixelOrder.Planar })
            {
                foreach (int operatorSet in new[] { 17, 21 })
                {
                    Model<float> model = network.Build<float>();
                    ExportTests.Vary(model);
                    byte[] file = ExportTests.File(model, new() { Order = order, OperatorSet = operatorSet });
                    OnnxImport<float> import = Load(file, GraphAlone);
                    Matrix<float> examples = network.Examples<float>();
                    Assert.Equal(model.InputShape.Count, import.Model.InputShape.Count);
                    Assert.Equal(model.Predict(examples).AsSpan(), import.Model.Predict(examples).AsSpan());
                    Assert.Equal(Numbers(model), Numbers(import.Model));
                }
            }
        }).Check(RandomCases.Of(300));

    [Fact]
    public void Residual_whose_projection_is_longer_than_its_branch_keeps_which_is_which()
    {
        Layer projection = new Sequential(new Dense(4), new Dense(5));
        Model<float> model = new Sequential(new Residual(new Dense(5), projection), new Dense(3)).Build<float>(6, seed: 1);
        Assert.Equal(Numbers(model), Numbers(Load(ExportTests.File(model, new()), GraphAlone).Model));
    }

    internal static OnnxImport<float> Load(byte[] file, OnnxImportOptions? options = null) =>
        OnnxModel.Load<float>(new MemoryStream(file), options);

    private static float[] Numbers(Model<float> model) =>
    [
        .. model.Parameters.SelectMany(parameter => parameter.Value.AsSpan().ToArray()),
        .. model.Buffers.SelectMany(buffer => buffer.Value.AsSpan().ToArray()),
    ];
}
