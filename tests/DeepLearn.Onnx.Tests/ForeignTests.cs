using System.Globalization;
using DeepLearn.Data;
using DeepLearn.Tensors;
using Xunit;

namespace DeepLearn.Onnx.Tests;

/// <summary>Files that others made predict the scores that their makers state. See <c>Files/make_pytorch.py</c>.</summary>
public class ForeignTests
{
    public static TheoryData<string> Files =>
        [.. Directory.GetFiles(Folder, "*.onnx").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    private static string Folder =>
        Environment.GetEnvironmentVariable("DEEPLEARN_ONNX_FILES") ?? Path.Combine(AppContext.BaseDirectory, "Files");

    [Theory]
    [MemberData(nameof(Files))]
    public void File_predicts_the_scores_that_its_maker_states(string name)
    {
        OnnxImport<float> import = OnnxModel.Load<float>(Path.Combine(Folder, name + ".onnx"));
        string[] lines = File.ReadAllLines(Path.Combine(Folder, name + ".txt"));
        float[][] numbers =
            [.. lines.Select(line => line.Split(' ').Select(word => float.Parse(word, CultureInfo.InvariantCulture)).ToArray())];
        int batch = (int)numbers[0][0];
        var examples = new Matrix<float>(batch, numbers[1].Length / batch);
        numbers[1].CopyTo(examples.AsSpan());
        if (import.InputOrder == PixelOrder.Planar)
            examples = Images.ToChannelsLast(examples, import.Model.InputShape);
        if (import.Normalization is { } normalization)
        {
            FeatureTransform<float> prepare = normalization.Build<float>();
            for (int row = 0; row < batch; row++)
                prepare.Apply(examples.Row(row), examples.Row(row));
        }
        Matrix<float> scores = import.Model.Predict(examples);
        if (import.InputOrder == PixelOrder.Planar)
            scores = Images.ToPlanar(scores, import.Model.OutputShape);
        for (int row = 0; row < batch && import.Ending != OnnxEnding.None; row++)
        {
            double sum = scores.Row(row).ToArray().Sum(score => Math.Exp(score));
            foreach (ref float score in scores.Row(row))
                score = (float)(import.Ending == OnnxEnding.Softmax ? Math.Exp(score) / sum : score - Math.Log(sum));
        }
        Assert.InRange(Runtime.Difference<float>(numbers[3], scores.AsSpan()), 0, 1e-5);
    }
}
