using DeepLearn.Data;
using DeepLearn.Tensors;
using Xunit;

namespace DeepLearn.Onnx.Tests;

/// <summary>Reads a graph and compares its scores with those of ONNX Runtime.</summary>
internal static class ImportedScores
{
    /// <summary>The network that was read, whose scores are ONNX Runtime's.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="order">The order of pixels that it is expected to read.</param>
    public static OnnxImport<float> Check(TestGraph graph, PixelOrder order = PixelOrder.ChannelsLast)
    {
        byte[] file = graph.ToFile();
        OnnxImport<float> import = RoundTripTests.Load(file);
        Assert.Equal(order, import.InputOrder);
        Matrix<float> examples = ExportTests.Random(3, import.Model.InputShape.Count, 2);
        foreach (ref float number in examples.AsSpan())
            number -= 1;
        Matrix<float> scores = import.Model.Predict(examples);
        for (int row = 0; row < 3 && import.Ending == OnnxEnding.Softmax; row++)
        {
            double sum = scores.Row(row).ToArray().Sum(score => Math.Exp(score));
            foreach (ref float score in scores.Row(row))
                score = (float)(Math.Exp(score) / sum);
        }
        using var runtime = new Runtime(file);
        float[] found = runtime.Run(order == PixelOrder.Planar ? Images.ToPlanar(examples, import.Model.InputShape) : examples);
        Assert.InRange(Runtime.Difference(scores.AsSpan(), found), 0, 1e-5);
        return import;
    }
}
