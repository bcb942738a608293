using DeepLearn.Data;
using DeepLearn.Data.Cifar;
using DeepLearn.Data.Synthetic;
using DeepLearn.Foundation;
using DeepLearn.Images;
using DeepLearn.Layers;
using DeepLearn.Models;
using DeepLearn.Models.Predictors;
using DeepLearn.Optimizers;
using DeepLearn.Schedules;
using DeepLearn.Training;

namespace DeepLearn.Samples.ServePredictions;

/// <summary>
/// A small convolutional network on CIFAR-10 where it is there (<c>DEEPLEARN_CIFAR10</c>), else a dense one on generated images.
/// </summary>
internal static class ImageModel
{
    /// <summary>The text of the card that says how a file of an image becomes an example.</summary>
    public const string Preparation = "preparation";

    /// <summary>The images, of which the test set has examples for the page.</summary>
    public static DatasetCollection Data { get; } =
        Environment.GetEnvironmentVariable("DEEPLEARN_CIFAR10") is { Length: > 0 } path && Directory.Exists(path)
            ? Cifar10Files.Load(path)
            : SyntheticImages.Create(seed: 1, trainingCount: 10_000, testCount: 1_000);

    public static Model<float> Train(TrainingCallback<float> callback, CancellationToken cancellationToken)
    {
        Dataset training = Data.Training.Take(Math.Min(10_000, Data.Training.Count)), test = Data.Test.Take(1_000);
        bool isGenerated = Data.Name == "synthetic";
        var network = isGenerated
            ? new Sequential(new Dense(50), new Relu(), new Dense(10))
            : new Sequential(
                new Convolution2D(16, 3) { Padding = 1 }, new Relu(), new MaxPool(2),
                new Convolution2D(32, 3) { Padding = 1 }, new Relu(), new MaxPool(2),
                new Convolution2D(32, 3) { Padding = 1 }, new Relu(), new MaxPool(2),
                new Dense(10));
        Model<float> model = network.Build<float>(training.ExampleShape, seed: 1);
        var plan = new TrainingPlan
        {
            Schedule = isGenerated
                ? new TriangularSchedule(minimum: 1e-5, maximum: 1e-1, stepSize: 500)
                : new OneCycleSchedule(maximum: 4e-3, totalSteps: 400),
            Length = isGenerated ? TrainingLength.Cycles(2) : TrainingLength.Steps(400),
            Optimizer = isGenerated ? new Sgd() : new Adam(),
            Normalization = isGenerated ? Normalization.PerFeature(training) : Normalization.PerChannel(training),
            Evaluation = new() { Every = 200 },
        };
        using var workers = new WorkerPool(Environment.ProcessorCount);
        using var trainer = new Trainer<float>(model, plan, training, test, workers);
        trainer.Callbacks.Add(callback);
        trainer.Run(cancellationToken: cancellationToken);
        model.Card = new Predictor<float>(model, workers: workers).Calibrated(test).Card with
        {
            Texts = [new(Preparation, new ImagePreparation(32, 32).ToJson())],
        };
        return model;
    }
}
