// The smallest whole program: data, a network, a plan, training, a figure, a saved model that predicts.
using DeepLearn.Data;
using DeepLearn.Data.Synthetic;
using DeepLearn.Foundation;
using DeepLearn.Layers;
using DeepLearn.Models;
using DeepLearn.Models.Predictors;
using DeepLearn.Regularizers;
using DeepLearn.Reporting;
using DeepLearn.Schedules;
using DeepLearn.Training;

string folder = args.Length > 0 ? args[0] : ".";
DatasetCollection images = SyntheticImages.Create(seed: 1, trainingCount: 10_000, testCount: 1_000);

var network = new Sequential(new Dense(50), new Relu(), new Dense(10));
Model<float> model = network.Build<float>(images.Training.ExampleShape, seed: 1);
Console.WriteLine(model.Summary());

var plan = new TrainingPlan
{
    Schedule = new TriangularSchedule(minimum: 1e-5, maximum: 0.1, stepSize: 500),
    Length = TrainingLength.Cycles(2),
    Regularizer = new L2(0.01),
    Normalization = Normalization.PerFeature(images.Training),
    Evaluation = new() { Every = 100 },
};
using var workers = new WorkerPool(Environment.ProcessorCount);
using var trainer = new Trainer<float>(model, plan, images.Training, images.Test, workers);
TrainingResult result = trainer.Run();
Console.WriteLine($"accuracy {result.Curve[^1].Validation!.Accuracy:p1}");
LearningCurves.Of(result.Curve, plan.Schedule).Save(Path.Combine(folder, "curves.png"));

string path = Path.Combine(folder, "quick-start.safetensors");
model.Save(path);
Prediction prediction = Predictor.Load<float>(path).Predict(images.Test.Bytes(0).Span);
Console.WriteLine($"the first test image: class {prediction.ClassName}, {prediction.Probability:p1} sure");
