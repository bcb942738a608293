using DeepLearn.Data;
using DeepLearn.Tensors;

namespace DeepLearn.Onnx.Tests;

/// <summary>What a file gives for some examples, by the model that was read of it: in the order of the file, with its ending.</summary>
internal static class FileOutputs
{
    /// <summary>The outputs.</summary>
    /// <param name="import">What was read.</param>
    /// <param name="given">The examples as the file takes them.</param>
    /// <param name="classes">The outputs of an example that the file has; two for one score where it ends in two classes.</param>
    public static float[] Of(OnnxImport<float> import, Matrix<float> given, int classes)
    {
        Matrix<float> examples = import.InputOrder == PixelOrder.Planar
            ? Images.ToChannelsLast(given, import.Model.InputShape)
            : Matrix<float>.CopyOf(given);
        if (import.Normalization is { } normalization)
        {
            FeatureTransform<float> prepare = normalization.Build<float>();
            for (int row = 0; row < examples.Rows; row++)
                prepare.Apply(examples.Row(row), examples.Row(row));
        }
        Matrix<float> scores = import.Model.Predict(examples);
        if (import.InputOrder == PixelOrder.Planar)
            scores = Images.ToPlanar(scores, import.Model.OutputShape);
        return [.. Enumerable.Range(0, scores.Rows).SelectMany(row => End(scores.Row(row).ToArray(), import.Ending, classes))];
    }

    private static float[] End(float[] scores, OnnxEnding ending, int classes)
    {
        double greatest = scores.Max(), sum = scores.Sum(score => Math.Exp(score - greatest));
        float[] ended =
        [
            .. scores.Select(score => (float)(ending switch
            {
                OnnxEnding.Softmax => Math.Exp(score - greatest) / sum,
                OnnxEnding.LogSoftmax => score - greatest - Math.Log(sum),
                OnnxEnding.Sigmoid => 1 / (1 + Math.Exp(-score)),
                _ => score,
            })),
        ];
        return ending == OnnxEnding.Sigmoid && ended.Length == 1 && classes == 2 ? [1 - ended[0], ended[0]] : ended;
    }
}
