using System.Globalization;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
DatasetCollection images = SyntheticImages.Create(seed: 1, trainingCount: 600, testCount: 200);
var network = new Sequential(new Dense(20), new Relu(), new Dense(10));
Model<float> model = network.Build<float>(images.Training.ExampleShape, seed: 1);
var plan = new TrainingPlan
{
    Schedule = new TriangularSchedule(minimum: 1e-4, maximum: 1e-1, stepSize: 12),
    Length = TrainingLength.Cycles(2),
    BatchSize = 50,
    Regularizer = new L2(0.001),
    Normalization = Normalization.PerFeature(images.Training),
};
using var workers = new WorkerPool(2);
using var trainer = new Trainer<float>(model, plan, images.Training, images.Test, workers);
TrainingResult result = trainer.Run();
Console.WriteLine($"accuracy {result.Curve[^1].Validation!.Accuracy:p1}, weights {model.Sha256()}");
if (args is [var path])
{
    model.Save(path);
    foreach (Prediction prediction in new Predictor<float>(model).Predict(images.Test))
        Console.WriteLine($"{prediction.Label} {prediction.Probability:R}");
}
