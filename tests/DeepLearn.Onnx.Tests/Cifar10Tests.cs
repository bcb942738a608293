using DeepLearn.Data;
using DeepLearn.Data.Cifar;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Models;
using DeepLearn.Models.Predictors;
using DeepLearn.Optimizers;
using DeepLearn.Schedules;
using DeepLearn.Tensors;
using DeepLearn.Training;
using Xunit;

namespace DeepLearn.Onnx.Tests;

/// <summary>Networks that were trained on CIFAR-10 are exported, run by ONNX Runtime alone on raw pixels, and imported again.</summary>
public class Cifar10Tests
{
    public static TheoryData<string> Networks => ["two layers", "residual"];

    [Theory]
    [MemberData(nameof(Networks))]
    public void Network_of_Cifar10_is_run_by_OnnxRuntime_alone_and_imported_again(string name)
    {
        string? folder = Environment.GetEnvironmentVariable("DEEPLEARN_CIFAR10");
        if (string.IsNullOrEmpty(folder))
            Assert.Skip("CIFAR-10 is not there: DEEPLEARN_CIFAR10 does not name it.");
        DatasetCollection data = Cifar10Files.Load(folder);
        bool isSmall = name == "two layers";
        Dataset training = data.Training.Take(isSmall ? 10_000 : 3_000), test = data.Test.Take(500);
        Model<float> model = Train(isSmall, training);

        // On the pixels as they are: normalization and softmax are in the file.
        byte[] file = ExportTests.File(model, new() { InputName = "pixels" });
        var pixels = new Matrix<float>(test.Count, test.ExampleShape.Count);
        for (int i = 0; i < test.Count; i++)
        {
            for (int j = 0; j < pixels.Columns; j++)
                pixels[i, j] = test.Bytes(i).Span[j];
        }
        using var runtime = new Runtime(file);
        float[] found = runtime.Run(pixels);
        var expected = new Matrix<float>(test.Count, 10);
        new Predictor<float>(model).Predict(test, expected.View);
        Assert.InRange(Runtime.Difference(expected.AsSpan(), found), 0, 1e-5);
        int right = Enumerable.Range(0, test.Count)
            .Count(i => Array.IndexOf(found, found[(10 * i)..(10 * (i + 1))].Max(), 10 * i) - (10 * i) == test.Labels[i]);
        Assert.InRange(right, test.Count * (isSmall ? 0.35 : 0.25), test.Count);

        OnnxImport<float> import = RoundTripTests.Load(file);
        Assert.Equal(model.Network, import.Model.Network);
        Assert.Equal(model.Sha256(), import.Model.Sha256());
        Assert.Equal(model.Card, import.Model.Card);
        Assert.Equal("airplane", import.Model.Card.ClassNames[0]);
        var again = new Matrix<float>(test.Count, 10);
        new Predictor<float>(import.Model).Predict(test, again.View);
        Assert.Equal(expected.AsSpan(), again.AsSpan());
    }

    private static Model<float> Train(bool isSmall, Dataset training)
    {
        Layer block = new Residual(new Sequential(
            new Convolution2D(16, 3) { Padding = 1, HasBiases = false }, new BatchNorm(), new Relu(),
            new Convolution2D(16, 3) { Padding = 1, HasBiases = false }, new BatchNorm()));
        var network = isSmall
            ? new Sequential(new Dense(50), new Relu(), new Dense(10))
            : new Sequential(
                new Convolution2D(16, 3) { Stride = 2, Padding = 1 }, new Relu(), block, new Relu(),
                new MaxPool(2), block, new Relu(), new GlobalAveragePool(), new Dense(10));
        Model<float> model = network.Build<float>(training.ExampleShape, seed: 1);
        var plan = new TrainingPlan
        {
            Schedule = isSmall ? new TriangularSchedule(minimum: 1e-5, maximum: 1e-1, stepSize: 500) : 0.01,
            Length = isSmall ? TrainingLength.Cycles(1) : TrainingLength.Steps(150),
            BatchSize = isSmall ? 100 : 50,
            Optimizer = isSmall ? new Sgd() : new Adam(),
            Normalization = isSmall ? Normalization.PerFeature(training) : Normalization.PerChannel(training),
        };
        using var trainer = new Trainer<float>(model, plan, training);
        trainer.Run();
        return model;
    }
}
