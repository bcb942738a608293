using System.Globalization;
using DeepLearn.Data;
using DeepLearn.Layers;
using DeepLearn.Models.Predictors;
using DeepLearn.Tensors;
using Xunit;

namespace DeepLearn.Onnx.Tests;

/// <summary>
/// Files that others made, PyTorch, Keras and scikit-learn, predict what their makers state. See <c>Files/make_pytorch.py</c>,
/// <c>Files/make_keras.py</c> and <c>Files/make_sklearn.py</c>. The variable <c>DEEPLEARN_ONNX_FILES</c> names another folder; what no text
/// beside a file states there, ONNX Runtime does.
/// </summary>
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
        string path = Path.Combine(Folder, name + ".onnx");
        OnnxImport<float> import = OnnxModel.Load<float>(path);
        (Matrix<float> examples, float[] stated) = Stated(Path.Combine(Folder, name + ".txt"), path, import);
        Assert.InRange(
            Runtime.Difference<float>(stated, FileOutputs.Of(import, examples, stated.Length / examples.Rows)), 0, 1e-5);
    }

    [Fact]
    public void Classes_of_a_scikit_learn_file_have_their_names()
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "Files");
        var predictor = new Predictor<float>(OnnxModel.Load<float>(Path.Combine(folder, "sklearn-classes.onnx")).Model);
        Assert.Equal(["ash", "birch", "cedar"], predictor.Card.ClassNames);
        predictor = new(OnnxModel.Load<float>(Path.Combine(folder, "sklearn-pipeline.onnx")).Model);
        string[] lines = File.ReadAllLines(Path.Combine(folder, "sklearn-pipeline.txt"));
        double[] examples = Numbers<double>(lines[1]), stated = Numbers<double>(lines[3]);

        // As they are: the predictor normalizes them, as the pipeline does.
        Prediction prediction = predictor.Predict(examples[..4]);
        Assert.InRange(Runtime.Difference(stated.AsSpan(0, 3), prediction.Probabilities.AsSpan()), 0, 1e-5);
        Assert.Equal(new[] { "ash", "birch", "cedar" }[Array.IndexOf(stated, stated[..3].Max())], prediction.ClassName);
    }

    [Fact]
    public void Keras_file_becomes_the_layers_that_it_was_made_of()
    {
        OnnxImport<float> import = OnnxModel.Load<float>(Path.Combine(AppContext.BaseDirectory, "Files", "keras-images.onnx"));
        Assert.Equal(
            new Sequential(
                new Convolution2D(4, 3) { Padding = 1 }, new Relu(), new BatchNorm(), new MaxPool(2), new Convolution2D(6, 3), new Relu(),
                new AveragePool(new Extent2D(2, 1)), new Flatten(), new Dense(8), new Relu(), new Dense(5)),
            import.Model.Network);
        Assert.Equal(OnnxEnding.Softmax, import.Ending);
        Assert.Equal(new Shape(8, 10, 3), import.Model.InputShape);
        Assert.All(import.Normalization!.StandardDeviation, deviation => Assert.Equal(255, deviation, 1e-3));
        Assert.Contains(import.Notes, note => note.Contains("batch normalization", StringComparison.Ordinal));
    }

    private static (Matrix<float> Examples, float[] Outputs) Stated(string text, string path, OnnxImport<float> import)
    {
        if (File.Exists(text))
        {
            string[] lines = File.ReadAllLines(text);
            int batch = Numbers<int>(lines[0])[0];
            float[] numbers = Numbers<float>(lines[1]);
            var examples = new Matrix<float>(batch, numbers.Length / batch);
            numbers.CopyTo(examples.AsSpan());
            return (examples, Numbers<float>(lines[3]));
        }
        using var runtime = new Runtime(File.ReadAllBytes(path));
        int rows = runtime.Inputs.First().Value.Dimensions[0] is > 0 and int only ? only : 3;
        Matrix<float> drawn = ExportTests.Random(rows, import.Model.InputShape.Count, 1);
        return (drawn, runtime.Run(drawn));
    }

    private static T[] Numbers<T>(string line)
        where T : IParsable<T> => [.. line.Split(' ').Select(word => T.Parse(word, CultureInfo.InvariantCulture))];
}
