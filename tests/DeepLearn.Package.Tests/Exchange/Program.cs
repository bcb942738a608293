using System.Globalization;
using DeepLearn.Onnx;

// out FOLDER: trains a network on CIFAR-10, or on images that are made up where DEEPLEARN_CIFAR10 names no folder, and leaves it there as
// ONNX, with raw pixels and the probabilities that belong to them. in FOLDER: loads the file and trains the network on. predict FOLDER:
// loads and predicts alone.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
string folder = args[1], network = Path.Combine(folder, "network.onnx"), stated = Path.Combine(folder, "probabilities.txt");
string? cifar = Environment.GetEnvironmentVariable("DEEPLEARN_CIFAR10");
DatasetCollection images = string.IsNullOrEmpty(cifar)
    ? SyntheticImages.Create(seed: 1, trainingCount: 600, testCount: 100)
    : Cifar10Files.Load(cifar);
Dataset training = images.Training.Take(600), test = images.Test.Take(100);
var plan = new TrainingPlan
{
    Schedule = 0.01,
    Length = TrainingLength.Epochs(2),
    BatchSize = 50,
    Optimizer = new Adam(),
    Normalization = Normalization.PerChannel(training),
};
if (args[0] == "out")
{
    Model<float> model = new Sequential(
        new Convolution2D(16, 3) { Stride = 2, Padding = 1, HasBiases = false }, new BatchNorm(), new Relu(),
        new Residual(new Convolution2D(16, 3) { Padding = 1 }), new Relu(), new MaxPool(2),
        new Flatten(), new Dense(50), new Relu(), new Dense(10))
        .Build<float>(training.ExampleShape, seed: 1);
    using (var trainer = new Trainer<float>(model, plan, training))
        trainer.Run();
    model.SaveOnnx(network, new() { InputName = "pixels" });
    IEnumerable<string> pixels = Enumerable.Range(0, test.Count).Select(i => string.Join(' ', test.Bytes(i).ToArray()));
    File.WriteAllLines(Path.Combine(folder, "pixels.txt"), pixels);
    File.WriteAllLines(stated, Lines(new Predictor<float>(model)));
    return;
}

OnnxImport<float> import = OnnxModel.Load<float>(network);
bool isSame = Lines(new Predictor<float>(import.Model)).SequenceEqual(File.ReadAllLines(stated));
Console.WriteLine($"another process predicts the same digits: {isSame}");
if (args[0] == "in")
{
    double before = LossOf(import.Model);
    using (var trainer = new Trainer<float>(import.Model, plan with { Schedule = 0.001 }, training))
        trainer.Run();
    Console.WriteLine($"trained on, the loss fell: {LossOf(import.Model) < before}");
}

IEnumerable<string> Lines(Predictor<float> predictor) =>
    predictor.Predict(test).Select(prediction => string.Join(' ', prediction.Probabilities.Select(number => $"{number:R}")));

double LossOf(Model<float> model)
{
    IReadOnlyList<Prediction> predictions = new Predictor<float>(model).Predict(training);
    return -predictions.Select((prediction, i) => Math.Log(prediction.Probabilities[training.Labels[i]])).Average();
}
