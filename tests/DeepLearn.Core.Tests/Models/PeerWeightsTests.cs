using System.Diagnostics;
using DeepLearn.Layers;
using DeepLearn.Models;
using DeepLearn.Tensors;
using DeepLearn.Tensors.Files;
using DeepLearn.Tests.Samples;
using Xunit;

namespace DeepLearn.Tests.Models;

/// <summary>Weights of PyTorch and of Keras, carried over as <c>docs/guides/weights.md</c> says, predict what their makers state.</summary>
public class PeerWeightsTests
{
    private const double Tolerance = 1e-5;

    private static readonly string Folder = Path.Combine(Repository.Tests, "Models", "Peers");

    private static readonly Sequential Network =
        new(new Convolution2D(4, 3) { Padding = 1 }, new BatchNorm(), new Relu(), new MaxPool(2), new Flatten(), new Dense(5));

    /// <summary>The file is PyTorch 1.13's own: see <c>Peers/pytorch.py</c>.</summary>
    [Fact]
    public void Weights_of_PyTorch_predict_the_scores_that_it_states()
    {
        IReadOnlyDictionary<string, NumericArray> theirs = NpzFile.Read(Path.Combine(Folder, "pytorch.npz"));
        Model<float> model = OfPyTorch(theirs);
        CheckScores(theirs["scores"].ToMatrix<float>(), model.Predict(theirs["x"].ToMatrix<float>()));
    }

    [Fact]
    public void Weights_to_PyTorch_and_back_are_the_same_bits_and_PyTorch_predicts_the_same()
    {
        using var folder = new TemporaryFolder();
        Model<float> model = Network.Build<float>(new(6, 4, 3), seed: 5);
        foreach (var buffer in model.Buffers)
            buffer.Value.AsSpan().Fill(0.7f);
        Matrix<float> x = NpzFile.Read(Path.Combine(Folder, "pytorch.npz"))["x"].ToMatrix<float>();
        NpzFile.Write(
            folder["ours.npz"],
            [
                .. ToPyTorch(model), new("x", NumericArray.Of(x).Reshape(7, 6, 4, 3)), new("scores", NumericArray.Of(model.Predict(x))),
            ]);
        Assert.Equal(model.Sha256(), OfPyTorch(NpzFile.Read(folder["ours.npz"])).Sha256());

        if (Run("-c", "import torch") is not 0)
            Assert.Skip("PyTorch is not there: /usr/bin/python3 has no torch (Debian: python3-torch).");
        Assert.Equal(0, Run(Path.Combine(Folder, "pytorch.py"), "check", folder["ours.npz"]));
    }

    /// <summary>
    /// Keras keeps a kernel as [height, width, inputs, outputs] and a dense one as [inputs, outputs], as the library does. The arrays are
    /// made here as <c>numpy.savez(path, *model.get_weights())</c> writes them.
    /// </summary>
    [Fact]
    public void Weights_of_Keras_are_taken_as_they_are()
    {
        using var folder = new TemporaryFolder();
        Model<float> origin = Network.Build<float>(new(6, 4, 3), seed: 5);
        int[][] shapes = [[3, 3, 3, 4], [4], [4], [4], [4], [4], [24, 5], [5]];
        float[][] numbers =
        [
            .. new[] { "convolution2d1/weights", "convolution2d1/biases", "batchnorm1/scale", "batchnorm1/shift" }.Select(Values),
            [.. Enumerable.Repeat(0.25f, 4)], [.. Enumerable.Repeat(2f, 4)], Values("dense1/weights"), Values("dense1/biases"),
        ];
        NpzFile.Write(
            folder["keras.npz"],
            numbers.Select((array, i) => new KeyValuePair<string, NumericArray>($"arr_{i}", NumericArray.Of<float>(array, shapes[i]))));

        IReadOnlyDictionary<string, NumericArray> theirs = NpzFile.Read(folder["keras.npz"]);
        Model<float> model = Network.Build<float>(new(6, 4, 3), seed: 0);
        string[] order =
        [
            "convolution2d1/weights", "convolution2d1/biases", "batchnorm1/scale", "batchnorm1/shift", "batchnorm1/mean",
            "batchnorm1/variance", "dense1/weights", "dense1/biases",
        ];
        for (int i = 0; i < order.Length; i++)
            theirs[$"arr_{i}"].CopyTo(ValueOf(model, order[i]).AsSpan());

        ValueOf(origin, "batchnorm1/mean").AsSpan().Fill(0.25f);
        ValueOf(origin, "batchnorm1/variance").AsSpan().Fill(2);
        Assert.Equal(origin.Sha256(), model.Sha256());

        float[] Values(string name) => ValueOf(origin, name).AsSpan().ToArray();
    }

    private static Model<float> OfPyTorch(IReadOnlyDictionary<string, NumericArray> theirs)
    {
        Model<float> model = Network.Build<float>(new(6, 4, 3), seed: 0);
        Take("convolution2d1/weights", theirs["conv.weight"].Transpose(2, 3, 1, 0));
        Take("convolution2d1/biases", theirs["conv.bias"]);
        Take("batchnorm1/scale", theirs["norm.weight"]);
        Take("batchnorm1/shift", theirs["norm.bias"]);
        Take("batchnorm1/mean", theirs["norm.running_mean"]);
        Take("batchnorm1/variance", theirs["norm.running_var"]);

        // PyTorch flattens planar images, [channels, height, width].
        Take("dense1/weights", theirs["head.weight"].Reshape(5, 4, 3, 2).Transpose(2, 3, 1, 0));
        Take("dense1/biases", theirs["head.bias"]);
        return model;

        void Take(string name, NumericArray array) => array.CopyTo(ValueOf(model, name).AsSpan());
    }

    private static IEnumerable<KeyValuePair<string, NumericArray>> ToPyTorch(Model<float> model)
    {
        return
        [
            new("conv.weight", Of("convolution2d1/weights", 3, 3, 3, 4).Transpose(3, 2, 0, 1)),
            new("conv.bias", Of("convolution2d1/biases", 4)),
            new("norm.weight", Of("batchnorm1/scale", 4)),
            new("norm.bias", Of("batchnorm1/shift", 4)),
            new("norm.running_mean", Of("batchnorm1/mean", 4)),
            new("norm.running_var", Of("batchnorm1/variance", 4)),
            new("head.weight", Of("dense1/weights", 3, 2, 4, 5).Transpose(3, 2, 0, 1).Reshape(5, 24)),
            new("head.bias", Of("dense1/biases", 5)),
        ];

        NumericArray Of(string name, params int[] shape) => NumericArray.Of<float>(ValueOf(model, name).AsSpan(), shape);
    }

    private static Matrix<float> ValueOf(Model<float> model, string name) =>
        model.Parameters.FirstOrDefault(parameter => parameter.Name == name)?.Value
        ?? model.Buffers.First(buffer => buffer.Name == name).Value;

    private static void CheckScores(Matrix<float> expected, Matrix<float> found)
    {
        float greatest = expected.AsSpan().ToArray().Max(Math.Abs);
        for (int i = 0; i < expected.Count; i++)
            Assert.InRange(Math.Abs(expected.AsSpan()[i] - found.AsSpan()[i]), 0, Tolerance * greatest);
    }

    private static int? Run(params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo("/usr/bin/python3", arguments)
            {
                RedirectStandardError = true,
                RedirectStandardOutput = true,
                Environment = { ["PYTHONDONTWRITEBYTECODE"] = "1" },
            })!;
            process.WaitForExit();
            return process.ExitCode;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
